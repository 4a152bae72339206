"""Which days people work and when they are away. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

CLOSED = frozenset(
    {(1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 24), (12, 25), (12, 26)}
)
"""Public holidays in Vienna that have a fixed date, as (month, day)."""

AWAY = (((8, 2), (8, 16)), ((12, 23), (12, 31)), ((5, 25), (5, 31)))
"""When everybody is on holiday: from (month, day) to (month, day), both included."""


def is_away(day: date) -> bool:
    """Whether that day lies in a holiday."""
    return any(start <= (day.month, day.day) <= end for start, end in AWAY)


def is_workday(day: date) -> bool:
    """Whether an office works that day."""
    closed = (day.month, day.day) in CLOSED or (day.month == 12 and day.day > 23)
    return day.weekday() < 5 and not closed


def workday_before(day: date) -> date:
    """The last working day before a day."""
    day -= timedelta(days=1)
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def workday_from(day: date) -> date:
    """The day itself, or the next working day."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def weekly(days: Iterable[date], weekday: int) -> list[date]:
    """The days that fall on a weekday (Monday is 0)."""
    return [day for day in days if day.weekday() == weekday]


def holidays(days: Iterable[date]) -> list[tuple[date, date]]:
    """The holidays among these days in order: first and last day of each."""
    found: list[tuple[date, date]] = []
    for day in days:
        if not is_away(day):
            continue
        if found and found[-1][1] == day - timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
