"""Notices in words: what happened, to what, and when as the reader's language and zone say it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from keystead.notify import rules, saying
from keystead.notify.queries import NoticeView

AT = datetime(2026, 7, 24, 15, 0, tzinfo=UTC)
BO, ANA = 2, 1


def notice(kind: str, incident: str | None = None) -> NoticeView:
    return NoticeView(
        id=1,
        kind=kind,
        copy_id=1,
        copy_label="AB·3",
        incident_id=None,
        incident=incident,
        holder_id=BO,
        holder="Bo",
        due_at=AT,
        made_at=AT,
        read_at=None,
        over_at=None,
    )


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("en", "Europe/London", "AB·3 was due back from Bo on Friday 24 July 2026, 16:00."),
        ("de", "Europe/Vienna", "Freitag, 24. Juli 2026, 17:00"),
    ],
)
def test_times_are_those_of_the_readers_language_and_zone(
    language: str, zone: str, expected: str
) -> None:
    """Scenario 26, in mails and the inbox."""
    with translation.override(language):
        assert expected in saying.line(notice(rules.LATE), ANA, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("incident", "word"), [("stolen", "stolen"), ("lost", "lost"), ("unaccounted", "missing")]
)
def test_a_loss_is_called_what_it_was_reported_as(incident: str, word: str) -> None:
    with translation.override("en"):
        said = saying.line(notice(rules.LOST, incident), ANA, ZoneInfo("UTC"))
    assert said == f"AB·3 is reported as {word}. Bo had it last."
