"""Times as people say them. Pure: both instants come in as aware times of the reader's zone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
YEAR = timedelta(days=365)


def clock(moment: datetime) -> str:
    """The time of day, "17:00"."""
    return date_format(moment, pgettext("time of day, Django format", "H:i"))


def day(moment: datetime, now: datetime) -> str:
    """The day without its time: "today", "yesterday", "Tuesday" within six days, else "3 Nov"."""
    distance = (moment.date() - now.date()).days
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if distance in named:
        return named[distance]
    if abs(distance) < 7:
        return date_format(moment, "l")
    if moment.year == now.year:
        return date_format(moment, pgettext("day of this year, Django format", "j M"))
    return date_format(moment, pgettext("day of another year, Django format", "j M Y"))


def point(moment: datetime, now: datetime) -> str:
    """Day and time: "tomorrow 17:00", "Tuesday 09:12", "3 Nov 2025 17:00"."""
    return _("%(day)s %(clock)s") % {"day": day(moment, now), "clock": clock(moment)}


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
    written = date_format(moment, pgettext("exact instant, Django format", "l j F Y, H:i"))
    return f"{written} {moment.tzname() or ''}".rstrip()
