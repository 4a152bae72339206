"""Taking copies back and keeping them: return, stock, move, destroy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keystead.custody import errors, facts, rules
from keystead.custody.models import Incident, Stay
from keystead.custody.operations import moving
from keystead.custody.operations.trouble import open_incident, settle_absence
from keystead.journal.operation import Change, RemarkRef, operation
from keystead.journal.rows import many, one, within
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys import operations as keys
from keystead.keys.models import Copy, Ring
from keystead.people.models import Person


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back, under one handling number (None: everything was in already).

    `seal` is none, matches, differs or not-checked; `still_out` are copies of a returned ring
    that stayed with their holder. `back_now` are copies that went out after the time that was
    given, so that they count as back from now on.
    """

    handling: int | None
    copy_ids: tuple[int, ...]
    unchanged_copy_ids: tuple[int, ...] = ()
    still_out: tuple[int, ...] = ()
    seal: str = "none"
    back_now: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What was said at a return, kept as remarks."""

    note: RemarkRef | None
    left_at: RemarkRef | None
    meter: RemarkRef | None

    def fields(self) -> dict[str, Any]:
        """Their ids and hashes as fields of a fact."""
        return {
            **moving.remark_fields("note", self.note),
            **moving.remark_fields("left_at", self.left_at),
            **moving.remark_fields("meter", self.meter),
        }


def _say(change: Change, note: str | None, left_at: str | None, meter: str | None) -> Said:
    return Said(*change.remarks([note, left_at, meter]))


@operation(Right.HAND_OUT, per_site=True)
def return_copies(
    change: Change,
    *,
    copy_ids: Sequence[int] = (),
    ring_ids: Sequence[int] = (),
    without_copy_ids: Sequence[int] = (),
    container_id: int | None = None,
    position_id: int | None = None,
    returned_by_id: int | None = None,
    note: str | None = None,
    left_at: str | None = None,
    meter: str | None = None,
    fault: str | None = None,
    fault_is_critical: bool = False,
    seal_number: str | None = None,
    occurred_at: datetime | None = None,
) -> Returned:
    """Take copies and rings back, to where they belong or into the container named.

    A return always succeeds, whatever rules changed since: retired, missing or destroyed copies
    come in like any other, and what is in already stays (`unchanged_copy_ids`). With a ring comes
    what was out with it; a copy of it that is missing or destroyed has to be named itself.
    `without_copy_ids` are copies missing from a ring: they stay with their holder, as a case.
    `returned_by_id` is who brought them, if not the holder. `note` is shown to the next taker, as
    are `left_at` (where a vehicle stands, say) and `meter` (what its meter showed, as typed);
    `fault` opens an incident, a critical one blocks the next hand-out. A wrong `seal_number` of
    a sealed ring opens an incident too.
    """
    moving.require_past(change, occurred_at)
    if returned_by_id is not None:
        one(change, Person, returned_by_id, "person")
    chosen = moving.choose(change, copy_ids, ring_ids)
    target = (
        moving.stored_at(change, container_id, position_id)
        if container_id is not None or position_id is not None
        else None
    )
    stays = moving.open_stays(change, chosen.copy_ids)
    absent = [
        stays[c] for c in dict.fromkeys(without_copy_ids) if c in stays and stays[c].state == "held"
    ]
    skipped = {*without_copy_ids, *_not_on_the_ring(chosen, stays, copy_ids)}
    coming = [
        stay
        for stay in stays.values()
        if stay.copy_id not in skipped and not _is_there(stay, target)
    ]
    there = tuple(c for c in stays if c not in skipped and c not in {s.copy_id for s in coming})
    still_out = tuple(stay.copy_id for stay in absent)
    newly_absent = _not_reported_yet(change, absent)
    seals = _seals(chosen, seal_number)
    differing = [chosen.rings[ring_id] for ring_id, v in seals.items() if v == "differs"]
    is_faulty = bool(fault and fault.strip())
    if not (coming or newly_absent or differing or (is_faulty and there)):
        return change.unchanged(Returned(None, (), there, still_out))
    said, handling = _say(change, note, left_at, meter), change.sequence
    for stay in coming:
        ring = chosen.rings.get(chosen.ring_of.get(stay.copy_id, 0))
        place, words = target or moving.home_of(change, stay.copy, ring)
        seal = seals.get(ring.pk, "none") if ring else "none"
        _take_back(change, stay, place, words, handling, seal, returned_by_id, said, occurred_at)
    if fault and is_faulty:
        here = [stays[c].copy for c in (*(s.copy_id for s in coming), *there)]
        _note_fault(change, here, fault, is_critical=fault_is_critical)
    _note_absent_and_seals(change, newly_absent, differing, seal_number)
    worst = min(seals.values(), key=_SEVERITY.index, default="none")
    came = tuple(stay.copy_id for stay in coming)
    late = tuple(stay.copy_id for stay in coming if _is_before(stay, occurred_at))
    return Returned(handling, came, there, still_out, worst, late)


_SEVERITY = ("differs", "not-checked", "matches", "none")


def _seals(chosen: moving.Chosen, seal_number: str | None) -> dict[int, str]:
    """What each sealed ring's seal is, by ring id; several numbers stand between commas."""
    given = {text.strip() for text in (seal_number or "").split(",") if text.strip()}
    sealed = [ring for ring in chosen.rings.values() if ring.is_sealed]
    unread = "differs" if len(given) >= len(sealed) else "not-checked"
    return {
        ring.pk: "matches" if ring.seal_number in given else unread if given else "not-checked"
        for ring in sealed
    }


def _not_on_the_ring(
    chosen: moving.Chosen, stays: dict[int, Stay], singly: Sequence[int]
) -> set[int]:
    """Copies that come with a ring on paper only: destroyed, or missing while the ring was not.

    Where everything on a ring is missing, the ring itself was, and now it is here.
    """
    about = {c: ring for c, ring in chosen.ring_of.items() if c not in singly}
    with_us = {ring for c, ring in about.items() if stays[c].state in {"held", "stored"}}
    return {
        c
        for c, ring in about.items()
        if stays[c].state == "destroyed" or (stays[c].state == "missing" and ring in with_us)
    }


def _not_reported_yet(change: Change, absent: list[Stay]) -> list[Stay]:
    """Those of a ring's absent copies that no open case is about."""
    known = within(change, Incident).filter(
        kind="missing-part", closed_at=None, copy_id__in=[stay.copy_id for stay in absent]
    )
    reported = set(known.values_list("copy_id", flat=True))
    return [stay for stay in absent if stay.copy_id not in reported]


def _is_there(stay: Stay, target: tuple[rules.Place, str] | None) -> bool:
    if stay.state != "stored":
        return False
    return target is None or moving.place_of(stay) == target[0]


def _is_before(stay: Stay, occurred_at: datetime | None) -> bool:
    """Whether the time given is one at which this stay had not begun."""
    return occurred_at is not None and occurred_at < stay.valid_from


def _take_back(
    change: Change,
    stay: Stay,
    place: rules.Place,
    words: str,
    handling: int,
    seal: str,
    returned_by_id: int | None,
    said: Said,
    occurred_at: datetime | None,
) -> None:
    loan = moving.loan_of(stay) if stay.state == "held" else None
    since = None if _is_before(stay, occurred_at) else occurred_at
    moving.end(change, stay, at=since)
    if loan is not None:
        loan.refresh_from_db()
        loan.returned_by_id = returned_by_id
        loan.return_note_id = said.note.remark_id if said.note else None
        loan.left_at_id = said.left_at.remark_id if said.left_at else None
        loan.meter_id = said.meter.remark_id if said.meter else None
        loan.save(update_fields=["returned_by", "return_note", "left_at", "meter"])
    moving.begin(change, stay.copy_id, place, handling, since=since)
    shared = moving.moved(stay.copy, place, words, handling, since)
    if stay.state in {"missing", "destroyed"}:
        incident = settle_absence(change, stay.copy, said.note)
        change.record(
            facts.CopyFound(
                **shared,
                incident_id=incident,
                loan_id=None,
                due_at=None,
                review_on=None,
                **said.fields(),
            )
        )
    elif stay.state == "stored":
        change.record(facts.CopyMoved(**shared, **said.fields()))
    else:
        settle_absence(change, stay.copy, said.note)
        change.record(
            facts.CopyReturned(
                **shared,
                loan_id=loan.pk if loan else None,
                from_person_id=stay.person_id,
                from_space_id=stay.space_id,
                returned_by_person_id=returned_by_id,
                seal=seal,
                **said.fields(),
            )
        )


def _note_fault(change: Change, copies: Sequence[Copy], fault: str, *, is_critical: bool) -> None:
    for copy in copies:
        open_incident(change, "damaged", copy=copy, note=fault, is_critical=is_critical)


def _note_absent_and_seals(
    change: Change, absent: list[Stay], differing: list[Ring], seal_number: str | None
) -> None:
    """Open the cases of what a ring came back without, and of seals that are not theirs."""
    for stay in absent:
        open_incident(change, "missing-part", copy=stay.copy, last_holder_id=stay.person_id)
    for ring in differing:
        note = f"{ring.seal_number} ≠ {seal_number}"
        open_incident(change, "wrong-seal", ring=ring, note=note)


@operation(Right.EDIT_REGISTER, per_site=True)
def cut_copies(
    change: Change,
    *,
    key_id: int,
    count: int = 1,
    numbers: Sequence[int] | None = None,
    marks: Sequence[str] | None = None,
    container_id: int | None = None,
    position_id: int | None = None,
) -> list[int]:
    """Add numbered copies of a key and put them into stock, or into a container, in one step.

    The container and hook become where they belong. Returns the copies' ids.
    """
    place, words = moving.stored_at(change, container_id, position_id)
    copy_ids = keys.make_copies(
        change,
        key_id=key_id,
        count=count,
        numbers=numbers,
        marks=marks,
        home_container_id=container_id,
        home_position_id=position_id,
    )
    handling = change.sequence
    for copy in many(change, Copy, copy_ids, "copy").values():
        moving.begin(change, copy.pk, place, handling)
        change.record(facts.CopyStocked(**moving.moved(copy, place, words, handling)))
    return copy_ids


@operation(Right.EDIT_REGISTER, per_site=True)
def add_key_with_copies(
    change: Change,
    *,
    symbol: str = "",
    name: str = "",
    kind: str = "metal",
    system_id: int | None = None,
    parent_id: int | None = None,
    copies: int = 0,
    container_id: int | None = None,
    position_id: int | None = None,
    access_point_ids: Sequence[int] = (),
) -> int:
    """Add a key, its numbered copies and the doors it opens in one step; returns the key's id."""
    key_id = keys.add_key(
        change, symbol=symbol, name=name, kind=kind, system_id=system_id, parent_id=parent_id
    )
    if copies:
        cut_copies(
            change,
            key_id=key_id,
            count=copies,
            container_id=container_id,
            position_id=position_id,
        )
    for access_point_id in access_point_ids:
        keys.note_key_opens_access_point(change, key_id=key_id, access_point_id=access_point_id)
    return key_id


@operation(Right.HAND_OUT, per_site=True)
def move_copies(
    change: Change,
    *,
    copy_ids: Sequence[int] = (),
    ring_ids: Sequence[int] = (),
    container_id: int | None = None,
    position_id: int | None = None,
) -> int | None:
    """Keep copies in stock somewhere else; returns the handling (None: all were there already).

    Raises CopyAlreadyOut for a copy that is not in stock.
    """
    place, words = moving.stored_at(change, container_id, position_id)
    chosen = moving.choose(change, copy_ids, ring_ids)
    stays = moving.open_stays(change, chosen.copy_ids)
    for stay in stays.values():
        if stay.state != "stored":
            raise errors.CopyAlreadyOut(
                _(
                    "%(label)s is not in stock. Take it back instead.",
                    label=moving.label_of(stay.copy),
                ),
                copy_id=stay.copy_id,
                person_id=stay.person_id,
                since=stay.valid_from.isoformat(),
            )
    going = [stay for stay in stays.values() if moving.place_of(stay) != place]
    if not going:
        return change.unchanged(None)
    handling = change.sequence
    for stay in going:
        moving.end(change, stay)
        moving.begin(change, stay.copy_id, place, handling)
        change.record(facts.CopyMoved(**moving.moved(stay.copy, place, words, handling)))
    return handling


@operation(Right.HAND_OUT, per_site=True)
def destroy_copies(change: Change, *, copy_ids: Sequence[int], note: str | None = None) -> None:
    """Note that copies were destroyed. Their records and their story stay for ever."""
    stays = moving.open_stays(change, copy_ids)
    going = [stay for stay in stays.values() if stay.state != "destroyed"]
    if not going:
        return change.unchanged(None)
    remark, handling, place = change.remark(note), change.sequence, rules.Place("destroyed")
    for stay in going:
        moving.end(change, stay)
        moving.begin(change, stay.copy_id, place, handling)
        settle_absence(change, stay.copy, remark)
        change.record(
            facts.CopyDestroyed(
                **moving.moved(stay.copy, place, "", handling),
                last_person_id=stay.person_id,
                **moving.remark_fields("note", remark),
            )
        )
    return None
