"""Spaces and doors of the register that a file means without saying where on the site they are."""

from collections.abc import Iterable

from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.present import Present
from keystead.exchange.planning.records import path_identity
from keystead.journal.operation import require
from keystead.journal.rows import visible
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.kernel.text import folded
from keystead.places.models import AccessPoint, Site, Space

_Found = dict[tuple[int, str], list[tuple[int | None, str, str]]]


def present_for(actor: Actor, plan: Plan) -> Present:
    """What an import of this plan uses although it is further inside of the site than said."""
    require(actor, Right.IMPORT)
    sites = {folded(site.name): site.pk for site in visible(actor, Site).order_by("-pk")}
    spaces, points = _spaces(actor), _points(actor)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    paths = [*(space.path for space in plan.spaces), *(box.path for box in plan.containers)]
    for path in paths:
        if len(path) > 1 and (there := _inside(spaces, sites.get(folded(path[0])), path[1])):
            found["space", path_identity(path[:2])] = there
    for point in plan.access_points:
        if len(point.path) == 1 and (
            there := _inside(points, sites.get(folded(point.path[0])), point.name)
        ):
            found["door", point.identity] = there
    return found


def _inside(things: _Found, site_id: int | None, name: str) -> tuple[str, str] | None:
    """The only thing of this name, if it is in a space of the site and not right on it."""
    found = things.get((site_id or 0, folded(name)), [])
    if len(found) != 1 or found[0][0] is None:
        return None
    _space_id, called, where = found[0]
    return called, where


def _spaces(actor: Actor) -> _Found:
    rows = visible(actor, Space).filter(retired_at=None)
    kept = rows.values_list("site_id", "parent_id", "name", "parent__name")
    return _by_name(kept)


def _points(actor: Actor) -> _Found:
    rows = visible(actor, AccessPoint).filter(retired_at=None)
    return _by_name(rows.values_list("site_id", "leads_to_id", "name", "leads_to__name"))


def _by_name(rows: Iterable[tuple[int, int | None, str, str | None]]) -> _Found:
    found: _Found = {}
    for site_id, space_id, name, where in rows:
        found.setdefault((site_id, folded(name)), []).append((space_id, name, where or ""))
    return found
