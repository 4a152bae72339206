"""What can happen to keys, copies, rings and tags."""

from dataclasses import dataclass
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySystemAdded(Fact):
    """A master-key system came onto the register."""

    name: ClassVar[str] = "keys.system-added"
    sentence: ClassVar[str] = _("added the key system %(system_name)s")
    key_system_id: int
    system_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(Fact):
    """A key came onto the register."""

    name: ClassVar[str] = "keys.key-added"
    sentence: ClassVar[str] = _("added the key %(key_label)s")
    key_id: int
    key_label: str
    key_name: str
    kind: str
    key_system_id: int | None
    above_key_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChanged(Fact):
    """A key was renamed or stands elsewhere in the hierarchy."""

    name: ClassVar[str] = "keys.key-changed"
    sentence: ClassVar[str] = _("changed the key %(new_label)s")
    key_id: int
    old_label: str
    new_label: str
    new_name: str
    old_above_key_id: int | None
    new_above_key_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(Fact):
    """A key is no longer in use: no copies are made or handed out."""

    name: ClassVar[str] = "keys.key-retired"
    sentence: ClassVar[str] = _("took the key %(key_label)s out of use")
    key_id: int
    key_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOpens(Fact):
    """A key opens a cylinder from now on."""

    name: ClassVar[str] = "keys.key-opens"
    sentence: ClassVar[str] = _("noted that %(key_label)s opens cylinder %(number)s")
    key_id: int
    key_label: str
    cylinder_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNoLongerOpens(Fact):
    """A key opens a cylinder no longer."""

    name: ClassVar[str] = "keys.key-no-longer-opens"
    sentence: ClassVar[str] = _("noted that %(key_label)s no longer opens cylinder %(number)s")
    key_id: int
    key_label: str
    cylinder_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMade(Fact):
    """A copy of a key exists: cut now, or found to exist and counted in."""

    name: ClassVar[str] = "keys.copy-made"
    sentence: ClassVar[str] = _("recorded the copy %(copy_label)s")
    copy_id: int
    copy_label: str
    number: int
    key_id: int
    mark: str = ""
    home_container_id: int | None = None
    home_position_id: int | None = None
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyChanged(Fact):
    """What is stamped on a copy, or where it belongs, was corrected.

    `home` and `old_home` name the container and hook in words.
    """

    name: ClassVar[str] = "keys.copy-changed"
    sentence: ClassVar[str] = _("changed the record of %(copy_label)s")
    copy_id: int
    copy_label: str
    changed: tuple[str, ...]
    home_container_id: int | None
    home_position_id: int | None
    home: str = ""
    mark: str = ""
    old_mark: str = ""
    old_home_container_id: int | None = None
    old_home_position_id: int | None = None
    old_home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRetired(Fact):
    """A copy is not handed out any more. It still exists."""

    name: ClassVar[str] = "keys.copy-retired"
    sentence: ClassVar[str] = _("took %(copy_label)s out of use")
    copy_id: int
    copy_label: str
    key_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAdded(Fact):
    """A ring came onto the register."""

    name: ClassVar[str] = "keys.ring-added"
    sentence: ClassVar[str] = _("added the ring %(ring_name)s")
    ring_id: int
    ring_name: str
    is_sealed: bool
    seal_number: str
    home_container_id: int | None = None
    home_position_id: int | None = None
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingChanged(Fact):
    """A ring was renamed or belongs elsewhere."""

    name: ClassVar[str] = "keys.ring-changed"
    sentence: ClassVar[str] = _("changed the ring %(new_name)s")
    ring_id: int
    old_name: str
    new_name: str
    home_container_id: int | None
    home_position_id: int | None
    home: str = ""
    old_home_container_id: int | None = None
    old_home_position_id: int | None = None
    old_home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSealed(Fact):
    """A ring carries a new seal."""

    name: ClassVar[str] = "keys.ring-sealed"
    sentence: ClassVar[str] = _("sealed the ring %(ring_name)s with %(seal_number)s")
    ring_id: int
    ring_name: str
    seal_number: str
    old_seal_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealBroken(Fact):
    """The seal of a ring was opened."""

    name: ClassVar[str] = "keys.seal-broken"
    sentence: ClassVar[str] = _("opened the seal %(seal_number)s of the ring %(ring_name)s")
    ring_id: int
    ring_name: str
    seal_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPutOnRing(Fact):
    """A copy hangs on a ring from now on."""

    name: ClassVar[str] = "keys.copy-put-on-ring"
    sentence: ClassVar[str] = _("put %(copy_label)s on the ring %(ring_name)s")
    copy_id: int
    copy_label: str
    ring_id: int
    ring_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTakenOffRing(Fact):
    """A copy hangs on a ring no longer. Who has it does not change by that."""

    name: ClassVar[str] = "keys.copy-taken-off-ring"
    sentence: ClassVar[str] = _("took %(copy_label)s off the ring %(ring_name)s")
    copy_id: int
    copy_label: str
    ring_id: int
    ring_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRetired(Fact):
    """A ring is no longer used."""

    name: ClassVar[str] = "keys.ring-retired"
    sentence: ClassVar[str] = _("took the ring %(ring_name)s out of use")
    ring_id: int
    ring_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAttached(Fact):
    """A thing wears a tag from now on; a tag it wore before (`old_tag`) came off."""

    name: ClassVar[str] = "keys.tag-attached"
    sentence: ClassVar[str] = _("put a tag on %(thing)s")
    tag_id: int
    thing: str
    copy_id: int | None
    ring_id: int | None
    container_id: int | None
    access_point_id: int | None
    tag: str = ""
    old_tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRemoved(Fact):
    """A tag came off its thing."""

    name: ClassVar[str] = "keys.tag-removed"
    sentence: ClassVar[str] = _("took a tag off %(thing)s")
    tag_id: int
    thing: str
    copy_id: int | None
    ring_id: int | None
    container_id: int | None
    access_point_id: int | None
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBroughtBack(Fact):
    """A key that was out of use is used again."""

    name: ClassVar[str] = "keys.key-brought-back"
    sentence: ClassVar[str] = _("brought the key %(key_label)s back into use")
    key_id: int
    key_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBroughtBack(Fact):
    """A copy that was out of use is handed out again."""

    name: ClassVar[str] = "keys.copy-brought-back"
    sentence: ClassVar[str] = _("brought %(copy_label)s back into use")
    copy_id: int
    copy_label: str
    key_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RingBroughtBack(Fact):
    """A ring that was out of use is used again. Nothing hangs on it yet."""

    name: ClassVar[str] = "keys.ring-brought-back"
    sentence: ClassVar[str] = _("brought the ring %(ring_name)s back into use")
    ring_id: int
    ring_name: str


FACTS = (
    KeySystemAdded,
    KeyAdded,
    KeyChanged,
    KeyRetired,
    KeyOpens,
    KeyNoLongerOpens,
    CopyMade,
    CopyChanged,
    CopyRetired,
    RingAdded,
    RingChanged,
    RingSealed,
    SealBroken,
    CopyPutOnRing,
    CopyTakenOffRing,
    RingRetired,
    TagAttached,
    TagRemoved,
    KeyBroughtBack,
    CopyBroughtBack,
    RingBroughtBack,
)
