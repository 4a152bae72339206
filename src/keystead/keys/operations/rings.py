"""The rings copies hang on, and their seals."""

from collections.abc import Sequence
from typing import Any

from keystead.hardware.models import IS_OPEN
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, made, many, one, require_in_use, require_version, within
from keystead.kernel.errors import NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line, optional_line
from keystead.kernel.words import said as _
from keystead.keys import facts
from keystead.keys.errors import CopyOnOtherRing, RingIsSealed
from keystead.keys.models import Copy, Ring, RingMember
from keystead.keys.operations.copies import home_words, label_of, require_home


@operation(Right.EDIT_REGISTER, per_site=True)
def add_ring(
    change: Change,
    *,
    name: str,
    copy_ids: Sequence[int] = (),
    seal_number: str = "",
    home_container_id: int | None = None,
    home_position_id: int | None = None,
) -> int:
    """Add a ring with these copies on it, sealed if a seal number is given; returns its id."""
    cleaned = line(name, field="name", longest=60)
    if within(change, Ring).filter(name__iexact=cleaned).exists():
        raise NameTaken(
            _("There already is a ring called %(cleaned)s.", cleaned=cleaned), field="name"
        )
    home = require_home(change, home_container_id, home_position_id)
    seal = optional_line(seal_number, field="seal_number", longest=40)
    ring = Ring.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        name=cleaned,
        home_container_id=home_container_id,
        home_position_id=home_position_id,
    )
    made(change, ring)
    change.record(
        facts.RingAdded(
            ring_id=ring.pk,
            ring_name=cleaned,
            is_sealed=bool(seal),
            seal_number=seal,
            home_container_id=home_container_id,
            home_position_id=home_position_id,
            home=home,
        )
    )
    if copy_ids:
        put_on_ring(change, ring_id=ring.pk, copy_ids=copy_ids)
    if seal:
        ring.is_sealed, ring.seal_number = True, seal
        ring.save(update_fields=["is_sealed", "seal_number"])
    return ring.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_ring(
    change: Change,
    *,
    ring_id: int,
    version: int,
    name: str,
    home_container_id: int | None = None,
    home_position_id: int | None = None,
) -> None:
    """Rename a ring or say where it belongs, as read at `version`."""
    ring = _ring_in_use(change, ring_id)
    require_version(ring, version)
    cleaned = line(name, field="name", longest=60)
    if within(change, Ring).filter(name__iexact=cleaned).exclude(pk=ring_id).exists():
        raise NameTaken(
            _("There already is a ring called %(cleaned)s.", cleaned=cleaned), field="name"
        )
    home = require_home(change, home_container_id, home_position_id)
    before: dict[str, Any] = {
        "old_name": ring.name,
        "old_home_container_id": ring.home_container_id,
        "old_home_position_id": ring.home_position_id,
        "old_home": home_words(ring.home_container, ring.home_position),
    }
    wanted = {
        "name": cleaned,
        "home_container_id": home_container_id,
        "home_position_id": home_position_id,
    }
    if not apply(ring, wanted):
        return change.unchanged(None)
    change.record(
        facts.RingChanged(
            ring_id=ring.pk,
            new_name=cleaned,
            home_container_id=home_container_id,
            home_position_id=home_position_id,
            home=home,
            **before,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def put_on_ring(change: Change, *, ring_id: int, copy_ids: Sequence[int]) -> None:
    """Hang copies on a ring that is not sealed. Raises CopyOnOtherRing, RingIsSealed."""
    ring = _ring_in_use(change, ring_id)
    _require_unsealed(ring)
    copies = many(change, Copy, copy_ids, "copy")
    for copy in copies.values():
        require_in_use(change, copy, label_of(copy))
    hanging = {
        member.copy_id: member
        for member in within(change, RingMember)
        .filter(IS_OPEN, copy_id__in=copies)
        .select_related("ring")
    }
    fresh = []
    for copy_id, copy in copies.items():
        member = hanging.get(copy_id)
        if member is None:
            fresh.append(copy)
        elif member.ring_id != ring_id:
            raise CopyOnOtherRing(
                _(
                    "%(label)s hangs on the ring %(name)s. Take it off there first.",
                    label=label_of(copy),
                    name=member.ring.name,
                ),
                copy_id=copy_id,
                ring_id=member.ring_id,
            )
    if not fresh:
        return change.unchanged(None)
    for copy in fresh:
        RingMember.everything.create(
            workspace_id=change.workspace_id,
            pending_import=change.pending_import,
            ring=ring,
            copy=copy,
            valid_from=change.at,
            recorded_seq=change.sequence,
        )
        change.record(
            facts.CopyPutOnRing(
                copy_id=copy.pk, copy_label=label_of(copy), ring_id=ring.pk, ring_name=ring.name
            )
        )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def take_off_ring(change: Change, *, ring_id: int, copy_ids: Sequence[int]) -> None:
    """Take copies off a ring that is not sealed. Whoever has them keeps them."""
    ring = _ring_in_use(change, ring_id)
    _require_unsealed(ring)
    named = many(change, Copy, copy_ids, "copy")
    members = within(change, RingMember).filter(IS_OPEN, ring=ring, copy_id__in=list(named))
    hanging = list(members.select_related("copy__key"))
    if not hanging:
        return change.unchanged(None)
    for member in hanging:
        member.valid_to = change.at
        member.save(update_fields=["valid_to"])
        change.record(
            facts.CopyTakenOffRing(
                copy_id=member.copy_id,
                copy_label=label_of(member.copy),
                ring_id=ring.pk,
                ring_name=ring.name,
            )
        )
    return None


def _ring_in_use(change: Change, ring_id: int) -> Ring:
    ring = one(change, Ring, ring_id, "ring")
    require_in_use(change, ring)
    return ring


def _require_unsealed(ring: Ring) -> None:
    if ring.is_sealed:
        raise RingIsSealed(
            _(
                "The ring %(name)s is sealed (%(seal_number)s). Open the seal first.",
                name=ring.name,
                seal_number=ring.seal_number,
            ),
            ring_id=ring.pk,
        )


@operation(Right.HAND_OUT, per_site=True)
def seal_ring(change: Change, *, ring_id: int, seal_number: str) -> None:
    """Put a seal with this number on a ring, in place of an older one."""
    ring = _ring_in_use(change, ring_id)
    seal = line(seal_number, field="seal_number", longest=40)
    if ring.is_sealed and ring.seal_number == seal:
        return change.unchanged(None)
    old = ring.seal_number
    apply(ring, {"is_sealed": True, "seal_number": seal})
    change.record(
        facts.RingSealed(
            ring_id=ring.pk, ring_name=ring.name, seal_number=seal, old_seal_number=old
        )
    )
    return None


@operation(Right.HAND_OUT, per_site=True)
def break_seal(change: Change, *, ring_id: int) -> None:
    """Note that a ring's seal was opened: its copies can be changed and handed out singly."""
    ring = _ring_in_use(change, ring_id)
    if not ring.is_sealed:
        return change.unchanged(None)
    seal = ring.seal_number
    apply(ring, {"is_sealed": False, "seal_number": ""})
    change.record(facts.SealBroken(ring_id=ring.pk, ring_name=ring.name, seal_number=seal))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_ring(change: Change, *, ring_id: int) -> None:
    """Take a ring out of use; what hangs on it comes off and stays where it is."""
    ring = one(change, Ring, ring_id, "ring")
    if ring.retired_at is not None:
        return change.unchanged(None)
    break_seal(change, ring_id=ring_id)
    ring.refresh_from_db()
    hanging = within(change, RingMember).filter(IS_OPEN, ring=ring)
    if ids := list(hanging.values_list("copy_id", flat=True)):
        take_off_ring(change, ring_id=ring_id, copy_ids=ids)
    apply(ring, {"retired_at": change.at})
    change.record(facts.RingRetired(ring_id=ring.pk, ring_name=ring.name))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def bring_back_ring(change: Change, *, ring_id: int) -> None:
    """Use a ring again that was retired. Nothing hangs on it; it belongs where it did."""
    ring = one(change, Ring, ring_id, "ring")
    if ring.retired_at is None:
        return change.unchanged(None)
    apply(ring, {"retired_at": None})
    change.record(facts.RingBroughtBack(ring_id=ring.pk, ring_name=ring.name))
    return None
