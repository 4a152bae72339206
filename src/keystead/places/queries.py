"""Reading places. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from keystead.journal.models import Workspace
from keystead.journal.operation import require
from keystead.journal.orders import Order, Spot
from keystead.journal.rows import visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.places import rules
from keystead.places.models import AccessPoint, Site, Space

SITES = Order("name", "pk=id")
ACCESS_POINTS = Order("site__name=site_name", "number", "name", "pk=id")
"""How these lists are sorted."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """A property. `time_zone` is the one in force (its own or the workspace's)."""

    id: int
    name: str
    number: str
    address: str
    time_zone: str
    own_time_zone: str
    version: int
    access_points: int
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A space and the way down to it: (id, name) of each space above it, outermost first."""

    id: int
    site_id: int
    site_name: str
    parent_id: int | None
    kind: str
    name: str
    number: str
    version: int
    above: tuple[tuple[int, str], ...]
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccessPointView:
    """An access point with the names of its site and both sides (None: outside / not recorded)."""

    id: int
    site_id: int
    site_name: str
    kind: str
    name: str
    number: str
    from_id: int | None
    from_name: str | None
    to_id: int | None
    to_name: str | None
    needs_all_locks: bool
    retired_at: datetime | None
    version: int


def _site_view(site: Site, zone: str) -> SiteView:
    return SiteView(
        site.pk,
        site.name,
        site.number,
        site.address,
        site.time_zone or zone,
        site.time_zone,
        site.version,
        getattr(site, "points", 0),
        site.retired_at,
    )


def _zone(actor: Actor) -> str:
    return Workspace.objects.values_list("time_zone", flat=True).get(pk=actor.workspace_id)


def _sites(actor: Actor) -> QuerySet[Site]:
    here = Q(access_points__retired_at=None, access_points__pending_import=None)
    return visible(actor, Site).annotate(points=Count("access_points", filter=here))


def sites(
    actor: Actor,
    *,
    text: str = "",
    with_retired: bool = False,
    after: Spot | None = None,
    limit: int | None = None,
) -> list[SiteView]:
    """The sites in use by name, or all; `text` is looked for in name and number."""
    zone, rows = _zone(actor), _sites(actor)
    if not with_retired:
        rows = rows.filter(retired_at=None)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(number__icontains=text))
    return [_site_view(site, zone) for site in SITES.page(rows, after=after, limit=limit)]


def site(actor: Actor, site_id: int) -> SiteView:
    """One site. Raises NotFound."""
    row = _sites(actor).filter(pk=site_id).first()
    if row is None:
        raise NotFound(_("There is no such site."), site_id=site_id)
    return _site_view(row, _zone(actor))


def _space_views(rows: QuerySet[Space], actor: Actor) -> list[SpaceView]:
    found = list(rows.select_related("site"))
    around = (
        visible(actor, Space)
        .filter(site_id__in={space.site_id for space in found})
        .values_list("pk", "parent_id", "name")
    )
    parents = {pk: parent for pk, parent, _ in around}
    called = {pk: name for pk, _, name in around}
    return [
        SpaceView(
            space.pk,
            space.site_id,
            space.site.name,
            space.parent_id,
            space.kind,
            space.name,
            space.number,
            space.version,
            tuple((pk, called.get(pk, "?")) for pk in rules.path(space.parent_id, parents)),
            space.retired_at,
        )
        for space in found
    ]


def spaces(
    actor: Actor, *, site_id: int | None = None, with_retired: bool = False
) -> list[SpaceView]:
    """Spaces in the order of the tree: each one right after the space it stands in."""
    rows = visible(actor, Space)
    if not with_retired:
        rows = rows.filter(retired_at=None)
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    views = _space_views(rows, actor)
    return sorted(
        views,
        key=lambda v: (
            v.site_name.casefold(),
            v.site_id,
            *(name.casefold() for _, name in v.above),
            v.name.casefold(),
        ),
    )


def space(actor: Actor, space_id: int) -> SpaceView:
    """One space. Raises NotFound."""
    rows = visible(actor, Space).filter(pk=space_id)
    for view in _space_views(rows, actor):
        return view
    raise NotFound(_("There is no such space."), space_id=space_id)


def _point_view(point: AccessPoint) -> AccessPointView:
    return AccessPointView(
        point.pk,
        point.site_id,
        point.site.name,
        point.kind,
        point.name,
        point.number,
        point.leads_from_id,
        point.leads_from.name if point.leads_from else None,
        point.leads_to_id,
        point.leads_to.name if point.leads_to else None,
        point.needs_all_locks,
        point.retired_at,
        point.version,
    )


def access_points(
    actor: Actor,
    *,
    site_id: int | None = None,
    space_id: int | None = None,
    kind: str = "",
    text: str = "",
    ids: set[int] | None = None,
    with_retired: bool = False,
    after: Spot | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[AccessPointView]:
    """Access points by site, number and name; `space_id` finds those on either side of it."""
    rows = visible(actor, AccessPoint)
    if not with_retired:
        rows = rows.filter(retired_at=None)
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    if space_id is not None:
        rows = rows.filter(Q(leads_from_id=space_id) | Q(leads_to_id=space_id))
    if kind:
        rows = rows.filter(kind=kind)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(number__icontains=text))
    rows = rows.select_related("site", "leads_from", "leads_to")
    found = ACCESS_POINTS.page(rows, after=after, limit=limit, offset=offset)
    return [_point_view(point) for point in found]


def access_point(actor: Actor, access_point_id: int) -> AccessPointView:
    """One access point. Raises NotFound."""
    for view in access_points(actor, ids={access_point_id}, with_retired=True, limit=1):
        return view
    raise NotFound(_("There is no such access point."), access_point_id=access_point_id)


def zone_of_site(actor: Actor, site_id: int | None) -> str:
    """The IANA zone in force at a site, or the workspace's without one."""
    require(actor, Right.SEE_OWN)
    own = (
        Site.objects.filter(workspace_id=actor.workspace_id, pk=site_id or 0)
        .values_list("time_zone", flat=True)
        .first()
    )
    return own or _zone(actor)


def find_spaces(actor: Actor, text: str, limit: int = 8) -> list[SpaceView]:
    """Spaces whose name or number contains `text`, for the search field."""
    rows = visible(actor, Space).filter(
        Q(name__icontains=text) | Q(number__icontains=text), retired_at=None
    )
    return _space_views(rows.order_by("name", "pk")[:limit], actor)


def find_access_points(actor: Actor, text: str, limit: int = 8) -> list[AccessPointView]:
    """Access points whose name or number contains `text`, for the search field."""
    return access_points(actor, text=text, limit=limit)
