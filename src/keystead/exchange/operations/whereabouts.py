"""Where an imported copy is: a first stay since the day the register names, told as a claim."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.utils.translation import gettext as _

from keystead.custody import operations as custody
from keystead.custody import rules
from keystead.custody.models import Stay
from keystead.custody.operations import moving, trouble
from keystead.custody.operations.many import Arrival, PastLoan, take_in, tell_past_loans
from keystead.exchange.guessing.dates import When
from keystead.exchange.planning.records import Copy, Flag, State
from keystead.journal.operation import Change, RemarkRef
from keystead.kernel.clock import end_of_day, local_to_utc
from keystead.keys.models import Copy as CopyRow

MISSING_AS = {
    State.LOST: "lost",
    State.STOLEN: "stolen",
    State.MISSING: "unaccounted",
    State.UNKNOWN: "unaccounted",
}
BLOCKING = (Flag.DO_NOT_ISSUE, Flag.BROKEN, Flag.UNCLEAR)


@dataclass(slots=True)
class Group:
    """Alike new copies of one key and one row, and the ids of what they name.

    `rows` are the copies once they are made; `home` is container and hook.
    """

    copies: list[Copy]
    numbers: list[int]
    key_id: int
    home: tuple[int | None, int | None]
    ring_ids: list[int | None]
    person_id: int | None
    rows: list[CopyRow] = field(default_factory=list)

    @property
    def copy(self) -> Copy:
        """What the plan says of each of them."""
        return self.copies[0]


def take_over(change: Change, groups: Sequence[Group], zone: str) -> None:
    """Say where new copies are, who had them before, and what is wrong with them."""
    purposes = change.remarks([group.copy.purpose for group in groups])
    arrivals = [
        _arrival(change, group, row, act, purpose, zone)
        for act, (group, purpose) in enumerate(zip(groups, purposes, strict=True))
        for row in group.rows
    ]
    stays = {stay.copy_id: stay for stay in take_in(change, arrivals)}
    tell_past_loans(
        change, [past for group in groups for past in _past(change, group, stays, zone)]
    )
    for group in groups:
        _tell_troubles(change, group)


def _arrival(
    change: Change, group: Group, row: CopyRow, act: int, purpose: RemarkRef | None, zone: str
) -> Arrival:
    since = moment(group.copy.issued, zone, before=change.at)
    if group.person_id is None or group.copy.state is State.IN:
        place, words = moving.stored_at(change, *group.home)
        return Arrival(row, place, words, since, act)
    place, words = moving.held_by(change, group.person_id, None)
    period = _period(change, group.copy, since, zone)
    return Arrival(row, place, words, since, act, period, group.ring_ids[0], purpose)


def _tell_troubles(change: Change, group: Group) -> None:
    copy, ids = group.copy, [row.pk for row in group.rows]
    if copy.state in MISSING_AS:
        note = copy.remark or _("The imported register does not say where it is.")
        custody.report_missing(change, copy_ids=ids, kind=MISSING_AS[copy.state], note=note)
    _tell_faults(change, group.rows, copy)


def moment(when: When | None, zone: str, *, before: datetime) -> datetime | None:
    """A written day or time as aware UTC; None where it is not in the past."""
    if when is None:
        return None
    at = _utc(when, zone, time())
    return at if at < before else None


def _utc(when: When, zone: str, without_time: time) -> datetime:
    naive = datetime.combine(when.day, when.time or without_time)
    if when.offset is not None:
        return local_to_utc(naive - when.offset, "UTC")
    return local_to_utc(naive, zone)


def _period(change: Change, copy: Copy, since: datetime | None, zone: str) -> rules.Period:
    """Due as written; else, or where that makes no sense, reviewed in half a year from now."""
    if copy.due is not None:
        due = _utc(copy.due, zone, time(12))
        due = due if copy.due.time else end_of_day(due, zone)
        agreed = rules.period(since or change.at, due, None, late=True)
        if isinstance(agreed, rules.Period):
            return agreed
    return rules.Period(None, (change.at + rules.REVIEW_AFTER).date())


def _past(change: Change, group: Group, stays: Mapping[int, Stay], zone: str) -> Iterator[PastLoan]:
    """Loans that began and ended before the import, where both days are written."""
    copy = group.copy
    began = moment(copy.issued, zone, before=change.at)
    if group.person_id is None or copy.state is not State.IN:
        return
    if began is None or copy.returned is None:
        return
    until = _utc(copy.returned, zone, time(12))
    until = until if copy.returned.time else end_of_day(until, zone)
    if began < until <= change.at:
        for row in group.rows:
            yield PastLoan(stays[row.pk], row, group.person_id, began, until)


def _tell_faults(change: Change, rows: Sequence[CopyRow], copy: Copy) -> None:
    """What the register says is wrong, as open incidents; some stop handing out."""
    for flag in BLOCKING:
        if flag in copy.flags:
            for row in rows:
                custody.report_damaged(
                    change,
                    copy_id=row.pk,
                    note=copy.remark or flag.value,
                    is_critical=flag is Flag.DO_NOT_ISSUE,
                )
    if Flag.DUPLICATE_MADE in copy.flags and rows:
        trouble.open_incident(change, "compromised", copy=rows[0], note=copy.remark)
