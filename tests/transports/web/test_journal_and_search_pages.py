"""The journal and the one search field in the browser."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.journal import queries as journal
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.web import journal as journal_pages
from tests.cast import ANA, BO, World
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


@pytest.fixture
def ana(world: World) -> Browser:
    return Browser(ANA)


def at(world: World, name: str, **ids: int) -> str:
    return reverse(name, kwargs={"slug": world.slug, **ids})


# --- journal --------------------------------------------------------------------------------


def test_the_journal_is_sealed_and_tells_in_sentences(world: World, ana: Browser) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana.get(at(world, "journal"))
    assert page.heading == f"Sealed up to entry {journal.seal(world.ana).sequence}"
    assert "handed out AA·1 to Bo" in page.text


def test_a_late_entry_is_marked(world: World, ana: Browser) -> None:
    code = hardware.record_code_on(world.ana, name="Pad", access_point_id=world.door)
    before = now() - timedelta(days=3)
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person, occurred_at=before)
    assert "entered later, said to be" in ana.get(at(world, "journal")).text


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("subject=incidents", "reported AA·1 as lost", "added the site"),
        ("subject=places", "added the site", "reported AA·1"),
        ("subject=movements", "put AA·2 into", "added the site"),
        ("channel=api", "Nothing like that has happened", "added the site"),
        ("person=999", "Nothing like that has happened", "added the site"),
    ],
)
def test_the_journal_is_narrowed_by_its_address(
    world: World, ana: Browser, query: str, there: str, not_there: str
) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    page = ana.get(f"{at(world, 'journal')}?{query}")
    assert there in page.text
    assert not_there not in page.text


def test_days_are_days_at_the_workspace(world: World, ana: Browser) -> None:
    today = date.today()
    base = at(world, "journal")
    assert "added the site" in ana.get(f"{base}?since={today - timedelta(days=1)}").text
    assert "added the site" not in ana.get(f"{base}?until={today - timedelta(days=2)}").text
    assert ana.get(f"{base}?since=yesterday&until=2026-13-45").status == 200


def test_the_story_of_one_thing_can_be_narrowed_further(world: World, ana: Browser) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    base = f"{at(world, 'journal')}?about=copy-{world.copy}"
    page = ana.get(base)
    assert "handed out AA·1" in page.text
    assert "AA·2" not in page.text
    page = ana.get(f"{base}&subject=keys")
    assert "recorded the copy AA·1" in page.text
    assert "handed out" not in page.text


@pytest.mark.parametrize("about", ["copy-", "copy-x", "nothing-1", "copy-" + "9" * 40, "-", "%00"])
def test_nonsense_about_a_thing_is_left_aside(world: World, ana: Browser, about: str) -> None:
    assert "added the site" in ana.get(f"{at(world, 'journal')}?about={about}").text


def test_pages_of_the_journal_lead_back_and_forth(
    world: World, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_pages, "ON_A_PAGE", 5)
    last = journal.seal(world.ana).sequence
    first = ana.get(at(world, "journal"))
    assert f"{last - 4}–{last}" in first.text
    assert 'rel="prev"' not in first.body
    older = ana.get(f"{at(world, 'journal')}?before={last - 4}")
    assert f"{last - 9}–{last - 5}" in older.text
    assert f"after={last - 5}" in older.body
    newer = ana.get(f"{at(world, 'journal')}?after={last - 5}")
    assert f"{last - 4}–{last}" in newer.text
    assert 'rel="prev"' not in newer.body


def test_the_filters_stay_while_turning_pages(
    world: World, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_pages, "ON_A_PAGE", 2)
    page = ana.get(f"{at(world, 'journal')}?subject=keys&channel=web")
    assert "subject=keys&amp;channel=web&amp;before=" in page.body


def test_checking_every_entry_says_that_they_hold(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "journal"), at(world, "journal-verify"))
    count = journal.seal(world.ana).sequence
    assert f"All {count} entries hold" in page.text


def test_a_tampered_entry_is_named(world: World, ana: Browser) -> None:
    forget = "UPDATE journal_head SET sequence = sequence - 1 WHERE workspace_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(forget, [world.workspace])
    page = ana.fill(at(world, "journal"), at(world, "journal-verify"))
    assert "does not hold" in page.text
    assert "Copy this database before anything else" in page.text


def test_a_remark_in_the_journal_is_never_markup(world: World, ana: Browser) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in ana.get(at(world, "journal")).body


# --- search ---------------------------------------------------------------------------------


def test_the_empty_search_page_says_what_to_type(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "search"))
    assert page.heading == "What are you looking for?"
    assert "ben out" in page.text


def test_everything_is_found_by_its_name(world: World, ana: Browser) -> None:
    keys.add_ring(world.ana, name="Store ring")
    people.add_firm(world.ana, name="Store & Sons")
    hardware.record_code_on(world.ana, name="Store pad", access_point_id=world.door)
    page = ana.get(at(world, "search") + "?q=store")
    for words in ("Keys", "Rings", "Firms", "Doors and the like", "Places", "Codes"):
        assert words in page.text
    assert at(world, "space", space_id=world.store) in page.body


def test_as_one_types_only_the_results_are_sent(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "search") + "?q=AA1", **{"HX-Request": "true"})
    assert "<html" not in page.body
    assert 'role="option"' in page.body
    assert at(world, "copy", copy_id=world.copy) in page.body


def test_a_tag_leads_straight_to_what_wears_it(world: World, ana: Browser) -> None:
    keys.attach_tag(world.ana, text="TAG-0815", kind="copy", thing_id=world.copy)
    keys.attach_tag(world.ana, text="DOOR-12", kind="access_point", thing_id=world.door)
    page = ana.get(at(world, "search") + "?q=tag-0815")
    assert page.url == at(world, "copy", copy_id=world.copy)
    page = ana.get(at(world, "search") + "?q=DOOR-12")
    assert page.url == at(world, "access-point", access_point_id=world.door)


@pytest.mark.parametrize("typed", ["AA·1", "aa-1", "AA 1", "aa1"])
def test_a_label_leads_straight_to_its_copy(world: World, ana: Browser, typed: str) -> None:
    page = ana.get(at(world, "search") + f"?q={typed}")
    assert page.url == at(world, "copy", copy_id=world.copy)


@pytest.mark.parametrize(
    ("typed", "name", "query"),
    [
        ("out", "out", ""),
        ("late", "out", "?show=late"),
        ("lost", "incidents", ""),
        ("journal", "journal", ""),
        ("members", "members", ""),
    ],
)
def test_words_lead_to_lists(world: World, ana: Browser, typed: str, name: str, query: str) -> None:
    assert ana.get(at(world, "search") + f"?q={typed}").url == at(world, name) + query


def test_a_person_and_out_leads_to_what_they_have(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "search") + "?q=Bo+out")
    assert "Bo: what is out" in page.text
    assert at(world, "out") + "?q=bo" in page.body


def test_the_beginning_of_a_word_offers_the_list(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "search") + "?q=inc", **{"HX-Request": "true"})
    assert "Nothing is called" in page.body
    page = ana.get(at(world, "search") + "?q=los", **{"HX-Request": "true"})
    assert at(world, "incidents") in page.body


def test_nothing_found_says_the_word_back_as_text(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "search") + "?q=%3Cscript%3Ezzz")
    assert page.heading == "Nothing is called “<script>zzz”"
    assert "<script>zzz" not in page.body


def test_a_long_or_odd_text_finds_nothing_and_breaks_nothing(world: World, ana: Browser) -> None:
    for text in ("x" * 5_000, "%00", "%25%25", "%F0%9F%97%9D", "1" * 60, "AA " + "9" * 40):
        assert ana.get(at(world, "search") + f"?q={text}").status == 200


def test_who_sees_only_their_own_cannot_search(world: World) -> None:
    assert Browser(BO).get(at(world, "search") + "?q=AA").status == 403
