"""Where an imported copy is: a first stay since the day the register names, told as a claim."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.translation import gettext as _

from keystead.custody import facts, rules
from keystead.custody import operations as custody
from keystead.custody.operations import moving, trouble
from keystead.exchange.guessing.dates import When
from keystead.exchange.planning.records import Copy, Flag, State
from keystead.journal.operation import Change
from keystead.journal.rows import within
from keystead.kernel.clock import end_of_day, local_to_utc
from keystead.keys.models import Copy as CopyRow

MISSING_AS = {
    State.LOST: "lost",
    State.STOLEN: "stolen",
    State.MISSING: "unaccounted",
    State.UNKNOWN: "unaccounted",
}
BLOCKING = (Flag.DO_NOT_ISSUE, Flag.BROKEN, Flag.UNCLEAR)


def take_over(
    change: Change,
    copy_ids: Sequence[int],
    copy: Copy,
    *,
    person_id: int | None,
    home: tuple[int | None, int | None],
    ring_id: int | None,
    zone: str,
) -> None:
    """Say where new copies of one row are, who had them before, and what is wrong with them."""
    rows = list(within(change, CopyRow).filter(pk__in=copy_ids).select_related("key"))
    began = moment(copy.issued, zone, before=change.at)
    if person_id is not None and copy.state is not State.IN:
        _hand_out(change, rows, copy, person_id, ring_id, began, zone)
    else:
        _store(change, rows, home, began)
        if person_id is not None:
            _tell_past_loan(change, copy_ids, copy, person_id, began, zone)
    if copy.state in MISSING_AS:
        note = copy.remark or _("The imported register does not say where it is.")
        custody.report_missing(change, copy_ids=copy_ids, kind=MISSING_AS[copy.state], note=note)
    _tell_faults(change, rows, copy)


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


def _store(
    change: Change,
    rows: Sequence[CopyRow],
    home: tuple[int | None, int | None],
    since: datetime | None,
) -> None:
    place, words = moving.stored_at(change, *home)
    handling = change.sequence
    for row in rows:
        moving.begin(change, row.pk, place, handling, since=since)
        change.record(facts.CopyStocked(**moving.moved(row, place, words, handling, since)))


def _hand_out(
    change: Change,
    rows: Sequence[CopyRow],
    copy: Copy,
    person_id: int,
    ring_id: int | None,
    since: datetime | None,
    zone: str,
) -> None:
    place, words = moving.held_by(change, person_id, None)
    period = _period(change, copy, since, zone)
    purpose, handling = change.remark(copy.purpose), change.sequence
    for row in rows:
        stay = moving.begin(change, row.pk, place, handling, since=since)
        loan = moving.lend(change, stay, period, ring_id=ring_id, purpose=purpose)
        change.record(
            facts.CopyCheckedOut(
                **moving.moved(row, place, words, handling, since),
                loan_id=loan.pk,
                ring_id=ring_id,
                due_at=period.due_at,
                review_on=period.review_on,
                **moving.remark_fields("purpose", purpose),
            )
        )


def _period(change: Change, copy: Copy, since: datetime | None, zone: str) -> rules.Period:
    """Due as written; else, or where that makes no sense, reviewed in half a year from now."""
    if copy.due is not None:
        due = _utc(copy.due, zone, time(12))
        due = due if copy.due.time else end_of_day(due, zone)
        agreed = rules.period(since or change.at, due, None, late=True)
        if isinstance(agreed, rules.Period):
            return agreed
    return rules.Period(None, (change.at + rules.REVIEW_AFTER).date())


def _tell_past_loan(
    change: Change,
    copy_ids: Sequence[int],
    copy: Copy,
    person_id: int,
    began: datetime | None,
    zone: str,
) -> None:
    """A loan that began and ended before the import, where both days are written."""
    if began is None or copy.returned is None:
        return
    until = _utc(copy.returned, zone, time(12))
    until = until if copy.returned.time else end_of_day(until, zone)
    if not began < until <= change.at:
        return
    for copy_id in copy_ids:
        custody.record_past_loan(
            change, copy_id=copy_id, person_id=person_id, from_at=began, until_at=until
        )


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
