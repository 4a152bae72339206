"""Times as people say them. Pure: both instants come in as aware times of the reader's zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
YEAR = timedelta(days=365)


PIECES = {
    "H": "{0.hour:02}",
    "i": "{0.minute:02}",
    "j": "{0.day}",
    "d": "{0.day:02}",
    "n": "{0.month}",
    "m": "{0.month:02}",
    "Y": "{0.year}",
    "l": "{1}",
    "F": "{2}",
    "M": "{3}",
}
"""What letters of Django's date formats stand for: moment, weekday, month, short month."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a language writes times. Patterns are for `str.format`; weekdays begin on Monday."""

    clock: Callable[[datetime], str]
    this_year: Callable[[datetime], str]
    other_year: Callable[[datetime], str]
    exact: Callable[[datetime], str]
    weekday: Callable[[datetime], str]
    point: str
    named: str
    days: dict[int, str]


def manner() -> Manner:
    """How the language in use writes times, looked up once: a page may show a thousand."""
    return _manner(get_language())


@lru_cache(maxsize=16)
def _manner(language: str | None) -> Manner:
    return Manner(
        clock=writer(pgettext("time of day, Django format", "H:i")),
        this_year=writer(pgettext("day of this year, Django format", "j M")),
        other_year=writer(pgettext("day of another year, Django format", "j M Y")),
        exact=writer(pgettext("exact instant, Django format", "l j F Y, H:i")),
        weekday=writer("l"),
        point=_("%(day)s %(clock)s"),
        named=_("%(weekday)s %(date)s"),
        days={-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")},
    )


def writer(pattern: str) -> Callable[[datetime], str]:
    """What writes instants in a Django date format as `date_format` does, in the language in use.

    A tenth of the cost for letters among `PIECES`.
    """
    letters = {letter for letter in pattern if letter.isalpha()}
    if not letters <= set(PIECES) or set(pattern) & set("\\{}"):
        return lambda moment: date_format(moment, pattern)
    write = "".join(PIECES.get(letter, letter) for letter in pattern).format
    weekdays = [str(WEEKDAYS[number]) for number in range(7)]
    months, short = ([str(names[n]) for n in range(1, 13)] for names in (MONTHS, MONTHS_3))
    titled = [name.title() for name in short]

    def written(moment: datetime) -> str:
        month = moment.month - 1
        return write(moment, weekdays[moment.weekday()], months[month], titled[month])

    return written


def clock(moment: datetime) -> str:
    """The time of day, "17:00"."""
    return manner().clock(moment)


def day(moment: datetime, now: datetime) -> str:
    """The day without its time: "today", "yesterday", the last six by name, else "3 Nov".

    A day to come has its date beside its name, so that nobody takes it for one that has passed.
    """
    return _day(manner(), moment, now)


def _day(how: Manner, moment: datetime, now: datetime) -> str:
    distance = moment.toordinal() - now.toordinal()
    if distance in how.days:
        return how.days[distance]
    if -7 < distance < 0:
        return how.weekday(moment)
    date = how.this_year(moment) if moment.year == now.year else how.other_year(moment)
    return how.named % {"weekday": how.weekday(moment), "date": date} if 0 < distance < 7 else date


def point(moment: datetime, now: datetime) -> str:
    """Day and time: "tomorrow 17:00", "Tuesday 1 Dec 09:12" (to come), "3 Nov 2025 17:00"."""
    how = manner()
    return how.point % {"day": _day(how, moment, now), "clock": how.clock(moment)}


UNITS: tuple[tuple[timedelta, Callable[[int], str]], ...] = (
    (YEAR, lambda n: ngettext("%d year", "%d years", n)),
    (MONTH, lambda n: ngettext("%d month", "%d months", n)),
    (WEEK, lambda n: ngettext("%d week", "%d weeks", n)),
    (DAY, lambda n: ngettext("%d day", "%d days", n)),
    (HOUR, lambda n: ngettext("%d hour", "%d hours", n)),
    (MINUTE, lambda n: ngettext("%d minute", "%d minutes", n)),
)


def span(length: timedelta) -> str:
    """A stretch in its largest unit, rounded down: "12 minutes", "3 days"; at least a minute."""
    length = max(length, MINUTE)
    unit, words = next(pair for pair in UNITS if length >= pair[0])
    count = length // unit
    return words(count) % count


def short_span(length: timedelta) -> str:
    """The same where there is little room: "3 d", "2 h", "5 min"."""
    if length >= DAY:
        return pgettext("days, abbreviated", "%d d") % (length // DAY)
    if length >= HOUR:
        return pgettext("hours, abbreviated", "%d h") % (length // HOUR)
    return pgettext("minutes, abbreviated", "%d min") % max(length // MINUTE, 0)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago within a day ("12 minutes ago"), else the point ("yesterday 09:12")."""
    passed = now - moment
    if passed >= DAY or passed < -MINUTE:
        return point(moment, now)
    if passed >= HOUR:
        hours = passed // HOUR
        return ngettext("%d hour ago", "%d hours ago", hours) % hours
    minutes = passed // MINUTE
    if minutes < 1:
        return _("just now")
    return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes


def due(moment: datetime, now: datetime) -> str:
    """What is to come as a point, what has passed as a delay: "due today 17:00", "3 days late"."""
    if moment >= now:
        return _("due %(when)s") % {"when": point(moment, now)}
    return late_pattern() % {"span": span(now - moment)}


def late_pattern() -> str:
    """The sentence for a delay, with a place for the span."""
    return _("%(span)s late")


def exact(moment: datetime) -> str:
    """The instant in full with its zone: "Tuesday 3 November 2026, 17:00 CET"."""
    return f"{manner().exact(moment)} {moment.tzname() or ''}".rstrip()
