"""Handing copies out, passing them on, extending, and undoing what was just done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from keystead.custody import errors, facts, rules
from keystead.custody.models import Incident, Loan, Stay
from keystead.custody.operations import moving
from keystead.custody.operations.asking import insist_on_purpose
from keystead.hardware.models import IS_OPEN
from keystead.journal.operation import Change, operation
from keystead.journal.rows import mine, within
from keystead.kernel.errors import KeysteadError
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys.models import Copy, RingMember


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """What went out: one loan per copy, under one handling number (None: nothing changed).

    `left_out` are copies of a ring that were not there to take.
    """

    handling: int | None
    loan_ids: tuple[int, ...]
    copy_ids: tuple[int, ...]
    left_out: tuple[int, ...] = ()


@operation(Right.HAND_OUT, per_site=True)
def check_out(
    change: Change,
    *,
    copy_ids: Sequence[int] = (),
    ring_ids: Sequence[int] = (),
    person_id: int | None = None,
    space_id: int | None = None,
    due_at: datetime | None = None,
    review_on: date | None = None,
    purpose: str | None = None,
    occurred_at: datetime | None = None,
) -> CheckedOut:
    """Hand copies and rings to a person or a place: all of them or none.

    Until `due_at` (aware), or open-ended with a day to review it (default: in half a year).
    `occurred_at` (aware, past) marks an entry typed in later. What the holder has already stays
    as it is. Raises CopyAlreadyOut and its like with every copy that blocks (`blocked`) and
    those that do not (`free`), HolderHasLeft, BadPeriod, PurposeNeeded, NotFound.
    """
    moving.require_past(change, occurred_at)
    at = occurred_at or change.at
    agreed = _period(at, due_at, review_on, late=occurred_at is not None)
    place, words = moving.held_by(change, person_id, space_id, newly=True)
    chosen = moving.choose(change, copy_ids, ring_ids)
    stays = moving.open_stays(change, chosen.copy_ids)
    fresh, repeated, left_out = _sort_out(change, chosen, stays, place, set(copy_ids))
    if not fresh:
        loans = tuple(loan.pk for s in repeated if (loan := moving.loan_of(s)) is not None)
        return change.unchanged(
            CheckedOut(None, loans, tuple(s.copy_id for s in repeated), left_out)
        )
    insist_on_purpose(change, purpose)
    reason, handling = change.remark(purpose), change.sequence
    loan_ids = []
    for stay in fresh:
        moving.end(change, stay, at=occurred_at)
        new = moving.begin(change, stay.copy_id, place, handling, since=occurred_at)
        ring_id = chosen.ring_of.get(stay.copy_id)
        loan = moving.lend(change, new, agreed, ring_id=ring_id, purpose=reason)
        loan_ids.append(loan.pk)
        change.record(
            facts.CopyCheckedOut(
                **moving.moved(stay.copy, place, words, handling, occurred_at),
                loan_id=loan.pk,
                ring_id=ring_id,
                due_at=agreed.due_at,
                review_on=agreed.review_on,
                **moving.remark_fields("purpose", reason),
            )
        )
    return CheckedOut(handling, tuple(loan_ids), tuple(s.copy_id for s in fresh), left_out)


def _period(
    at: datetime, due_at: datetime | None, review_on: date | None, *, late: bool = False
) -> rules.Period:
    agreed = rules.period(at, due_at, review_on, late=late)
    if isinstance(agreed, str):
        raise errors.BadPeriod(agreed, field="due_at" if due_at else "review_on")
    return agreed


def _sort_out(
    change: Change,
    chosen: moving.Chosen,
    stays: dict[int, Stay],
    place: rules.Place,
    singly: set[int],
) -> tuple[list[Stay], list[Stay], tuple[int, ...]]:
    """Which stays end now, which are so already, and which ring copies are not there.

    Raises the first reason that blocks, with all of them in its data.
    """
    faulty, sealed = _faulty(change, stays), _on_sealed_rings(change, stays)
    fresh, repeated, left_out = [], [], []
    blocks: list[tuple[Stay, KeysteadError]] = []
    for copy_id, stay in stays.items():
        if moving.place_of(stay) == place:
            repeated.append(stay)
            continue
        ring = chosen.rings.get(chosen.ring_of.get(copy_id, 0))
        loosely = ring is not None and not ring.is_sealed and copy_id not in singly
        if loosely and stay.state != "stored":
            left_out.append(copy_id)
            continue
        seal = None if ring is not None else sealed.get(copy_id)
        problem = _why_not(stay, is_faulty=copy_id in faulty, sealed_ring=seal)
        if problem is not None:
            blocks.append((stay, problem))
        else:
            fresh.append(stay)
    if blocks:
        first = blocks[0][1]
        first.data["blocked"] = [_blocked(stay, problem) for stay, problem in blocks]
        first.data["free"] = [stay.copy_id for stay in fresh]
        raise first
    return fresh, repeated, tuple(left_out)


def _faulty(change: Change, stays: dict[int, Stay]) -> set[int]:
    rows = within(change, Incident).filter(
        copy_id__in=list(stays), closed_at=None, is_critical=True
    )
    return {copy_id for copy_id in rows.values_list("copy_id", flat=True) if copy_id}


def _on_sealed_rings(change: Change, stays: dict[int, Stay]) -> dict[int, str]:
    members = within(change, RingMember).filter(
        IS_OPEN, copy_id__in=list(stays), ring__is_sealed=True
    )
    return dict(members.values_list("copy_id", "ring__name"))


def _already_out(label: str, stay: Stay) -> str:
    if stay.person is not None:
        return _("%(label)s is already out, with %(holder)s.", label=label, holder=stay.person.name)
    place = stay.space.name if stay.space is not None else ""
    return _("%(label)s is already out, at %(place)s.", label=label, place=place)


def _why_not(stay: Stay, *, is_faulty: bool, sealed_ring: str | None) -> KeysteadError | None:
    label, copy = moving.label_of(stay.copy), stay.copy
    about: dict[str, Any] = {"copy_id": copy.pk}
    if stay.state == "held":
        return errors.CopyAlreadyOut(
            _already_out(label, stay),
            **about,
            person_id=stay.person_id,
            space_id=stay.space_id,
            since=stay.valid_from.isoformat(),
        )
    if stay.state == "missing":
        return errors.CopyIsMissing(
            _("%(label)s is %(reason)s.", label=label, reason=stay.reason), **about
        )
    if stay.state == "destroyed":
        return errors.CopyIsGone(_("%(label)s was destroyed.", label=label), **about)
    if copy.retired_at is not None or copy.key.retired_at is not None:
        return errors.CopyOutOfUse(_("%(label)s is out of use.", label=label), **about)
    if is_faulty:
        return errors.CopyFaulty(
            _("%(label)s has a critical fault. Settle it first.", label=label), **about
        )
    if sealed_ring is not None:
        return errors.CopyOnSealedRing(
            _(
                "%(label)s hangs on the sealed ring %(sealed_ring)s. Hand out the ring, or "
                "open the seal first.",
                label=label,
                sealed_ring=sealed_ring,
            ),
            **about,
        )
    return None


def _blocked(stay: Stay, problem: KeysteadError) -> dict[str, object]:
    return {
        "copy_id": stay.copy_id,
        "copy_label": moving.label_of(stay.copy),
        "code": problem.code,
        "message": problem.message,
        "person_id": stay.person_id,
        "space_id": stay.space_id,
        "since": stay.valid_from.isoformat(),
    }


@operation(Right.HAND_OUT, per_site=True)
def pass_on(
    change: Change,
    *,
    copy_ids: Sequence[int] = (),
    ring_ids: Sequence[int] = (),
    person_id: int | None = None,
    space_id: int | None = None,
    due_at: datetime | None = None,
    review_on: date | None = None,
    purpose: str | None = None,
) -> CheckedOut:
    """Note that copies went from their holder straight to another one.

    Without a new period the old one goes on. Copies of a ring that nobody has are left out; raises
    CopyNotOut for one named itself, and for a ring nothing of which is out. A new loan needs a
    new purpose where the workspace wants one (PurposeNeeded).
    """
    place, words = moving.held_by(change, person_id, space_id, newly=True)
    chosen = moving.choose(change, copy_ids, ring_ids)
    stays = moving.open_stays(change, chosen.copy_ids)
    out = [stay for stay in stays.values() if stay.state == "held"]
    left_out = tuple(copy_id for copy_id, stay in stays.items() if stay.state != "held")
    for copy_id in left_out:
        if copy_id in copy_ids or not out:
            raise errors.CopyNotOut(
                _(
                    "Nobody has %(label)s. Hand it out instead.",
                    label=moving.label_of(stays[copy_id].copy),
                ),
                copy_id=copy_id,
            )
    going = [stay for stay in out if moving.place_of(stay) != place]
    if not going:
        return change.unchanged(CheckedOut(None, (), (), left_out))
    insist_on_purpose(change, purpose)
    reason, handling = change.remark(purpose), change.sequence
    loan_ids = []
    for stay in going:
        before = moving.loan_of(stay)
        agreed = (
            _period(change.at, due_at, review_on)
            if due_at or review_on or before is None
            else rules.Period(before.due_at, before.review_on)
        )
        moving.end(change, stay)
        new = moving.begin(change, stay.copy_id, place, handling)
        ring_id = before.ring_id if before else None
        loan = moving.lend(change, new, agreed, ring_id=ring_id, purpose=reason)
        loan_ids.append(loan.pk)
        change.record(
            facts.CopyPassedOn(
                **moving.moved(stay.copy, place, words, handling),
                loan_id=loan.pk,
                ring_id=ring_id,
                from_person_id=stay.person_id,
                due_at=agreed.due_at,
                review_on=agreed.review_on,
                **moving.remark_fields("purpose", reason),
            )
        )
    return CheckedOut(handling, tuple(loan_ids), tuple(stay.copy_id for stay in going), left_out)


@operation(Right.HAND_OUT, per_site=True)
def extend(
    change: Change,
    *,
    copy_ids: Sequence[int],
    due_at: datetime | None = None,
    review_on: date | None = None,
) -> None:
    """Give the loans of these copies another due time or review date, while they are out."""
    agreed = _period(change.at, due_at, review_on)
    stays = moving.open_stays(change, copy_ids)
    changed = False
    for stay in stays.values():
        loan = moving.loan_of(stay)
        if stay.state != "held" or loan is None:
            raise errors.CopyNotOut(
                _("Nobody has %(label)s.", label=moving.label_of(stay.copy)), copy_id=stay.copy_id
            )
        before = rules.Period(loan.due_at, loan.review_on)
        if before == agreed:
            continue
        changed = True
        loan.due_at, loan.review_on = agreed.due_at, agreed.review_on
        loan.version += 1
        loan.save(update_fields=["due_at", "review_on", "version"])
        change.record(
            facts.LoanExtended(
                copy_id=stay.copy_id,
                copy_label=moving.label_of(stay.copy),
                loan_id=loan.pk,
                person_id=stay.person_id,
                old_due_at=before.due_at,
                old_review_on=before.review_on,
                due_at=agreed.due_at,
                review_on=agreed.review_on,
            )
        )
    if not changed:
        change.unchanged(None)


@operation(Right.HAND_OUT, per_site=True)
def undo(change: Change, *, handling: int) -> tuple[int, ...]:
    """Take back one's own handling of the last moments; returns the copies concerned.

    Raises TooLateToUndo when time has passed, it was somebody else's, or more happened since.
    """
    rows = within(change, Stay).filter(handling=handling)
    stays = list(rows.select_related("copy__key", "loan").order_by("pk"))
    if not _are_mine(change, stays):
        stays = []
    if stays and all(stay.superseded_seq is not None for stay in stays):
        return change.unchanged(tuple(stay.copy_id for stay in stays))
    _require_undoable(change, stays, handling)
    restored = []
    number = change.sequence
    for stay in stays:
        restored.append(stay.copy_id)
        _restore(change, stay, handling, number)
    return tuple(restored)


def _are_mine(change: Change, stays: list[Stay]) -> bool:
    if change.scope.is_everything:
        return True
    copy_ids = {stay.copy_id for stay in stays}
    return mine(change, within(change, Copy).filter(pk__in=copy_ids)).count() == len(copy_ids)


def _require_undoable(change: Change, stays: list[Stay], handling: int) -> None:
    mine = change.was_recorded_by_actor(handling)
    fresh = all(
        stay.valid_to is None
        and not stay.is_late
        and change.at - stay.valid_from <= rules.UNDO_WITHIN
        for stay in stays
    )
    moments = {stay.valid_from for stay in stays}
    incidents = (
        within(change, Incident)
        .filter(copy_id__in=[stay.copy_id for stay in stays])
        .filter(Q(opened_at__in=moments) | Q(closed_at__in=moments))
    )
    if not stays or not mine or not fresh or incidents.exists():
        raise errors.TooLateToUndo(
            _("This can no longer be undone. Record what happened instead."), handling=handling
        )


def _restore(change: Change, stay: Stay, handling: int, number: int) -> None:
    before = (
        within(change, Stay)
        .filter(copy_id=stay.copy_id, valid_to=stay.valid_from, superseded_seq=None)
        .exclude(pk=stay.pk)
        .select_related("container", "position", "space", "person", "loan")
        .order_by("-pk")
        .first()
    )
    if before is None:
        raise errors.TooLateToUndo(_("There is nothing to go back to."), handling=handling)
    if (reason := _cannot_go_back(before)) is not None:
        raise errors.TooLateToUndo(reason, handling=handling)
    stay.superseded_seq = change.sequence
    stay.valid_to = change.at
    stay.save(update_fields=["superseded_seq", "valid_to"])
    undone = moving.loan_of(stay)
    if undone is not None:
        undone.back_at = change.at
        undone.save(update_fields=["back_at"])
    again = moving.supersede(change, before, valid_to=None)
    loan = moving.loan_of(before)
    if loan is not None:
        _reopen(loan)
    change.record(
        facts.MovementUndone(
            **moving.moved(stay.copy, moving.place_of(again), moving.words_of(before), number),
            undone_handling=handling,
            undone_loan_id=undone.pk if undone else None,
            loan_id=loan.pk if loan else None,
            due_at=loan.due_at if loan else None,
            review_on=loan.review_on if loan else None,
        )
    )


def _cannot_go_back(before: Stay) -> str | None:
    """Why a copy cannot be put back to where it was, if something has changed since."""
    if before.container is not None and before.container.retired_at is not None:
        return f"{before.container.name} is out of use now. Record where the copy is instead."
    if before.space is not None and before.space.retired_at is not None:
        return f"{before.space.name} is out of use now. Record where the copy is instead."
    if before.person is not None and before.person.left_at is not None:
        return "Whoever had it has left since. Record where the copy is instead."
    return None


def _reopen(loan: Loan) -> None:
    loan.back_at, loan.returned_by, loan.return_note = None, None, None
    loan.left_at, loan.meter = None, None
    loan.version += 1
    loan.save(
        update_fields=["back_at", "returned_by", "return_note", "left_at", "meter", "version"]
    )
