"""Copies of keys, the rings they hang on and the tags they wear."""

from collections.abc import Sequence
from typing import Literal

from keystead.hardware.models import IS_OPEN, Container, Position
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, made, many, one, require_version, within
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line, optional_line
from keystead.kernel.words import said as _
from keystead.keys import facts, rules
from keystead.keys.errors import CopyOnOtherRing, KeyIsRetired, RingIsSealed, TagTaken
from keystead.keys.models import Copy, Key, Ring, RingMember, Tag
from keystead.places.models import AccessPoint


@operation(Right.EDIT_REGISTER, per_site=True)
def make_copies(
    change: Change,
    *,
    key_id: int,
    count: int = 1,
    numbers: Sequence[int] | None = None,
    marks: Sequence[str] | None = None,
    home_container_id: int | None = None,
    home_position_id: int | None = None,
) -> list[int]:
    """Record new copies of a key, with the next numbers or with these; returns their ids.

    Custody calls this and says where they are: no copy is ever without a whereabouts.
    """
    key = one(change, Key, key_id, "key")
    if key.retired_at is not None:
        raise KeyIsRetired(_("%(label)s is out of use. No copies are made of it.", label=key.label))
    _require_home(change, home_container_id, home_position_id)
    wanted = _numbers(change, key, count, numbers)
    stamped = list(marks or [])
    rows = Copy.everything.bulk_create(
        Copy(
            workspace_id=change.workspace_id,
            pending_import=change.pending_import,
            key=key,
            number=number,
            mark=optional_line(stamped[i], field="marks", longest=60) if i < len(stamped) else "",
            home_container_id=home_container_id,
            home_position_id=home_position_id,
            made_at=change.at,
        )
        for i, number in enumerate(wanted)
    )
    key.next_number = max(key.next_number, max(wanted) + 1)
    key.save(update_fields=["next_number"])
    for row in rows:
        made(change, row)
        label = rules.copy_label(key.label, row.number)
        change.record(
            facts.CopyMade(copy_id=row.pk, copy_label=label, number=row.number, key_id=key.pk)
        )
    return [row.pk for row in rows]


def _numbers(change: Change, key: Key, count: int, numbers: Sequence[int] | None) -> list[int]:
    asked = count if numbers is None else len(numbers)
    if not 1 <= asked <= rules.MOST_COPIES_AT_ONCE:
        raise Invalid(
            _(
                "Between 1 and %(most_copies_at_once)s copies at once.",
                most_copies_at_once=rules.MOST_COPIES_AT_ONCE,
            ),
            field="count",
        )
    taken = frozenset(within(change, Copy).filter(key=key).values_list("number", flat=True))
    if numbers is None:
        return rules.free_numbers(asked, key.next_number, taken)
    for number in numbers:
        if not 1 <= number <= 1_000_000 or list(numbers).count(number) > 1:
            raise Invalid(_("Copy numbers are different whole numbers from 1."), field="numbers")
        if number in taken:
            raise NameTaken(
                _("There already is a copy %(label)s.", label=rules.copy_label(key.label, number)),
                field="numbers",
                number=number,
            )
    return list(numbers)


def _require_home(change: Change, container_id: int | None, position_id: int | None) -> None:
    if container_id is not None:
        one(change, Container, container_id, "container")
    if position_id is not None:
        position = one(change, Position, position_id, "hook")
        if position.container_id != container_id:
            raise Invalid(_("That hook is in another container."), field="home_position_id")


@operation(Right.EDIT_REGISTER, per_site=True)
def change_copy(
    change: Change,
    *,
    copy_id: int,
    version: int,
    mark: str = "",
    home_container_id: int | None = None,
    home_position_id: int | None = None,
) -> None:
    """Correct what is stamped on a copy and where it belongs, as read at `version`."""
    copy = one(change, Copy, copy_id, "copy")
    require_version(copy, version)
    _require_home(change, home_container_id, home_position_id)
    wanted = {
        "mark": optional_line(mark, field="mark", longest=60),
        "home_container_id": home_container_id,
        "home_position_id": home_position_id,
    }
    changed = apply(copy, wanted)
    if not changed:
        return change.unchanged(None)
    change.record(
        facts.CopyChanged(
            copy_id=copy.pk,
            copy_label=_label(copy),
            changed=changed,
            home_container_id=home_container_id,
            home_position_id=home_position_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_copy(change: Change, *, copy_id: int) -> None:
    """Take a copy out of use: it cannot be handed out, but it can always come back."""
    copy = one(change, Copy, copy_id, "copy")
    if copy.retired_at is not None:
        return change.unchanged(None)
    apply(copy, {"retired_at": change.at})
    change.record(facts.CopyRetired(copy_id=copy.pk, copy_label=_label(copy), key_id=copy.key_id))
    return None


def _label(copy: Copy) -> str:
    return rules.copy_label(copy.key.label, copy.number)


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
    _require_home(change, home_container_id, home_position_id)
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
        facts.RingAdded(ring_id=ring.pk, ring_name=cleaned, is_sealed=bool(seal), seal_number=seal)
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
    ring = one(change, Ring, ring_id, "ring")
    require_version(ring, version)
    cleaned = line(name, field="name", longest=60)
    if within(change, Ring).filter(name__iexact=cleaned).exclude(pk=ring_id).exists():
        raise NameTaken(
            _("There already is a ring called %(cleaned)s.", cleaned=cleaned), field="name"
        )
    _require_home(change, home_container_id, home_position_id)
    old_name = ring.name
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
            old_name=old_name,
            new_name=cleaned,
            home_container_id=home_container_id,
            home_position_id=home_position_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def put_on_ring(change: Change, *, ring_id: int, copy_ids: Sequence[int]) -> None:
    """Hang copies on a ring that is not sealed. Raises CopyOnOtherRing, RingIsSealed."""
    ring = one(change, Ring, ring_id, "ring")
    _require_unsealed(ring)
    copies = many(change, Copy, copy_ids, "copy")
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
                    label=_label(copy),
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
                copy_id=copy.pk, copy_label=_label(copy), ring_id=ring.pk, ring_name=ring.name
            )
        )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def take_off_ring(change: Change, *, ring_id: int, copy_ids: Sequence[int]) -> None:
    """Take copies off a ring that is not sealed. Whoever has them keeps them."""
    ring = one(change, Ring, ring_id, "ring")
    _require_unsealed(ring)
    members = within(change, RingMember).filter(IS_OPEN, ring=ring, copy_id__in=list(copy_ids))
    hanging = list(members.select_related("copy__key"))
    if not hanging:
        return change.unchanged(None)
    for member in hanging:
        member.valid_to = change.at
        member.save(update_fields=["valid_to"])
        change.record(
            facts.CopyTakenOffRing(
                copy_id=member.copy_id,
                copy_label=_label(member.copy),
                ring_id=ring.pk,
                ring_name=ring.name,
            )
        )
    return None


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
    ring = one(change, Ring, ring_id, "ring")
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
    ring = one(change, Ring, ring_id, "ring")
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


Taggable = Literal["copy", "ring", "container", "access_point"]


@operation(Right.EDIT_REGISTER, per_site=True)
def attach_tag(change: Change, *, text: str, kind: Taggable, thing_id: int) -> int:
    """Put a tag on a copy, ring, container or access point; a tag it wears comes off.

    `text` is what a scanner reads. Raises TagTaken while another thing wears it.
    """
    cleaned = line(text, field="text", longest=80)
    thing = _taggable(change, kind, thing_id)
    worn = within(change, Tag).filter(IS_OPEN, text__iexact=cleaned).first()
    if worn is not None and getattr(worn, f"{kind}_id") == thing_id:
        return change.unchanged(worn.pk)
    if worn is not None:
        raise TagTaken(_("Another thing wears this tag. Take it off there first."), field="text")
    within(change, Tag).filter(IS_OPEN, **{kind: thing}).update(valid_to=change.at)
    tag = Tag.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        text=cleaned,
        valid_from=change.at,
        recorded_seq=change.sequence,
        **{kind: thing},
    )
    named = _label(thing) if isinstance(thing, Copy) else str(thing)
    change.record(facts.TagAttached(tag_id=tag.pk, thing=named, **_target(tag)))
    return tag.pk


def _taggable(change: Change, kind: str, thing_id: int) -> Copy | Ring | Container | AccessPoint:
    if kind == "copy":
        return one(change, Copy, thing_id, "copy")
    if kind == "ring":
        return one(change, Ring, thing_id, "ring")
    if kind == "container":
        return one(change, Container, thing_id, "container")
    if kind == "access_point":
        return one(change, AccessPoint, thing_id, "access point")
    raise Invalid(_("A tag goes on a copy, ring, container or access point."), field="kind")


def _target(tag: Tag) -> dict[str, int | None]:
    return {
        "copy_id": tag.copy_id,
        "ring_id": tag.ring_id,
        "container_id": tag.container_id,
        "access_point_id": tag.access_point_id,
    }


@operation(Right.EDIT_REGISTER, per_site=True)
def remove_tag(change: Change, *, tag_id: int) -> None:
    """Take a tag off its thing; the thing's record stays."""
    tag = one(change, Tag, tag_id, "tag")
    if tag.valid_to is not None:
        return change.unchanged(None)
    tag.valid_to = change.at
    tag.save(update_fields=["valid_to"])
    thing = tag.copy or tag.ring or tag.container or tag.access_point
    named = _label(thing) if isinstance(thing, Copy) else str(thing)
    change.record(facts.TagRemoved(tag_id=tag.pk, thing=named, **_target(tag)))
    return None


def forget_home(change: Change, *, container_id: int) -> None:
    """Let nothing belong into a container any more, as part of taking it out of use."""
    gone = {"home_container": None, "home_position": None}
    within(change, Ring).filter(home_container_id=container_id).update(**gone)
    within(change, Copy).filter(home_container_id=container_id).update(**gone)
