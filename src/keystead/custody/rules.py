"""Pure rules of custody: periods, whereabouts, and how spells of time are cut and joined."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from keystead.kernel.words import said as _

LONGEST_LOAN = timedelta(days=366)
REVIEW_AFTER = timedelta(days=182)
UNDO_WITHIN = timedelta(seconds=45)
"""30 seconds are offered; the rest is for the way to the server."""

MISSING_KINDS = ("lost", "stolen", "unaccounted")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy is: exactly one of stored, held, missing, destroyed."""

    state: str
    reason: str = ""
    container_id: int | None = None
    position_id: int | None = None
    person_id: int | None = None
    space_id: int | None = None


STOCK = Place("stored")
"""In stock, with no container recorded."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A copy at a place from `start` until `end` (half-open, aware UTC; None: still)."""

    place: Place
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Period:
    """How long a loan may last: until a moment, or open-ended with a day to review it."""

    due_at: datetime | None
    review_on: date | None


def period(
    at: datetime, due_at: datetime | None, review_on: date | None, *, late: bool = False
) -> Period | str:
    """The period agreed, or why it makes no sense. Neither given: reviewed in half a year.

    `late`: a loan typed in later may have been due already.
    """
    if due_at is not None and review_on is not None:
        return _("Give a due time or a review date, not both.")
    if due_at is not None:
        if due_at.tzinfo is None:
            return _("The due time needs a time zone.")
        if due_at <= at and not late:
            return _("The due time must lie in the future.")
        if due_at - at > LONGEST_LOAN:
            return _("A loan with a due time lasts at most a year. Make it open-ended instead.")
        return Period(due_at, None)
    if review_on is not None:
        if review_on <= at.date() and not late:
            return _("The review date must lie in the future.")
        if review_on - at.date() > timedelta(days=5 * 366):
            return _("Review an open-ended loan within five years.")
        return Period(None, review_on)
    return Period(None, (at + REVIEW_AFTER).date())


def splice(spells: Iterable[Spell], place: Place, start: datetime, end: datetime) -> list[Spell]:
    """The spells with `place` put in from `start` to `end`; what was around it stays.

    The interval must lie inside one spell; otherwise the result is the spells unchanged.
    """
    found: list[Spell] = []
    for spell in spells:
        inside = spell.start <= start and (spell.end is None or end <= spell.end)
        if not inside or start >= end:
            found.append(spell)
            continue
        if spell.start < start:
            found.append(replace(spell, end=start))
        found.append(Spell(place, start, end))
        if spell.end is None or end < spell.end:
            found.append(replace(spell, start=end))
    return found


@dataclass(frozen=True, slots=True)
class Noted:
    """A spell as the log has it: by which act it came to be, and whether it was entered later."""

    state: str
    start: datetime
    end: datetime | None
    handling: int
    is_late: bool


def unrecorded(spells: Iterable[Noted]) -> list[tuple[datetime, datetime]]:
    """The stretches, oldest first, in which nobody wrote down where the copy was.

    Either no spell covers them; or they lie between two loans entered later and are a mere
    remainder of what was believed all along: no act of their own says that the copy came back.
    """
    found, acts = [], set[int]()
    before: Noted | None = None
    row = sorted(spells, key=lambda spell: spell.start)
    for number, spell in enumerate(row, 1):
        after = row[number] if number < len(row) else None
        if before is not None and before.end is not None and before.end < spell.start:
            found.append((before.end, spell.start))
        is_remainder = spell.state != "held" and spell.handling in acts
        if is_remainder and spell.end and _is_later_loan(before) and _is_later_loan(after):
            found.append((spell.start, spell.end))
        acts.add(spell.handling)
        before = spell
    return found


def _is_later_loan(spell: Noted | None) -> bool:
    return spell is not None and spell.is_late and spell.state == "held"


def lacks_purpose(is_required: bool, purpose: str | None) -> bool:
    """Whether copies may not go out for want of a purpose."""
    return is_required and not (purpose and purpose.strip())


def is_overdue(due_at: datetime | None, at: datetime) -> bool:
    """Whether a loan with this due time is late at `at`. Open-ended loans never are."""
    return due_at is not None and due_at < at
