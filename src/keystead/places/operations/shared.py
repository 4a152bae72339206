"""What describing sites, spaces and access points has in common."""

from keystead.journal.operation import Change
from keystead.journal.rows import one, require_in_use
from keystead.kernel.errors import Invalid
from keystead.kernel.words import said as _
from keystead.places.errors import OtherSite
from keystead.places.models import Site, Space


def site_in_use(change: Change, site_id: int) -> Site:
    """The site of this id. Raises NotFound, and OutOfUse for one that is retired."""
    site = one(change, Site, site_id, "site")
    require_in_use(change, site)
    return site


def space_on(change: Change, site_id: int, space_id: int) -> Space:
    """A space of this site that is in use. Raises NotFound, OtherSite, OutOfUse."""
    space = one(change, Space, space_id, "space")
    if space.site_id != site_id:
        raise OtherSite(_("%(name)s is on another site.", name=space.name), space_id=space_id)
    require_in_use(change, space)
    return space


def require_kind(kind: str, allowed: tuple[str, ...]) -> None:
    """Raise Invalid unless `kind` is one of those allowed."""
    if kind not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.", choices=", ".join(allowed)), field="kind")
