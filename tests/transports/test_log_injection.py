"""Text that pretends to be something else comes out escaped and bounded, wherever it comes out."""

import io
import json
import logging

import pytest
from django.urls import reverse

from keystead.custody import operations as custody
from keystead.journal import exporting
from keystead.journal import queries as journal
from keystead.kernel.errors import Invalid
from keystead.places import operations as places
from keystead.web.masking import LONGEST_MESSAGE, OneLine, escaped
from keystead.web.templatetags.keystead_ui import LONGEST_SHOWN, visible
from tests.cast import ANA, World
from tests.support.browsing import Browser

pytestmark = pytest.mark.db

EVIL = (
    "a\r\n2026-01-01 00:00:00 INFO root: signed in \x1b[31m\x1b]0;owned\x07\x9b2J "
    "\u202egnp.exe\u2066x\u2069 \x08\x08 end"
)
HARMFUL = ("\x1b", "\x07", "\x9b", "\x08", "\u202e", "\u2066")


@pytest.fixture
def noted(world: World) -> World:
    """A journal with a remark that tries everything, and one of a hundred thousand letters."""
    custody.report_missing(world.ana, copy_ids=[world.copy], note=EVIL)
    custody.report_missing(world.ana, copy_ids=[world.other_copy], note="x" * 100_000)
    return world


@pytest.mark.parametrize("letter", ["\r\n", "\x1b[31m", "\u202e", "\u2066", "\x00", "\x07", "\x7f"])
def test_names_are_single_lines_of_text(world: World, letter: str) -> None:
    before = journal.seal(world.ana)
    with pytest.raises(Invalid):
        places.add_site(world.ana, name=f"Annexe{letter}x")
    with pytest.raises(Invalid):
        places.add_site(world.ana, name="x" * 100_000)
    assert journal.seal(world.ana) == before


def test_the_page_of_the_journal_shows_no_hidden_letters(noted: World) -> None:
    body = Browser(ANA).get(reverse("journal", kwargs={"slug": noted.slug})).body
    for letter in HARMFUL:
        assert letter not in body
    assert "gnp.exe" in body
    assert "x" * (LONGEST_SHOWN + 1) not in body
    for thing in (noted.copy, noted.other_copy):
        page = Browser(ANA).get(reverse("copy", kwargs={"slug": noted.slug, "copy_id": thing}))
        assert not any(letter in page.body for letter in HARMFUL)


def test_the_export_is_plain_ascii_and_one_line_an_entry(noted: World) -> None:
    lines = list(exporting.lines(noted.ana))
    assert len(lines) == journal.seal(noted.ana).sequence + 1
    for line in lines:
        assert line.isascii()
        assert line.count("\n") == 1
        assert line.removesuffix("\n").isprintable()
        json.loads(line)


def logged(message: str, *values: object, error: Exception | None = None) -> str:
    """What the log's own handler would write."""
    record = logging.LogRecord("x", logging.INFO, "p", 1, message, values, None)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))
    handler.emit(record)
    return stream.getvalue()


def test_a_message_of_the_log_is_one_printable_line() -> None:
    written = logged("not found: %s", EVIL)
    assert written.count("\n") == 1
    assert written.removesuffix("\n").isprintable()
    assert "\\r\\n2026-01-01" in written
    assert len(logged("%s", "x" * 100_000)) < LONGEST_MESSAGE + 100


def test_a_traceback_cannot_pose_as_lines_of_the_log() -> None:
    lines = logged("failed", error=ValueError(EVIL)).splitlines()
    assert lines[0] == "INFO x: failed"
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])


def test_the_log_of_keystead_is_written_that_way() -> None:
    from django.conf import settings

    assert "keystead.web.masking.OneLine" in str(settings.LOGGING["formatters"])


def test_joiners_and_line_ends_stay_where_they_belong() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert visible(f"two\nlines {family}") == f"two\nlines {family}"
    assert escaped("AA·3 für Zoë", 100) == "AA·3 für Zoë"
