"""Times as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.formats import date_format

from keystead.web.templatetags import time_words

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=BERLIN)  # a Wednesday


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2026, 11, 25, 17, 0), "today 17:00"),
        (at(2026, 11, 26, 0, 0), "tomorrow 00:00"),
        (at(2026, 11, 24, 23, 59), "yesterday 23:59"),
        (at(2026, 11, 19, 9, 12), "Thursday 09:12"),
        (at(2026, 12, 1, 9, 12), "Tuesday 1 Dec 09:12"),
        (at(2026, 12, 2, 9, 12), "2 Dec 09:12"),
        (at(2025, 11, 25, 9, 12), "25 Nov 2025 09:12"),
    ],
)
def test_a_point_is_said_by_its_nearest_name(moment: datetime, words: str) -> None:
    assert time_words.point(moment, NOW) == words


def test_a_day_to_come_is_never_taken_for_one_that_has_passed() -> None:
    """Monday two days ago, and Monday in five days."""
    assert time_words.point(at(2026, 11, 23, 8, 47), NOW) == "Monday 08:47"
    assert time_words.due(at(2026, 11, 30, 9, 0), NOW) == "due Monday 30 Nov 09:00"


def test_the_day_is_the_readers_not_the_servers() -> None:
    late_evening = datetime(2026, 11, 25, 23, 30, tzinfo=ZoneInfo("UTC")).astimezone(BERLIN)
    assert time_words.point(late_evening, NOW) == "tomorrow 00:30"


@pytest.mark.parametrize(
    ("length", "words", "short"),
    [
        (timedelta(seconds=5), "1 minute", "0 min"),
        (timedelta(minutes=59, seconds=59), "59 minutes", "59 min"),
        (timedelta(hours=1), "1 hour", "1 h"),
        (timedelta(days=3, hours=23), "3 days", "3 d"),
        (timedelta(days=15), "2 weeks", "15 d"),
        (timedelta(days=64), "2 months", "64 d"),
        (timedelta(days=800), "2 years", "800 d"),
    ],
)
def test_a_span_is_rounded_down_to_its_largest_unit(
    length: timedelta, words: str, short: str
) -> None:
    assert time_words.span(length) == words
    assert time_words.short_span(length) == short


def test_what_is_due_turns_late_the_moment_after() -> None:
    assert time_words.due(NOW, NOW) == "due today 12:00"
    assert time_words.due(NOW - timedelta(minutes=1), NOW) == "1 minute late"
    assert time_words.due(NOW - timedelta(days=3), NOW) == "3 days late"


def test_ago_is_for_a_day_then_the_point_is_said() -> None:
    assert time_words.ago(NOW - timedelta(seconds=20), NOW) == "just now"
    assert time_words.ago(NOW - timedelta(minutes=12), NOW) == "12 minutes ago"
    assert time_words.ago(NOW - timedelta(hours=23), NOW) == "23 hours ago"
    assert time_words.ago(NOW - timedelta(days=1), NOW) == "yesterday 12:00"


def test_a_moment_still_to_come_is_never_ago() -> None:
    assert time_words.ago(NOW + timedelta(hours=2), NOW) == "today 14:00"


def test_the_exact_instant_names_its_zone_across_a_change_of_clocks() -> None:
    assert time_words.exact(at(2026, 11, 25, 17, 0)) == "Wednesday 25 November 2026, 17:00 CET"
    assert time_words.exact(at(2026, 7, 1, 17, 0)) == "Wednesday 1 July 2026, 17:00 CEST"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("pattern", ["l j F Y, H:i", "j M", "d.m.Y H:i", "n/j", "P", r"j \\d\\e F"])
def test_instants_are_written_as_djangos_date_formats_say(language: str, pattern: str) -> None:
    moments = [NOW + timedelta(days=29 * n, hours=5 * n, minutes=7 * n) for n in range(14)]
    with translation.override(language):
        write = time_words.writer(pattern)
        assert [write(m) for m in moments] == [date_format(m, pattern) for m in moments]


def test_each_language_keeps_its_own_names() -> None:
    with translation.override("de"):
        german = time_words.exact(NOW)
    with translation.override("en"):
        assert time_words.exact(NOW) == "Wednesday 25 November 2026, 12:00 CET"
    assert german.startswith("Mittwoch")
