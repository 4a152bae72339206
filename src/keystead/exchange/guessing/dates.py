"""Dates as people write them. The order of day and month is found once per column."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from keystead.kernel.text import folded


class Order(StrEnum):
    """Which comes first in `03/04/2025`."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a column: of dates with dots, and of the others."""

    dotted: Order = Order.DAY_FIRST
    other: Order = Order.DAY_FIRST


class Problem(StrEnum):
    """Why a filled date cell gives no date."""

    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"
    VAGUE = "vague"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class When:
    """A day, with the wall-clock time at the site where one is written.

    `offset` is the written distance from UTC; without it the site's zone decides.
    """

    day: dt.date
    time: dt.time | None = None
    offset: dt.timedelta | None = None

    @property
    def iso(self) -> str:
        """`2026-11-03` or `2026-11-03 12:15`."""
        clock = "" if self.time is None else f" {self.time.isoformat('minutes')}"
        return f"{self.day.isoformat()}{clock}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One date cell: a value, or the problem with it; `is_serial`: a spreadsheet's day number."""

    when: When | None = None
    problem: Problem | None = None
    is_serial: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a column says about its order: how many cells can only be read one way."""

    day_first: int
    month_first: int
    open: int
    examples: tuple[str, ...]

    @property
    def order(self) -> Order | None:
        """The order all clear cells agree on; None if there are none or they disagree."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return Order.DAY_FIRST if self.day_first else Order.MONTH_FIRST

    @property
    def likelier(self) -> Order:
        """The order more cells ask for; day first if they say nothing."""
        return Order.MONTH_FIRST if self.month_first > self.day_first else Order.DAY_FIRST

    @property
    def needs_asking(self) -> bool:
        """Whether cells exist that read two ways and nothing in the column decides."""
        return self.order is None and self.open > 0


_CLOCK = (
    r"(?:[T ,]\s?(?P<h>\d{1,2})[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s?(?P<half>[AaPp]\.?[Mm]\.?)?(?:\s?Uhr)?)?"
)
_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
    + _CLOCK
    + r"\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_PAIR = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[./-])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<y>\d{4}|\d{2})" + _CLOCK
)
_DAY_NAME = re.compile(
    r"(?P<d>\d{1,2})(?:\.|st|nd|rd|th)?[ -]?(?P<name>[^\W\d]{3,9})\.?[ ,-]{1,2}(?P<y>\d{4}|\d{2})"
    + _CLOCK
)
_NAME_DAY = re.compile(
    r"(?P<name>[^\W\d]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})" + _CLOCK
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
_UNKNOWN = frozenset(
    [
        "unknown",
        "unbekannt",
        "n/a",
        "na",
        "n.a.",
        "k.a.",
        "k.",
        "a.",
        "?",
        "??",
        "???",
        "-",
        "--",
        "—",
        "–",
        "none",
        "tbd",
        "open",
        "offen",
        "nicht",
        "bekannt",
    ]
) | {"not known", "nicht bekannt", "k. a.", "n. a."}
_VAGUE = re.compile(r"(?:.*\D)?(?:19|20)\d{2}(?:\D.*)?|\d{1,2}[./-]\d{4}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner jän",
            "feb february februar feber",
            "mar march mär märz mrz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}
_EPOCH = dt.date(1899, 12, 30)


def evidence(texts: Iterable[str], *, dotted: bool = False) -> Evidence:
    """What the cells of a column say about day-first or month-first.

    Dates with dots (3.4.2025) and others (3/4/2025) come from different hands and programs, so
    each sort is looked at by itself.
    """
    day_first, month_first, undecided = 0, 0, 0
    examples: dict[str, None] = {}
    for text in texts:
        match = _PAIR.fullmatch(text.strip())
        if match is None or (match["sep"] == ".") is not dotted or match["a"] == match["b"]:
            continue
        a, b, year = int(match["a"]), int(match["b"]), _year(match["y"], 2100)
        as_day, as_month = _is_date(year, b, a), _is_date(year, a, b)
        if as_day and as_month:
            undecided += 1
            examples[text.strip()] = None
        day_first += as_day and not as_month
        month_first += as_month and not as_day
    return Evidence(day_first, month_first, undecided, tuple(examples)[:3])


def read(text: str, *, orders: Orders, today: dt.date) -> Reading:
    """Read one cell. A blank cell gives neither value nor problem."""
    text = " ".join(text.split())
    if not text:
        return Reading()
    if folded(text) in _UNKNOWN:
        return Reading(problem=Problem.UNKNOWN)
    for pattern in (_ISO, _PAIR, _DAY_NAME, _NAME_DAY, _COMPACT):
        if match := pattern.fullmatch(text):
            return _from(match, orders, today)
    if _SERIAL.fullmatch(text):
        return Reading(When(_EPOCH + dt.timedelta(days=int(float(text)))), is_serial=True)
    vague = _VAGUE.fullmatch(text) is not None
    return Reading(problem=Problem.VAGUE if vague else Problem.UNREADABLE)


def looks_like_date(text: str) -> bool:
    """Whether a cell is written as a date, possible or not (for guessing what a column is)."""
    return any(p.fullmatch(text.strip()) for p in (_ISO, _PAIR, _DAY_NAME, _NAME_DAY))


def _from(match: re.Match[str], orders: Orders, today: dt.date) -> Reading:
    parts = match.groupdict()
    year = _year(parts["y"], today.year)
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        order = orders.dotted if parts["sep"] == "." else orders.other
        month, day = (second, first) if order is Order.DAY_FIRST else (first, second)
    else:
        day = int(parts["d"])
        month = _MONTHS.get(folded(parts["name"]), 0) if "name" in parts else int(parts["m"])
        if month == 0 and "name" in parts:
            return Reading(problem=Problem.UNREADABLE)
    if not _is_date(year, month, day):
        return Reading(problem=Problem.IMPOSSIBLE)
    try:
        return Reading(When(dt.date(year, month, day), _clock(parts), _offset(parts.get("zone"))))
    except ValueError:
        return Reading(problem=Problem.IMPOSSIBLE)


def _clock(parts: dict[str, str | None]) -> dt.time | None:
    if parts.get("h") is None:
        return None
    hour, minute, second = (int(parts[k] or 0) for k in ("h", "mi", "s"))
    half = (parts["half"] or "").lower().replace(".", "")
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour on a twelve-hour clock")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    found = dt.time(hour, minute, second)
    return None if found == dt.time() and not half else found


def _offset(zone: str | None) -> dt.timedelta | None:
    if not zone:
        return None
    if zone == "Z":
        return dt.timedelta()
    size = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    if size > dt.timedelta(hours=14):
        raise ValueError("no such zone")
    return -size if zone[0] == "-" else size


def _year(text: str, this_year: int) -> int:
    """Two digits mean the year nearest to now that is at most twenty years ahead."""
    year = int(text)
    if len(text) == 4:
        return year
    century = this_year - this_year % 100
    year += century
    return year - 100 if year > this_year + 20 else year


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return dt.date(year, month, day).year >= 1900
    except ValueError:
        return False
