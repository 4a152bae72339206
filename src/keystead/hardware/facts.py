"""What can happen to locks, cylinders, containers and codes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerAdded(Fact):
    """A cabinet, lockbox, drawer … came onto the register."""

    name: ClassVar[str] = "hardware.container-added"
    sentence: ClassVar[str] = _("added %(container_name)s")
    container_id: int
    container_name: str
    kind: str
    site_id: int
    space_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerChanged(Fact):
    """A container was renamed or stands elsewhere."""

    name: ClassVar[str] = "hardware.container-changed"
    sentence: ClassVar[str] = _("changed %(new_name)s")
    container_id: int
    old_name: str
    new_name: str
    kind: str
    old_space_id: int | None
    new_space_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRetired(Fact):
    """A container is no longer used."""

    name: ClassVar[str] = "hardware.container-retired"
    sentence: ClassVar[str] = _("took %(container_name)s out of use")
    container_id: int
    container_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionsAdded(Fact):
    """A container got hooks or slots."""

    name: ClassVar[str] = "hardware.positions-added"
    sentence: ClassVar[str] = _("added %(count)s hooks to %(container_name)s")
    container_id: int
    container_name: str
    count: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockAdded(Fact):
    """A lock was put on an access point or container."""

    name: ClassVar[str] = "hardware.lock-added"
    sentence: ClassVar[str] = _("added the lock %(lock_name)s")
    lock_id: int
    lock_name: str
    kind: str
    access_point_id: int | None
    container_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRetired(Fact):
    """A lock was taken off."""

    name: ClassVar[str] = "hardware.lock-retired"
    sentence: ClassVar[str] = _("took the lock %(lock_name)s off")
    lock_id: int
    lock_name: str
    access_point_id: int | None
    container_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CylinderAdded(Fact):
    """A cylinder came onto the register."""

    name: ClassVar[str] = "hardware.cylinder-added"
    sentence: ClassVar[str] = _("added the cylinder %(number)s")
    cylinder_id: int
    number: str
    is_listed_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CylinderFitted(Fact):
    """A cylinder was put into a lock; another one came out of it, if one was in."""

    name: ClassVar[str] = "hardware.cylinder-fitted"
    sentence: ClassVar[str] = _("put the cylinder %(number)s into %(lock_name)s")
    cylinder_id: int
    number: str
    lock_id: int
    lock_name: str
    access_point_id: int | None
    container_id: int | None
    old_cylinder_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CylinderRemoved(Fact):
    """A cylinder was taken out of its lock."""

    name: ClassVar[str] = "hardware.cylinder-removed"
    sentence: ClassVar[str] = _("took the cylinder %(number)s out of %(lock_name)s")
    cylinder_id: int
    number: str
    lock_id: int
    lock_name: str
    access_point_id: int | None
    container_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRecorded(Fact):
    """There is a code on a lock. Its value is not part of this, nor whether it is known."""

    name: ClassVar[str] = "hardware.code-recorded"
    sentence: ClassVar[str] = _("recorded the code %(code_name)s")
    code_id: int
    code_name: str
    lock_id: int
    access_point_id: int | None
    container_id: int | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChanged(Fact):
    """A code was changed at the lock: nobody told before knows it any more."""

    name: ClassVar[str] = "hardware.code-changed"
    sentence: ClassVar[str] = _("noted that the code %(code_name)s was changed")
    code_id: int
    code_name: str
    access_point_id: int | None
    container_id: int | None
    past_knower_person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTold(Fact):
    """A person was told a code."""

    name: ClassVar[str] = "hardware.code-told"
    sentence: ClassVar[str] = _("noted that %(person)s knows the code %(code_name)s")
    code_id: int
    code_name: str
    person_id: int
    access_point_id: int | None
    container_id: int | None
    occurred_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerBroughtBack(Fact):
    """A container that was out of use is used again. What belonged into it does so no longer."""

    name: ClassVar[str] = "hardware.container-brought-back"
    sentence: ClassVar[str] = _("brought %(container_name)s back into use")
    container_id: int
    container_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CylinderChanged(Fact):
    """The number of a cylinder was corrected, or which keys operate it."""

    name: ClassVar[str] = "hardware.cylinder-changed"
    sentence: ClassVar[str] = _("changed the cylinder %(new_number)s")
    cylinder_id: int
    old_number: str
    new_number: str
    was_listed_only: bool
    is_listed_only: bool


FACTS = (
    ContainerAdded,
    ContainerChanged,
    ContainerRetired,
    PositionsAdded,
    LockAdded,
    LockRetired,
    CylinderAdded,
    CylinderFitted,
    CylinderRemoved,
    CodeRecorded,
    CodeChanged,
    CodeTold,
    ContainerBroughtBack,
    CylinderChanged,
)
