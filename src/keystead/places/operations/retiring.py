"""Taking places out of use, and bringing them back."""

from typing import Any

from django.db.models import Q, QuerySet

from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_in_use, within
from keystead.kernel.errors import StillInUse
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.places import facts
from keystead.places.models import AccessPoint, Site, Space

NAMED_LEFT = 5


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_access_point(change: Change, *, access_point_id: int) -> None:
    """Note that an access point is no longer there. Its history stays."""
    point = one(change, AccessPoint, access_point_id, "access point")
    if point.retired_at is not None:
        return change.unchanged(None)
    apply(point, {"retired_at": change.at})
    change.record(facts.AccessPointRetired(access_point_id=point.pk, access_point_name=point.name))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def bring_back_access_point(change: Change, *, access_point_id: int) -> None:
    """Use an access point again that was retired. Raises OutOfUse while its place is retired."""
    point = one(change, AccessPoint, access_point_id, "access point")
    if point.retired_at is None:
        return change.unchanged(None)
    require_in_use(change, point.site)
    for space in (point.leads_from, point.leads_to):
        if space is not None:
            require_in_use(change, space)
    apply(point, {"retired_at": None})
    change.record(
        facts.AccessPointBroughtBack(access_point_id=point.pk, access_point_name=point.name)
    )
    return None


@operation(Right.EDIT_REGISTER)
def retire_site(change: Change, *, site_id: int) -> None:
    """Note that a site is no longer used. Raises StillInUse while something is in force on it.

    Custody calls this after it has looked for containers.
    """
    site = one(change, Site, site_id, "site")
    if site.retired_at is not None:
        return change.unchanged(None)
    on_it = {"site": site, "retired_at": None}
    require_nothing_left(
        site.name,
        within(change, AccessPoint).filter(**on_it),
        within(change, Space).filter(**on_it),
    )
    apply(site, {"retired_at": change.at})
    change.record(facts.SiteRetired(site_id=site.pk, site_name=site.name))
    return None


@operation(Right.EDIT_REGISTER)
def bring_back_site(change: Change, *, site_id: int) -> None:
    """Use a site again that was retired. What was on it is brought back by itself."""
    site = one(change, Site, site_id, "site")
    if site.retired_at is None:
        return change.unchanged(None)
    apply(site, {"retired_at": None})
    change.record(facts.SiteBroughtBack(site_id=site.pk, site_name=site.name))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_space(change: Change, *, space_id: int) -> None:
    """Note that a space is no longer used. Raises StillInUse while something is in force in it.

    Custody calls this after it has looked for containers and copies.
    """
    space = one(change, Space, space_id, "space")
    if space.retired_at is not None:
        return change.unchanged(None)
    beside = Q(leads_from=space) | Q(leads_to=space)
    require_nothing_left(
        space.name,
        within(change, AccessPoint).filter(beside, retired_at=None),
        within(change, Space).filter(parent=space, retired_at=None),
    )
    apply(space, {"retired_at": change.at})
    change.record(
        facts.SpaceRetired(space_id=space.pk, space_name=space.name, site_id=space.site_id)
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def bring_back_space(change: Change, *, space_id: int) -> None:
    """Use a space again that was retired. Raises OutOfUse while what it is part of is retired."""
    space = one(change, Space, space_id, "space")
    if space.retired_at is None:
        return change.unchanged(None)
    require_in_use(change, space.site)
    if space.parent is not None:
        require_in_use(change, space.parent)
    apply(space, {"retired_at": None})
    change.record(
        facts.SpaceBroughtBack(space_id=space.pk, space_name=space.name, site_id=space.site_id)
    )
    return None


def require_nothing_left(name: str, *left: QuerySet[Any]) -> None:
    """Raise StillInUse, naming the first few of these things that are still in force."""
    found = [str(thing) for rows in left for thing in rows.order_by("pk")[: NAMED_LEFT + 1]]
    if not found:
        return
    listed = ", ".join(found[:NAMED_LEFT]) + (" …" if len(found) > NAMED_LEFT else "")
    raise StillInUse(
        _(
            "%(name)s is still in use: %(things)s. Take these out of use, or move them, first.",
            name=name,
            things=listed,
        ),
        things=found[:NAMED_LEFT],
    )
