"""Sites, spaces and access points over the API."""

from keystead.api import cursors
from keystead.api.answers import Call, Page, cut, page
from keystead.api.conditions import Changed
from keystead.api.endpoints import Routes
from keystead.api.values import (
    AccessPointKind,
    After,
    Body,
    Flag,
    Id,
    Limit,
    PathId,
    SpaceKind,
    Text,
    Words,
)
from keystead.custody import operations as custody
from keystead.journal.orders import Spot
from keystead.places import operations, queries

routes = Routes("places")


class NewSite(Body):
    """A property. `time_zone` is an IANA name; empty means the workspace's."""

    name: Text
    number: Text = ""
    address: Text = ""
    time_zone: Text = ""


class ChangedSite(Changed):
    """The whole site as it is to be."""

    name: Text
    number: Text
    address: Text
    time_zone: Text


@routes.get("/sites", Page[queries.SiteView])
def sites(
    request: Call,
    text: Words = "",
    with_retired: bool = False,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.SiteView]:
    """List sites by name; `text` is looked for in name and number."""
    rows = queries.sites(
        request.actor,
        text=text,
        with_retired=with_retired,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.SITES.spot)


@routes.add("/sites", queries.SiteView)
def add_site(request: Call, body: NewSite) -> queries.SiteView:
    """Add a site."""
    site_id = operations.add_site(request.actor, **body.model_dump())
    return queries.site(request.actor, site_id)


@routes.get("/sites/{site_id}", queries.SiteView)
def site(request: Call, site_id: PathId) -> queries.SiteView:
    """Read one site."""
    return queries.site(request.actor, site_id)


@routes.put("/sites/{site_id}", queries.SiteView)
def change_site(request: Call, site_id: PathId, body: ChangedSite) -> queries.SiteView:
    """Correct a site. 409 when somebody changed it since `version`."""
    operations.change_site(request.actor, site_id=site_id, **body.model_dump())
    return queries.site(request.actor, site_id)


@routes.post("/sites/{site_id}/retire")
def retire_site(request: Call, site_id: PathId) -> None:
    """Take a site out of use. 409 while something is in force on it, with what."""
    custody.retire_site(request.actor, site_id=site_id)


@routes.post("/sites/{site_id}/bring-back")
def bring_back_site(request: Call, site_id: PathId) -> None:
    """Use a site again that was retired."""
    operations.bring_back_site(request.actor, site_id=site_id)


class NewSpace(Body):
    """A space of a site, inside the space `parent_id` or directly on the site."""

    site_id: Id
    name: Text
    kind: SpaceKind = "room"
    number: Text = ""
    parent_id: Id | None = None


class ChangedSpace(Changed):
    """The whole space as it is to be."""

    name: Text
    kind: SpaceKind
    number: Text
    parent_id: Id | None


def _in_the_tree(space: queries.SpaceView) -> Spot:
    """Each space right behind the one it stands in."""
    above = [(name.casefold(), pk) for pk, name in space.above]
    return (space.site_name.casefold(), space.site_id, *above, (space.name.casefold(), space.id))


@routes.get("/spaces", Page[queries.SpaceView])
def spaces(
    request: Call,
    site_id: PathId | None = None,
    with_retired: bool = False,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.SpaceView]:
    """List spaces in the order of the tree: each right after the space it stands in."""
    rows = queries.spaces(request.actor, site_id=site_id, with_retired=with_retired)
    return cut(request, rows, limit, after, _in_the_tree)


@routes.add("/spaces", queries.SpaceView)
def add_space(request: Call, body: NewSpace) -> queries.SpaceView:
    """Add a space to a site."""
    space_id = operations.add_space(request.actor, **body.model_dump())
    return queries.space(request.actor, space_id)


@routes.get("/spaces/{space_id}", queries.SpaceView)
def space(request: Call, space_id: PathId) -> queries.SpaceView:
    """Read one space and the way down to it."""
    return queries.space(request.actor, space_id)


@routes.put("/spaces/{space_id}", queries.SpaceView)
def change_space(request: Call, space_id: PathId, body: ChangedSpace) -> queries.SpaceView:
    """Rename a space or move it in the tree."""
    operations.change_space(request.actor, space_id=space_id, **body.model_dump())
    return queries.space(request.actor, space_id)


@routes.post("/spaces/{space_id}/retire")
def retire_space(request: Call, space_id: PathId) -> None:
    """Take a space out of use. 409 while something is in force in it, with what."""
    custody.retire_space(request.actor, space_id=space_id)


@routes.post("/spaces/{space_id}/bring-back")
def bring_back_space(request: Call, space_id: PathId) -> None:
    """Use a space again that was retired. 409 while what it is part of is retired."""
    operations.bring_back_space(request.actor, space_id=space_id)


class NewAccessPoint(Body):
    """A door, gate, safe … from one space (none: outside) into another."""

    site_id: Id
    name: Text
    kind: AccessPointKind = "door"
    number: Text = ""
    leads_from_id: Id | None = None
    leads_to_id: Id | None = None
    needs_all_locks: Flag = False


class ChangedAccessPoint(Changed):
    """The whole access point as it is to be."""

    name: Text
    kind: AccessPointKind
    number: Text
    leads_from_id: Id | None
    leads_to_id: Id | None
    needs_all_locks: Flag


@routes.get("/access-points", Page[queries.AccessPointView])
def access_points(
    request: Call,
    site_id: PathId | None = None,
    space_id: PathId | None = None,
    kind: AccessPointKind | None = None,
    text: Words = "",
    with_retired: bool = False,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.AccessPointView]:
    """List access points by site, number and name; `space_id`: on either side of that space."""
    rows = queries.access_points(
        request.actor,
        site_id=site_id,
        space_id=space_id,
        kind=kind or "",
        text=text,
        with_retired=with_retired,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.ACCESS_POINTS.spot)


@routes.add("/access-points", queries.AccessPointView)
def add_access_point(request: Call, body: NewAccessPoint) -> queries.AccessPointView:
    """Add an access point to a site."""
    point_id = operations.add_access_point(request.actor, **body.model_dump())
    return queries.access_point(request.actor, point_id)


@routes.get("/access-points/{access_point_id}", queries.AccessPointView)
def access_point(request: Call, access_point_id: PathId) -> queries.AccessPointView:
    """Read one access point."""
    return queries.access_point(request.actor, access_point_id)


@routes.put("/access-points/{access_point_id}", queries.AccessPointView)
def change_access_point(
    request: Call, access_point_id: PathId, body: ChangedAccessPoint
) -> queries.AccessPointView:
    """Correct an access point."""
    operations.change_access_point(
        request.actor, access_point_id=access_point_id, **body.model_dump()
    )
    return queries.access_point(request.actor, access_point_id)


@routes.post("/access-points/{access_point_id}/retire")
def retire_access_point(request: Call, access_point_id: PathId) -> None:
    """Note that it is no longer there. Its history stays."""
    operations.retire_access_point(request.actor, access_point_id=access_point_id)


@routes.post("/access-points/{access_point_id}/bring-back")
def bring_back_access_point(request: Call, access_point_id: PathId) -> None:
    """Use an access point again that was retired. 409 while its place is retired."""
    operations.bring_back_access_point(request.actor, access_point_id=access_point_id)
