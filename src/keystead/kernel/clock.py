"""Small helpers about time. Everything here is aware UTC unless it says a zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

LONGEST_LOAN = timedelta(days=366)


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone this machine knows (IANA name such as Europe/Vienna)."""
    return name in available_timezones()


def local_to_utc(naive: datetime, zone: str) -> datetime:
    """A wall-clock time at a site as aware UTC.

    A time that does not exist (clocks go forward) moves to the end of the gap; a time that
    exists twice means its first occurrence.
    """
    tz = ZoneInfo(zone)
    there = naive.replace(tzinfo=tz, fold=0)
    back = there.astimezone(UTC).astimezone(tz).replace(tzinfo=None)
    if back != naive:
        gap = there.replace(fold=0).utcoffset(), there.replace(fold=1).utcoffset()
        before, after = gap[0] or timedelta(), gap[1] or timedelta()
        start = naive - (naive - naive.replace(minute=0, second=0, microsecond=0))
        there = (start + abs(after - before)).replace(tzinfo=tz)
    return there.astimezone(UTC)


def end_of_day(at: datetime, zone: str) -> datetime:
    """When the day that `at` (aware) falls on at a site is over there, as aware UTC."""
    tomorrow = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return local_to_utc(datetime.combine(tomorrow, time()), zone)
