"""What can happen to sites, spaces and access points."""

from dataclasses import dataclass
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAdded(Fact):
    """A property came onto the register. Its address stays out of the journal."""

    name: ClassVar[str] = "places.site-added"
    sentence: ClassVar[str] = _("added the site %(site_name)s")
    site_id: int
    site_name: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChanged(Fact):
    """A site's name, number, address or zone was corrected."""

    name: ClassVar[str] = "places.site-changed"
    sentence: ClassVar[str] = _("changed the site %(new_name)s")
    site_id: int
    old_name: str
    new_name: str
    old_time_zone: str
    new_time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceAdded(Fact):
    """A space came onto the register."""

    name: ClassVar[str] = "places.space-added"
    sentence: ClassVar[str] = _("added the space %(space_name)s")
    space_id: int
    space_name: str
    kind: str
    site_id: int
    parent_space_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceChanged(Fact):
    """A space was renamed or moved to another place in the tree."""

    name: ClassVar[str] = "places.space-changed"
    sentence: ClassVar[str] = _("changed the space %(new_name)s")
    space_id: int
    old_name: str
    new_name: str
    old_parent_space_id: int | None
    new_parent_space_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointAdded(Fact):
    """A door or anything else that can be opened came onto the register."""

    name: ClassVar[str] = "places.access-point-added"
    sentence: ClassVar[str] = _("added %(access_point_name)s")
    access_point_id: int
    access_point_name: str
    number: str
    kind: str
    site_id: int
    from_space_id: int | None
    to_space_id: int | None
    needs_all_locks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointChanged(Fact):
    """An access point was renamed, renumbered or leads elsewhere."""

    name: ClassVar[str] = "places.access-point-changed"
    sentence: ClassVar[str] = _("changed %(new_name)s")
    access_point_id: int
    old_name: str
    new_name: str
    old_number: str
    new_number: str
    kind: str
    from_space_id: int | None
    to_space_id: int | None
    needs_all_locks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointRetired(Fact):
    """An access point is no longer there."""

    name: ClassVar[str] = "places.access-point-retired"
    sentence: ClassVar[str] = _("took %(access_point_name)s out of use")
    access_point_id: int
    access_point_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRetired(Fact):
    """A site is no longer used. Nothing in force was left on it."""

    name: ClassVar[str] = "places.site-retired"
    sentence: ClassVar[str] = _("took the site %(site_name)s out of use")
    site_id: int
    site_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceRetired(Fact):
    """A space is no longer used. Nothing in force was left in it."""

    name: ClassVar[str] = "places.space-retired"
    sentence: ClassVar[str] = _("took the space %(space_name)s out of use")
    space_id: int
    space_name: str
    site_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBroughtBack(Fact):
    """A site that was out of use is used again."""

    name: ClassVar[str] = "places.site-brought-back"
    sentence: ClassVar[str] = _("brought the site %(site_name)s back into use")
    site_id: int
    site_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceBroughtBack(Fact):
    """A space that was out of use is used again."""

    name: ClassVar[str] = "places.space-brought-back"
    sentence: ClassVar[str] = _("brought the space %(space_name)s back into use")
    space_id: int
    space_name: str
    site_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointBroughtBack(Fact):
    """An access point that was out of use is used again."""

    name: ClassVar[str] = "places.access-point-brought-back"
    sentence: ClassVar[str] = _("brought %(access_point_name)s back into use")
    access_point_id: int
    access_point_name: str


FACTS = (
    SiteAdded,
    SiteChanged,
    SpaceAdded,
    SpaceChanged,
    AccessPointAdded,
    AccessPointChanged,
    AccessPointRetired,
    SiteRetired,
    SpaceRetired,
    SiteBroughtBack,
    SpaceBroughtBack,
    AccessPointBroughtBack,
)
