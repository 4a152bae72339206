"""Recording codes, and who was told them."""

from datetime import datetime

from keystead.hardware import facts
from keystead.hardware.models import (
    IS_OPEN,
    Code,
    Container,
    Knower,
    Lock,
)
from keystead.hardware.operations.locks import add_lock, lock_in_use
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_in_use, within
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.people.models import Person
from keystead.places.models import AccessPoint
from keystead.vault import sealing

CODE_VALUE = "code.value"
"""The purpose a code's value is sealed for."""


@operation(Right.EDIT_REGISTER, per_site=True)
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
    lock = lock_in_use(change, lock_id)
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


@operation(Right.EDIT_REGISTER, per_site=True)
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
        one(change, AccessPoint, access_point_id, "access point")
        locks = locks.filter(access_point_id=access_point_id)
    elif container_id is not None:
        one(change, Container, container_id, "container")
        locks = locks.filter(container_id=container_id)
    else:
        locks = locks.none()
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


@operation(Right.EDIT_REGISTER, per_site=True)
def note_code_changed(change: Change, *, code_id: int) -> None:
    """Note that a code was changed at its lock now: past knowers know it no longer."""
    code = _code_in_use(change, code_id)
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


@operation(Right.EDIT_REGISTER, per_site=True)
def note_code_told(
    change: Change, *, code_id: int, person_id: int, occurred_at: datetime | None = None
) -> None:
    """Note that a person knows a code, since now or since `occurred_at` (aware, in the past)."""
    code = _code_in_use(change, code_id)
    one(change, Person, person_id, "person")
    if occurred_at is not None and occurred_at > change.at:
        raise Invalid(_("That lies in the future."), field="occurred_at")
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


def _code_in_use(change: Change, code_id: int) -> Code:
    """The code of this id. Raises NotFound, and OutOfUse where it or its lock is retired."""
    code = one(change, Code, code_id, "code")
    require_in_use(change, code)
    lock_in_use(change, code.lock_id)
    return code
