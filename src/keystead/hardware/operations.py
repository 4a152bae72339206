"""Describing locks and containers, and who was told which code."""

from datetime import datetime

from keystead.hardware import facts, rules
from keystead.hardware.errors import CylinderElsewhere, LockOnOneThing
from keystead.hardware.models import (
    IS_OPEN,
    Code,
    Container,
    Cylinder,
    Fitting,
    Knower,
    Lock,
    Position,
)
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_version, within
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.text import line
from keystead.people.models import Person
from keystead.places.models import AccessPoint, Site, Space
from keystead.vault import sealing

CODE_VALUE = "code.value"
"""The purpose a code's value is sealed for."""


@operation(Right.EDIT_REGISTER)
def add_container(
    change: Change,
    *,
    site_id: int,
    name: str,
    kind: str = "cabinet",
    space_id: int | None = None,
    positions: int = 0,
) -> int:
    """Add a cabinet, lockbox, drawer … with `positions` numbered hooks; returns its id."""
    one(change, Site, site_id, "site")
    _require_kind(kind, rules.CONTAINER_KINDS)
    _require_space_on(change, site_id, space_id)
    cleaned = line(name, field="name")
    _require_free_container_name(change, site_id, cleaned)
    container = Container.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        site_id=site_id,
        space_id=space_id,
        kind=kind,
        name=cleaned,
    )
    change.record(
        facts.ContainerAdded(
            container_id=container.pk,
            container_name=cleaned,
            kind=kind,
            site_id=site_id,
            space_id=space_id,
        )
    )
    if positions:
        add_positions(change, container_id=container.pk, labels=rules.position_labels(positions))
    return container.pk


@operation(Right.EDIT_REGISTER)
def change_container(
    change: Change,
    *,
    container_id: int,
    version: int,
    name: str,
    kind: str,
    space_id: int | None = None,
) -> None:
    """Rename a container or note that it stands in another space of its site."""
    container = one(change, Container, container_id, "container")
    require_version(container, version)
    _require_kind(kind, rules.CONTAINER_KINDS)
    _require_space_on(change, container.site_id, space_id)
    cleaned = line(name, field="name")
    _require_free_container_name(change, container.site_id, cleaned, but=container_id)
    old_name, old_space = container.name, container.space_id
    if not apply(container, {"name": cleaned, "kind": kind, "space_id": space_id}):
        return change.unchanged(None)
    change.record(
        facts.ContainerChanged(
            container_id=container.pk,
            old_name=old_name,
            new_name=cleaned,
            kind=kind,
            old_space_id=old_space,
            new_space_id=space_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER)
def add_positions(change: Change, *, container_id: int, labels: list[str]) -> list[int]:
    """Give a container hooks or slots with these labels, in this order; returns their ids."""
    container = one(change, Container, container_id, "container")
    cleaned = [line(label, field="labels", longest=20) for label in labels]
    taken = {
        label.casefold(): rank
        for label, rank in within(change, Position)
        .filter(container=container)
        .values_list("label", "rank")
    }
    if not cleaned or len(taken) + len(cleaned) > rules.MOST_POSITIONS:
        raise Invalid(f"Give 1 to {rules.MOST_POSITIONS} hooks.", field="labels")
    wanted = [label.casefold() for label in cleaned]
    doubled = sorted({label for label in wanted if label in taken or wanted.count(label) > 1})
    if doubled:
        raise NameTaken(f"The hook {doubled[0]} is there already.", field="labels")
    first = max(taken.values(), default=0) + 1
    rows = Position.everything.bulk_create(
        Position(
            workspace_id=change.workspace_id,
            pending_import=change.pending_import,
            container=container,
            label=label,
            rank=first + index,
        )
        for index, label in enumerate(cleaned)
    )
    change.record(
        facts.PositionsAdded(
            container_id=container.pk,
            container_name=container.name,
            count=len(cleaned),
            labels=tuple(cleaned),
        )
    )
    return [row.pk for row in rows]


@operation(Right.EDIT_REGISTER)
def retire_container(change: Change, *, container_id: int) -> None:
    """Note that a container is no longer used. Refused by custody while something is in it."""
    container = one(change, Container, container_id, "container")
    if container.retired_at is not None:
        return change.unchanged(None)
    apply(container, {"retired_at": change.at})
    change.record(facts.ContainerRetired(container_id=container.pk, container_name=container.name))
    return None


@operation(Right.EDIT_REGISTER)
def add_lock(
    change: Change,
    *,
    name: str,
    kind: str = "mechanical",
    access_point_id: int | None = None,
    container_id: int | None = None,
    cylinder_number: str = "",
) -> int:
    """Put a lock on an access point or on a container, with the cylinder in it if known.

    Returns the lock's id.
    """
    if (access_point_id is None) == (container_id is None):
        raise LockOnOneThing("Choose one door or one container for this lock.")
    if access_point_id is not None:
        one(change, AccessPoint, access_point_id, "access point")
    if container_id is not None:
        one(change, Container, container_id, "container")
    _require_kind(kind, rules.LOCK_KINDS)
    lock = Lock.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        access_point_id=access_point_id,
        container_id=container_id,
        kind=kind,
        name=line(name, field="name"),
    )
    change.record(
        facts.LockAdded(
            lock_id=lock.pk,
            lock_name=lock.name,
            kind=kind,
            access_point_id=access_point_id,
            container_id=container_id,
        )
    )
    if cylinder_number.strip():
        fit_cylinder_numbered(change, lock_id=lock.pk, number=cylinder_number)
    return lock.pk


@operation(Right.EDIT_REGISTER)
def retire_lock(change: Change, *, lock_id: int) -> None:
    """Note that a lock was taken off. Its cylinder, if any, comes out of it."""
    lock = one(change, Lock, lock_id, "lock")
    if lock.retired_at is not None:
        return change.unchanged(None)
    _close_fittings(change, lock_id=lock.pk)
    lock.retired_at = change.at
    lock.save(update_fields=["retired_at"])
    change.record(
        facts.LockRetired(
            lock_id=lock.pk,
            lock_name=lock.name,
            access_point_id=lock.access_point_id,
            container_id=lock.container_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER)
def add_cylinder(change: Change, *, number: str, is_listed_only: bool = False) -> int:
    """Add a cylinder and return its id. `is_listed_only`: cross-keyed (X) or NMK."""
    cleaned = line(number, field="number", longest=40)
    if within(change, Cylinder).filter(number__iexact=cleaned).exists():
        raise NameTaken(f"There already is a cylinder {cleaned}.", field="number")
    cylinder = Cylinder.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        number=cleaned,
        is_listed_only=is_listed_only,
    )
    change.record(
        facts.CylinderAdded(cylinder_id=cylinder.pk, number=cleaned, is_listed_only=is_listed_only)
    )
    return cylinder.pk


@operation(Right.EDIT_REGISTER)
def fit_cylinder(change: Change, *, lock_id: int, cylinder_id: int) -> None:
    """Put a cylinder into a lock from now on; whatever was in it comes out.

    Raises CylinderElsewhere while the cylinder sits in another lock.
    """
    lock = one(change, Lock, lock_id, "lock")
    cylinder = one(change, Cylinder, cylinder_id, "cylinder")
    now_in = within(change, Fitting).filter(IS_OPEN, cylinder=cylinder).first()
    if now_in is not None and now_in.lock_id == lock_id:
        return change.unchanged(None)
    if now_in is not None:
        raise CylinderElsewhere(
            f"Cylinder {cylinder.number} sits in {now_in.lock.name}. Take it out there first.",
            lock_id=now_in.lock_id,
        )
    old = _close_fittings(change, lock_id=lock_id)
    Fitting.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        lock=lock,
        cylinder=cylinder,
        valid_from=change.at,
        recorded_seq=change.sequence,
    )
    change.record(
        facts.CylinderFitted(
            cylinder_id=cylinder.pk,
            number=cylinder.number,
            lock_id=lock.pk,
            lock_name=lock.name,
            access_point_id=lock.access_point_id,
            container_id=lock.container_id,
            old_cylinder_id=old,
        )
    )
    return None


@operation(Right.EDIT_REGISTER)
def fit_cylinder_numbered(
    change: Change, *, lock_id: int, number: str, is_listed_only: bool = False
) -> int:
    """Put the cylinder of this number into a lock, as `fit_cylinder` does; returns its id.

    A number nobody has described yet is added; only then `is_listed_only` counts.
    """
    known = within(change, Cylinder).filter(number__iexact=number.strip()).first()
    cylinder_id = (
        known.pk
        if known is not None
        else add_cylinder(change, number=number, is_listed_only=is_listed_only)
    )
    fit_cylinder(change, lock_id=lock_id, cylinder_id=cylinder_id)
    return cylinder_id


@operation(Right.EDIT_REGISTER)
def remove_cylinder(change: Change, *, lock_id: int) -> None:
    """Take the cylinder out of a lock, now."""
    lock = one(change, Lock, lock_id, "lock")
    cylinder_id = _close_fittings(change, lock_id=lock_id)
    if cylinder_id is None:
        return change.unchanged(None)
    cylinder = one(change, Cylinder, cylinder_id, "cylinder")
    change.record(
        facts.CylinderRemoved(
            cylinder_id=cylinder.pk,
            number=cylinder.number,
            lock_id=lock.pk,
            lock_name=lock.name,
            access_point_id=lock.access_point_id,
            container_id=lock.container_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER)
def record_code(
    change: Change,
    *,
    lock_id: int,
    name: str,
    changed_at: datetime | None = None,
    value: Secret | None = None,
) -> int:
    """Record that a lock has a code, and since when it is this one (aware; None: not known).

    A `value` is sealed in the vault; nothing shows whether there is one. Returns the code's id.
    """
    lock = one(change, Lock, lock_id, "lock")
    code = Code(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        lock=lock,
        name=line(name, field="name"),
        changed_at=changed_at,
    )
    if value is not None:
        code.sealed = sealing.seal(
            value, workspace_id=change.workspace_id, row=code.uuid, purpose=CODE_VALUE
        )
    code.save(force_insert=True)
    change.record(
        facts.CodeRecorded(
            code_id=code.pk,
            code_name=code.name,
            lock_id=lock.pk,
            access_point_id=lock.access_point_id,
            container_id=lock.container_id,
            changed_at=changed_at,
        )
    )
    return code.pk


@operation(Right.EDIT_REGISTER)
def record_code_on(
    change: Change,
    *,
    name: str,
    access_point_id: int | None = None,
    container_id: int | None = None,
    changed_at: datetime | None = None,
) -> int:
    """Record a code of a door or container whose locks nobody described; returns the code's id.

    It belongs to the first code lock; where there is none, one of that name is described.
    """
    locks = within(change, Lock).filter(retired_at=None).exclude(kind="mechanical")
    if access_point_id is not None:
        locks = locks.filter(access_point_id=access_point_id)
    else:
        locks = locks.filter(container_id=container_id or 0)
    lock = locks.order_by("pk").first()
    lock_id = lock.pk if lock else None
    if lock_id is None:
        lock_id = add_lock(
            change,
            name=name,
            kind="keypad",
            access_point_id=access_point_id,
            container_id=container_id,
        )
    return record_code(change, lock_id=lock_id, name=name, changed_at=changed_at)


@operation(Right.EDIT_REGISTER)
def note_code_changed(change: Change, *, code_id: int) -> None:
    """Note that a code was changed at its lock now: past knowers know it no longer."""
    code = one(change, Code, code_id, "code")
    knowers = within(change, Knower).filter(IS_OPEN, code=code)
    past = tuple(sorted(knowers.values_list("person_id", flat=True)))
    knowers.update(valid_to=change.at)
    apply(code, {"changed_at": change.at, "sealed": None})
    change.record(
        facts.CodeChanged(
            code_id=code.pk,
            code_name=code.name,
            access_point_id=code.lock.access_point_id,
            container_id=code.lock.container_id,
            past_knower_person_ids=past,
        )
    )


@operation(Right.EDIT_REGISTER)
def note_code_told(
    change: Change, *, code_id: int, person_id: int, occurred_at: datetime | None = None
) -> None:
    """Note that a person knows a code, since now or since `occurred_at` (aware, in the past)."""
    code = one(change, Code, code_id, "code")
    one(change, Person, person_id, "person")
    if occurred_at is not None and occurred_at > change.at:
        raise Invalid("That lies in the future.", field="occurred_at")
    if within(change, Knower).filter(IS_OPEN, code=code, person_id=person_id).exists():
        return change.unchanged(None)
    Knower.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        code=code,
        person_id=person_id,
        valid_from=occurred_at or change.at,
        recorded_seq=change.sequence,
    )
    change.record(
        facts.CodeTold(
            code_id=code.pk,
            code_name=code.name,
            person_id=person_id,
            access_point_id=code.lock.access_point_id,
            container_id=code.lock.container_id,
            occurred_at=occurred_at,
        )
    )
    return None


def _close_fittings(change: Change, *, lock_id: int) -> int | None:
    """End what sits in a lock; returns the cylinder that came out."""
    fitting = within(change, Fitting).filter(IS_OPEN, lock_id=lock_id).first()
    if fitting is None:
        return None
    fitting.valid_to = change.at
    fitting.save(update_fields=["valid_to"])
    return fitting.cylinder_id


def _require_kind(kind: str, allowed: tuple[str, ...]) -> None:
    if kind not in allowed:
        raise Invalid(f"Choose one of: {', '.join(allowed)}.", field="kind")


def _require_space_on(change: Change, site_id: int, space_id: int | None) -> None:
    if space_id is not None and one(change, Space, space_id, "space").site_id != site_id:
        raise Invalid("That space is on another site.", field="space_id")


def _require_free_container_name(
    change: Change, site_id: int, name: str, but: int | None = None
) -> None:
    same = within(change, Container).filter(site_id=site_id, name__iexact=name)
    if same.exclude(pk=but or 0).exists():
        raise NameTaken(f"There already is a container called {name} here.", field="name")
