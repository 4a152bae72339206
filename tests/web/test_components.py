"""Components as they come out: words for what is shown by shape, nothing the policy forbids."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from keystead.notify import rules
from keystead.web import notices
from keystead.web.templatetags import keystead_frame, keystead_ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src" / "keystead" / "web" / "templates"


def component(name: str, /, **values: Any) -> str:
    return render_to_string(f"components/{name}.html", values)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(autouse=True)
def berlin() -> Iterator[None]:
    with timezone.override("Europe/Berlin"):
        yield


def test_a_copy_says_its_mark_in_a_word() -> None:
    html = component("copy_chip", symbol="AA", number=3, mark="intended", url="/c/3")
    assert text_of(html) == "AA · 3 , intended, not confirmed"
    assert 'href="/c/3"' in html


def test_names_are_escaped() -> None:
    assert "<script>" not in component("person", name="<script>", firm="<b>")
    assert "<script>" not in component("copy_chip", symbol="<script>", number="<b>")


def test_an_erased_person_is_still_somebody() -> None:
    assert text_of(component("person", name="")) == "? erased person"


def test_a_copy_nobody_can_account_for_says_so() -> None:
    assert text_of(component("holder")) == "nobody knows"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana", "AN"), ("Bo de Vries", "BV"), ("cy.stranger@example.org", "CS"), ("", "?")],
)
def test_initials_come_from_the_first_and_last_word(name: str, letters: str) -> None:
    assert keystead_ui.initials(name) == letters


def test_the_balance_adds_up_and_fills_the_bar() -> None:
    balance = keystead_ui.balance_parts(4, 3, 1, 1, "/copies")
    assert balance.cut == 9
    assert sum(part.width for part in balance.parts) == pytest.approx(100)
    assert [part.url for part in balance.parts][2] == "/copies?state=lost"
    assert keystead_ui.balance_parts(0, 0, 0, 0).cut == 0


def test_a_time_has_its_exact_instant_for_those_who_do_not_hover() -> None:
    html = keystead_ui.when(datetime(2020, 7, 1, 15, 0, tzinfo=UTC))
    assert text_of(html) == "1 Jul 2020 17:00 (Wednesday 1 July 2020, 17:00 CEST)"
    assert keystead_ui.when(None) == ""


def test_what_is_late_is_marked_and_stays_fresh() -> None:
    html = keystead_ui.when(timezone.now() - timedelta(days=3), "due")
    assert 'late="{} late" class="is-late"' in html
    assert text_of(html).startswith("3 days late")


@dataclass
class Stay:
    state: str
    due_at: datetime | None = None


def test_a_stay_has_the_tone_of_what_is_worst_about_it() -> None:
    past = timezone.now() - timedelta(minutes=1)
    assert keystead_ui.tone(Stay("held", past)) == "late"
    assert keystead_ui.tone(Stay("missing", past)) == "missing"
    assert keystead_ui.tone(Stay("destroyed")) == "gone"
    assert keystead_ui.tone(Stay("held")) == keystead_ui.tone(Stay("stored")) == ""


def test_a_story_is_told_by_the_readers_days_and_owns_up_to_late_entries() -> None:
    line = {
        "who": "Ana",
        "what": "took back AA · 3",
        "at": datetime(2020, 7, 1, 22, 30, tzinfo=UTC),
        "channel": "web",
        "claimed_at": datetime(2020, 6, 30, 10, 0, tzinfo=UTC),
        "remark": "Bow bent.",
        "sequence": 4211,
    }
    told = text_of(component("story", lines=[line]))
    assert told.startswith("2 Jul 2020 ")
    assert "00:30" in told
    assert "Ana took back AA · 3." in told
    assert "entered later, said to be 30 Jun 2020 12:00" in told


def test_a_form_sent_twice_has_one_key_and_two_forms_have_two() -> None:
    assert keystead_ui.once() != keystead_ui.once()


def test_an_unknown_theme_in_the_cookie_is_no_theme(rf: Any) -> None:
    request = rf.get("/")
    request.COOKIES["theme"] = '"><script>'
    assert keystead_frame.theme(Context({"request": request})) == ""
    request.COOKIES["theme"] = "dark"
    assert keystead_frame.theme(Context({"request": request})) == "dark"


def test_a_page_without_any_context_still_renders() -> None:
    assert "Keystead" in get_template("bare.html").render({})


def test_every_icon_that_python_names_is_in_the_sprites_list() -> None:
    listed = set(json.loads((ROOT / "frontend" / "icons.json").read_text()))
    named = set(keystead_ui.ICONS.values())
    named |= {item.icon for item in (*keystead_frame.RAIL, *keystead_frame.PHONE)}
    named |= set(notices.ICONS.values())
    assert named == listed
    assert set(notices.ICONS) == set(rules.KINDS)


def test_no_template_has_inline_style_or_script_or_another_host() -> None:
    forbidden = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|https?://")
    pages = TEMPLATES.rglob("*.html")
    assert [page.name for page in pages if forbidden.search(page.read_text())] == []
