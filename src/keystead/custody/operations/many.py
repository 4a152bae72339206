"""Custody's part of bringing in a register: where many new copies are, in a few statements.

These are no verbs: they join an operation that has checked the right and made the copies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keystead.custody import facts, rules
from keystead.custody.models import Loan, Stay
from keystead.custody.operations import moving
from keystead.custody.rules import Period, Place
from keystead.journal.operation import Change, RemarkRef
from keystead.keys.models import Copy

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A copy without whereabouts, and where it is since when (aware UTC; None: now).

    Arrivals with the same `act` are one handling. With a `period` it is a loan to the place's
    person.
    """

    copy: Copy
    place: Place
    words: str
    since: datetime | None
    act: int
    period: Period | None = None
    ring_id: int | None = None
    purpose: RemarkRef | None = None


@dataclass(frozen=True, slots=True)
class PastLoan:
    """A loan to a person that was over (both aware UTC) before the stay it happened in ended."""

    stay: Stay
    copy: Copy
    person_id: int
    from_at: datetime
    until_at: datetime


def take_in(change: Change, arrivals: Sequence[Arrival]) -> list[Stay]:
    """Begin the first stay (and loan) of each copy and tell it; the stays in the same order."""
    first, acts = change.sequence, dict[int, int]()
    stays = Stay.everything.bulk_create(
        (
            moving.stay_of(
                change,
                arrival.copy.pk,
                arrival.place,
                acts.setdefault(arrival.act, number),
                number,
                since=arrival.since,
            )
            for number, arrival in enumerate(arrivals, first)
        ),
        batch_size=AT_ONCE,
    )
    loans = _lend(change, arrivals, stays)
    for arrival, stay in zip(arrivals, stays, strict=True):
        told = moving.moved(
            arrival.copy, arrival.place, arrival.words, stay.handling, arrival.since
        )
        if arrival.period is None:
            change.record(facts.CopyStocked(**told))
            continue
        change.record(
            facts.CopyCheckedOut(
                **told,
                loan_id=loans[stay.pk].pk,
                ring_id=arrival.ring_id,
                due_at=arrival.period.due_at,
                review_on=arrival.period.review_on,
                **moving.remark_fields("purpose", arrival.purpose),
            )
        )
    return stays


def _lend(change: Change, arrivals: Sequence[Arrival], stays: Sequence[Stay]) -> dict[int, Loan]:
    """The loans of those that are loans, by the id of their stay."""
    loans = Loan.everything.bulk_create(
        (
            Loan(
                workspace_id=change.workspace_id,
                pending_import=change.pending_import,
                stay=stay,
                ring_id=arrival.ring_id,
                due_at=arrival.period.due_at,
                review_on=arrival.period.review_on,
                purpose_id=arrival.purpose.remark_id if arrival.purpose else None,
            )
            for arrival, stay in zip(arrivals, stays, strict=True)
            if arrival.period is not None
        ),
        batch_size=AT_ONCE,
    )
    return {loan.stay_id: loan for loan in loans}


def tell_past_loans(change: Change, loans: Sequence[PastLoan]) -> None:
    """Put loans that are over into the only stay of their copies, as `record_past_loan` does.

    Each must have begun with the stay or after it.
    """
    told: list[tuple[PastLoan, Stay]] = []
    fresh: list[Stay] = []
    for number, past in enumerate(loans, change.sequence):
        past.stay.superseded_seq = number
        place = Place("held", person_id=past.person_id)
        around = rules.Spell(moving.place_of(past.stay), past.stay.valid_from, past.stay.valid_to)
        for spell in rules.splice([around], place, past.from_at, past.until_at):
            is_new = spell.place == place
            handling = number if is_new else past.stay.handling
            stay = moving.stay_of(
                change, past.copy.pk, spell.place, handling, number, spell.start, spell.end
            )
            stay.is_late = is_new or past.stay.is_late
            fresh.append(stay)
            if is_new:
                told.append((past, stay))
    Stay.everything.bulk_update(
        [past.stay for past in loans], ["superseded_seq"], batch_size=AT_ONCE
    )
    Stay.everything.bulk_create(fresh, batch_size=AT_ONCE)
    _tell_back(change, told)


def _tell_back(change: Change, told: Sequence[tuple[PastLoan, Stay]]) -> None:
    rows = Loan.everything.bulk_create(
        (
            Loan(
                workspace_id=change.workspace_id,
                pending_import=change.pending_import,
                stay=stay,
                due_at=past.until_at,
                back_at=past.until_at,
            )
            for past, stay in told
        ),
        batch_size=AT_ONCE,
    )
    for (past, _stay_of_loan), loan in zip(told, rows, strict=True):
        change.record(
            facts.PastLoanRecorded(
                copy_id=past.copy.pk,
                copy_label=moving.label_of(past.copy),
                person_id=past.person_id,
                space_id=None,
                place="",
                loan_id=loan.pk,
                from_at=past.from_at,
                until_at=past.until_at,
            )
        )
