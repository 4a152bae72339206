"""Describing locks and the cylinders in them."""

from keystead.hardware import facts, rules
from keystead.hardware.errors import CylinderElsewhere, LockOnOneThing
from keystead.hardware.models import (
    IS_OPEN,
    Container,
    Cylinder,
    Fitting,
    Lock,
)
from keystead.hardware.operations.containers import require_kind
from keystead.journal.operation import Change, operation
from keystead.journal.rows import (
    apply,
    made,
    mine,
    one,
    require_in_use,
    require_version,
    within,
)
from keystead.kernel.errors import NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.places.models import AccessPoint


@operation(Right.EDIT_REGISTER, per_site=True)
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
        raise LockOnOneThing(_("Choose one door or one container for this lock."))
    if access_point_id is not None:
        require_in_use(change, one(change, AccessPoint, access_point_id, "access point"))
    if container_id is not None:
        require_in_use(change, one(change, Container, container_id, "container"))
    require_kind(kind, rules.LOCK_KINDS)
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


@operation(Right.EDIT_REGISTER, per_site=True)
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
    """Add a cylinder and return its id. `is_listed_only`: cross-keyed (X) or NMK.

    Until it sits in a lock it belongs to no site.
    """
    return _add_cylinder(change, number, is_listed_only=is_listed_only)


def _add_cylinder(change: Change, number: str, *, is_listed_only: bool) -> int:
    cleaned = line(number, field="number", longest=40)
    if within(change, Cylinder).filter(number__iexact=cleaned).exists():
        raise NameTaken(
            _("There already is a cylinder %(cleaned)s.", cleaned=cleaned), field="number"
        )
    cylinder = Cylinder.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        number=cleaned,
        is_listed_only=is_listed_only,
    )
    made(change, cylinder)
    change.record(
        facts.CylinderAdded(cylinder_id=cylinder.pk, number=cleaned, is_listed_only=is_listed_only)
    )
    return cylinder.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_cylinder(
    change: Change, *, cylinder_id: int, number: str, is_listed_only: bool, version: int
) -> None:
    """Correct a cylinder's number, or whether only the keys listed operate it."""
    cylinder = one(change, Cylinder, cylinder_id, "cylinder")
    require_version(cylinder, version)
    cleaned = line(number, field="number", longest=40)
    same = within(change, Cylinder).filter(number__iexact=cleaned).exclude(pk=cylinder.pk)
    if same.exists():
        raise NameTaken(
            _("There already is a cylinder %(cleaned)s.", cleaned=cleaned), field="number"
        )
    old_number, was_listed_only = cylinder.number, cylinder.is_listed_only
    if not apply(cylinder, {"number": cleaned, "is_listed_only": is_listed_only}):
        return change.unchanged(None)
    change.record(
        facts.CylinderChanged(
            cylinder_id=cylinder.pk,
            old_number=old_number,
            new_number=cleaned,
            was_listed_only=was_listed_only,
            is_listed_only=is_listed_only,
        )
    )
    return None


def lock_in_use(change: Change, lock_id: int) -> Lock:
    """The lock of this id. Raises NotFound, and OutOfUse where it or what it is on is retired."""
    lock = one(change, Lock, lock_id, "lock")
    require_in_use(change, lock)
    if lock.access_point is not None:
        require_in_use(change, lock.access_point)
    if lock.container is not None:
        require_in_use(change, lock.container)
    return lock


@operation(Right.EDIT_REGISTER, per_site=True)
def fit_cylinder(change: Change, *, lock_id: int, cylinder_id: int) -> None:
    """Put a cylinder into a lock from now on; whatever was in it comes out.

    Raises CylinderElsewhere while the cylinder sits in another lock.
    """
    lock = lock_in_use(change, lock_id)
    cylinder = one(change, Cylinder, cylinder_id, "cylinder")
    now_in = within(change, Fitting).filter(IS_OPEN, cylinder=cylinder).first()
    if now_in is not None and now_in.lock_id == lock_id:
        return change.unchanged(None)
    if now_in is not None:
        raise CylinderElsewhere(
            _(
                "Cylinder %(number)s sits in %(name)s. Take it out there first.",
                number=cylinder.number,
                name=now_in.lock.name,
            ),
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


@operation(Right.EDIT_REGISTER, per_site=True)
def fit_cylinder_numbered(
    change: Change, *, lock_id: int, number: str, is_listed_only: bool = False
) -> int:
    """Put the cylinder of this number into a lock, as `fit_cylinder` does; returns its id.

    A number nobody has described yet is added; only then `is_listed_only` counts.
    """
    lock_in_use(change, lock_id)
    known = within(change, Cylinder).filter(number__iexact=number.strip()).first()
    if known is not None and not change.scope.is_everything:
        _require_mine(change, known)
    cylinder_id = (
        known.pk
        if known is not None
        else _add_cylinder(change, number, is_listed_only=is_listed_only)
    )
    fit_cylinder(change, lock_id=lock_id, cylinder_id=cylinder_id)
    return cylinder_id


def _require_mine(change: Change, cylinder: Cylinder) -> None:
    if not mine(change, within(change, Cylinder).filter(pk=cylinder.pk)).exists():
        raise NameTaken(_("Another cylinder has this number already."), field="number")


@operation(Right.EDIT_REGISTER, per_site=True)
def remove_cylinder(change: Change, *, lock_id: int) -> None:
    """Take the cylinder out of a lock, now."""
    lock = lock_in_use(change, lock_id)
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


def _close_fittings(change: Change, *, lock_id: int) -> int | None:
    """End what sits in a lock; returns the cylinder that came out."""
    fitting = within(change, Fitting).filter(IS_OPEN, lock_id=lock_id).first()
    if fitting is None:
        return None
    fitting.valid_to = change.at
    fitting.save(update_fields=["valid_to"])
    return fitting.cylinder_id
