"""What can be done to places: one function per verb."""

from keystead.places.operations.access_points import add_access_point, change_access_point
from keystead.places.operations.retiring import (
    bring_back_access_point,
    bring_back_site,
    bring_back_space,
    require_nothing_left,
    retire_access_point,
    retire_site,
    retire_space,
)
from keystead.places.operations.sites import add_site, add_space, change_site, change_space

__all__ = [
    "add_access_point",
    "add_site",
    "add_space",
    "bring_back_access_point",
    "bring_back_site",
    "bring_back_space",
    "change_access_point",
    "change_site",
    "change_space",
    "require_nothing_left",
    "retire_access_point",
    "retire_site",
    "retire_space",
]
