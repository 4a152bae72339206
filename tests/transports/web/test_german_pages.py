"""Every page in German: no English left on it, and dates and numbers as German has them."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from keystead.people.models import Account
from tests.cast import ANA, World
from tests.transports.web.inventory import routes, things_of

pytestmark = [pytest.mark.db, pytest.mark.slow]

READ_OUT = {"aria-label", "title", "placeholder", "alt", "data-copied", "late"}
"""Attributes people read, hear, or are shown later by a page's scripts."""

SAID_LATER = {"data-twice", "data-long", "data-full"}

SILENT = {"script", "style", "code"}

NO_PAGES = {"export-copies", "import-problems", "journal-export", "take-out-file"}
NO_PAGES |= {"account_logout", "passkey-sign-in", "holders", "journal-checkpoint"}

ENGLISH_DATES = re.compile(
    r"\b(January|February|March|May|June|July|October|December|Oct|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|tomorrow|today|[ap]\.m\.)"
    r"(?!\w)"
)
ENGLISH_NUMBERS = re.compile(r"\b\d+\.\d+ ?(?:%|MB|kB|GB|s|h)\b|\b\d{1,3},\d{3}\b")

REGISTERED = (
    "AA",
    "AA·1",
    "AA·2",
    "Ana",
    "BB",
    "Bo",
    "Cabinet",
    "Dora",
    "Guest",
    "Hall",
    "Harbour House",
    "Locks and Sons",
    "Night ring",
    "Pad",
    "Script",
    "Store",
    "Store door",
    "Z1",
    "bent",
    "TAG-1",
    "ana@harbour.example",
    "keys.csv",
)
"""What the register and its file say themselves."""

THE_SAME = (
    "Code",
    "Codes",
    "Deutsch",
    "English",
    "Import",
    "Journal",
    "Keystead",
    "Name",
    "Passkeys",
    "Person",
    "Safe",
    "System",
    *("Copies", "Key"),  # the headings in keys.csv
    "Cabinet A",  # in an example nobody reads out
)
"""Words that German has as well, and names of languages, which are in their own."""

OWN = "|".join(re.escape(text) for text in REGISTERED + THE_SAME)
OF_NO_LANGUAGE = re.compile(
    rf"(?:[,·→“] ?|\d+ )*(?:{OWN})(?: · Harbour House · Keystead|”| → Store)?"
    r"|[A-Z]{2}|\d+ min|[0-9a-f]{16}…|[0-9a-f]{64}|ks_\w+…|not-found|invitation-gone|Europe/\w+"
)
"""Those, alone or as the name of a window or after a sign; initials, digests, reasons of errors."""


class Words(HTMLParser):
    """Every text of a page that reaches a person."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        super().__init__()
        self.found: set[str] = set()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what is read out of the attributes."""
        given = dict(attrs)
        self.silent += tag in SILENT or given.get("name") == "time_zone"
        for name in READ_OUT | SAID_LATER:
            self._take(given.get(name) or "")
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self._take(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        """Listen again after a part that is not read."""
        self.silent = max(0, self.silent - (tag in SILENT or tag == "select"))

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self.silent:
            self._take(data)

    def _take(self, text: str) -> None:
        words = " ".join(text.split())
        if re.search(r"[^\W\d_]{2}", words):
            self.found.add(words)


def words(browser: Client, path: str, language: str) -> set[str]:
    browser.cookies["django_language"] = language
    reader = Words()
    answer = browser.get(path)
    if answer.status_code in {301, 302}:
        return set()
    text = answer.content.decode()
    assert f'<html lang="{language}"' in text, path
    reader.feed(text)
    return reader.found


def pages(things: dict[str, Any]) -> list[str]:
    found = []
    for route in routes():
        if "GET" not in route.methods or route.name in NO_PAGES:
            continue
        if not set(route.arguments) <= set(things):
            continue
        found.append(route.url(things))
    return found


@pytest.fixture
def browser(world: World) -> Client:
    found = Client()
    found.force_login(Account.objects.get(email=ANA))
    return found


def test_no_page_in_german_has_english_texts_dates_or_numbers(
    world: World, browser: Client
) -> None:
    left, opened = {}, 0
    for path in pages(things_of(world.ana, world, world.bo_person)):
        german, english = words(browser, path, "de"), words(browser, path, "en")
        opened += bool(german)
        for text in german:
            as_in_english = text in english and not OF_NO_LANGUAGE.fullmatch(text)
            if as_in_english or ENGLISH_DATES.search(text) or ENGLISH_NUMBERS.search(text):
                left[text] = path
    assert left == {}
    assert opened > 90


def test_a_text_left_in_english_is_found(world: World, browser: Client) -> None:
    reader = Words()
    reader.feed('<p aria-label="Close">Seit Tuesday</p><code>not read</code><input value="x">')
    assert reader.found == {"Close", "Seit Tuesday"}
    assert not OF_NO_LANGUAGE.fullmatch("Close")
    assert ENGLISH_DATES.search("Seit Tuesday")
    assert ENGLISH_NUMBERS.search("1.5 MB")
    assert not ENGLISH_NUMBERS.search("24.11.2026, 17:00")
