"""Places: sites with the tree of their spaces, and access points."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.hardware import queries as hardware
from keystead.hardware.queries import ContainerView
from keystead.kernel.rights import Right
from keystead.places import operations as places
from keystead.places import queries as place_queries
from keystead.places.queries import AccessPointView, SiteView, SpaceView
from keystead.web import acts, asked, retiring, zones
from keystead.web.acts import Action
from keystead.web.filling import Newer, fill
from keystead.web.forms.fields import Things
from keystead.web.forms.places import SiteChangeForm, SiteForm, SpaceChangeForm, SpaceForm
from keystead.web.http import Request, done, here
from keystead.web.stories import story_of
from keystead.web.templatetags.register_words import kind_word

DOORS_SHOWN = 60
Crumbs = list[tuple[str, str]]


def edits(request: Request, *actions: Action) -> list[Action]:
    """These actions, for those who describe the register; nobody else is offered them."""
    return list(actions) if acts.may(request, Right.EDIT_REGISTER) else []


def crumbs_of(request: Request, site_id: int, site_name: str, *spaces: tuple[int, str]) -> Crumbs:
    """The way from the list of sites down to a space."""
    return [
        (_("Places"), here(request, "places")),
        (site_name, here(request, "site", site_id=site_id)),
        *((name, here(request, "space", space_id=space_id)) for space_id, name in spaces),
    ]


def sites(request: Request, slug: str) -> HttpResponse:
    """All sites."""
    found = place_queries.sites(request.actor)
    link = acts.link(_("Add a site"), here(request, "site-add"), icon="plus")
    add = [link] if acts.may_everywhere(request, Right.EDIT_REGISTER) else []
    title = ngettext("%(count)d site", "%(count)d sites", len(found)) % {"count": len(found)}
    every = acts.link(_("Every door"), here(request, "access-points"), icon="door-closed")
    cylinders = acts.link(_("Cylinders"), here(request, "cylinders"), icon="disc-3")
    context = {
        "section": "places",
        "title": title if found else _("Which places have keys?"),
        "sites": found,
        "retired": retiring.out_of_use(
            request,
            "site",
            place_queries.sites(request.actor, with_retired=True),
            lambda one: str(one.name),
        ),
        "add": add,
        "actions": [*add, every, cylinders] if found else [],
    }
    return render(request, "places/sites.html", context)


@dataclass(slots=True)
class Branch:
    """A space with what stands in it, and the spaces inside it."""

    space: SpaceView
    containers: list[ContainerView] = field(default_factory=list)
    doors: int = 0
    inner: list["Branch"] = field(default_factory=list)


def _tree(
    spaces: list[SpaceView], containers: list[ContainerView], points: list[AccessPointView]
) -> list[Branch]:
    """The spaces as a tree; they come each after the one it stands in."""
    branches = {space.id: Branch(space) for space in spaces}
    for container in containers:
        if container.space_id in branches:
            branches[container.space_id].containers.append(container)
    for point in points:
        if point.to_id in branches:
            branches[point.to_id].doors += 1
    top: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.space.parent_id or 0)
        (above.inner if above else top).append(branch)
    return top


def site(request: Request, slug: str, site_id: int) -> HttpResponse:
    """One site: its spaces as a tree, its access points, what stands there."""
    found = place_queries.site(request.actor, site_id)
    acts.about_thing(request, "site", site_id)
    zones.of_site(request, site_id)
    points = place_queries.access_points(request.actor, site_id=site_id, limit=2_000)
    containers = hardware.containers(request.actor, site_id=site_id)
    spaces = place_queries.spaces(request.actor, site_id=site_id)
    query = {"site": site_id}
    context = {
        "section": "places",
        "crumbs": [(_("Places"), here(request, "places"))],
        "site": found,
        "title": _site_title(found, len(points)),
        "tree": _tree(spaces, containers, points),
        "loose": [container for container in containers if container.space_id is None],
        "points": points[:DOORS_SHOWN],
        "count": len(points),
        "all_points_url": asked.address(here(request, "access-points"), **query),
        "story": story_of(request, "site", site_id),
        "actions": retiring.bring_back(request, "site", site_id)
        if found.retired_at
        else _site_actions(request, site_id),
        "retired": retiring.on_site(request, site_id),
    }
    return render(request, "places/site.html", context)


def _site_title(found: SiteView, count: int) -> str:
    if found.retired_at is not None:
        return _("%s is out of use") % found.name
    said = ngettext("%(name)s has %(count)d door", "%(name)s has %(count)d doors", count)
    return said % {"name": found.name, "count": count} if count else found.name


def _site_actions(request: Request, site_id: int) -> list[Action]:
    here_ = {"site": site_id}
    retire = acts.link(
        _("Out of use"), here(request, "site-retire", site_id=site_id), icon="circle-slash"
    )
    return edits(
        request,
        acts.link(
            _("Add a door"), asked.address(here(request, "access-point-add"), **here_), icon="plus"
        ),
        acts.link(
            _("Add a space"), asked.address(here(request, "space-add"), **here_), icon="square-plus"
        ),
        acts.link(_("Change"), here(request, "site-change", site_id=site_id), icon="pencil"),
        *([retire] if acts.may_everywhere(request, Right.EDIT_REGISTER) else []),
    )


def site_add(request: Request, slug: str) -> HttpResponse:
    """Add a site."""

    def act(given: dict[str, Any]) -> HttpResponse:
        site_id = places.add_site(request.actor, **given)
        return done(request, _("%s is there.") % given["name"], to(request, "site", site_id))

    context = {
        "section": "places",
        "title": _("Add a site"),
        "lead": _("A property with keys: a house, an office, Gran's flat."),
        "submit": _("Add it"),
        "cancel_url": here(request, "places"),
    }
    form = SiteForm(request.POST or None, zone=request.workspace.time_zone)
    return fill(request, form, act, context)


def to(request: Request, name: str, thing_id: int) -> str:
    """The page of a thing by its number, whatever the number is called there."""
    return here(request, name, **{f"{name.replace('-', '_')}_id": thing_id})


def site_change(request: Request, slug: str, site_id: int) -> HttpResponse:
    """Correct a site."""

    def act(given: dict[str, Any]) -> HttpResponse:
        places.change_site(request.actor, site_id=site_id, **given)
        return done(request, _("Saved."), to(request, "site", site_id))

    def newer() -> Newer:
        now = place_queries.site(request.actor, site_id)
        facts = [
            (_("Name"), now.name),
            (_("Number"), now.number),
            (_("Address"), now.address),
            (_("Time zone"), now.time_zone),
        ]
        return Newer(now.version, facts)

    found = place_queries.site(request.actor, site_id)
    initial = {
        "name": found.name,
        "number": found.number,
        "address": found.address,
        "time_zone": found.own_time_zone,
        "version": found.version,
    }
    form = SiteChangeForm(request.POST or None, initial=initial, zone=request.workspace.time_zone)
    context = _changing(request, found.name, to(request, "site", site_id))
    return fill(request, form, act, context, newer=newer)


def _changing(
    request: Request, name: str, back: str, crumbs: Crumbs | None = None
) -> dict[str, Any]:
    """What every page that changes something of a place says."""
    return {
        "section": "places",
        "title": _("Change %s") % name,
        "crumbs": crumbs,
        "submit": _("Save"),
        "cancel_url": back,
    }


def space(request: Request, slug: str, space_id: int) -> HttpResponse:
    """One space: what leads in and out, what stands there, what lies inside it."""
    found = place_queries.space(request.actor, space_id)
    acts.about_thing(request, "space", space_id)
    zones.of_site(request, found.site_id)
    points = place_queries.access_points(request.actor, space_id=space_id)
    inside = [
        other
        for other in place_queries.spaces(request.actor, site_id=found.site_id)
        if other.parent_id == space_id
    ]
    into = [point for point in points if point.to_id == space_id]
    context = {
        "section": "places",
        "crumbs": crumbs_of(request, found.site_id, found.site_name, *found.above),
        "space": found,
        "title": _space_title(found, len(into)),
        "into": into,
        "out_of": [point for point in points if point.to_id != space_id],
        "containers": hardware.containers(request.actor, space_id=space_id),
        "inside": inside,
        "kept": custody.out_now(request.actor, space_id=space_id),
        "story": story_of(request, "space", space_id),
        "actions": _space_actions(request, found),
    }
    return render(request, "places/space.html", context)


def _space_title(found: SpaceView, count: int) -> str:
    if found.retired_at is not None:
        return _("%s is out of use") % found.name
    if not count:
        return _("%(name)s: no way in is recorded") % {"name": found.name}
    said = ngettext("%(count)d way into %(name)s", "%(count)d ways into %(name)s", count)
    return said % {"name": found.name, "count": count}


def _space_actions(request: Request, found: SpaceView) -> list[Action]:
    door = asked.address(here(request, "access-point-add"), site=found.site_id, to=found.id)
    inner = asked.address(here(request, "space-add"), site=found.site_id, inside=found.id)
    if found.retired_at is not None:
        return retiring.bring_back(request, "space", found.id)
    return edits(
        request,
        acts.link(_("Add a door into it"), door, icon="plus"),
        acts.link(_("Add a space inside"), inner, icon="square-plus"),
        acts.link(_("Change"), here(request, "space-change", space_id=found.id), icon="pencil"),
        acts.link(
            _("Out of use"), here(request, "space-retire", space_id=found.id), icon="circle-slash"
        ),
    )


def space_choices(request: Request, site_id: int) -> Things:
    """The spaces of a site for a select, each with its way down."""
    return [
        (found.id, " › ".join([*(name for _id, name in found.above), found.name]))
        for found in place_queries.spaces(request.actor, site_id=site_id)
    ]


def space_add(request: Request, slug: str) -> HttpResponse:
    """Add a space to the site the address names, or ask for the site first."""
    site_id = asked.number(request, "site")
    if site_id is None:
        return choose_site(request, "space-add", _("Where will the space be?"))
    found = place_queries.site(request.actor, site_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        space_id = places.add_space(request.actor, site_id=found.id, **given)
        return done(request, _("%s is there.") % given["name"], to(request, "space", space_id))

    initial = {"parent_id": asked.number(request, "inside")}
    offered = space_choices(request, site_id)
    form = SpaceForm(request.POST or None, initial=initial, spaces=offered, site=found.name)
    context = {
        "section": "places",
        "title": _("Add a space"),
        "crumbs": crumbs_of(request, found.id, found.name),
        "submit": _("Add it"),
        "cancel_url": to(request, "site", site_id),
    }
    return fill(request, form, act, context)


def choose_site(request: Request, name: str, question: str) -> HttpResponse:
    """Where there are several sites: on which one? With one site there is nothing to ask."""
    found = place_queries.sites(request.actor)
    rows = [(site, asked.address(here(request, name), site=site.id)) for site in found]
    context = {
        "section": "places",
        "title": question if rows else _("First add the site"),
        "rows": rows,
        "add": acts.link(_("Add a site"), here(request, "site-add"), icon="plus"),
    }
    return render(request, "places/choose_site.html", context)


def space_change(request: Request, slug: str, space_id: int) -> HttpResponse:
    """Rename a space, or move it in the tree."""
    found = place_queries.space(request.actor, space_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        places.change_space(request.actor, space_id=space_id, **given)
        return done(request, _("Saved."), to(request, "space", space_id))

    initial = {
        "name": found.name,
        "kind": found.kind,
        "number": found.number,
        "parent_id": found.parent_id,
        "version": found.version,
    }
    form = SpaceChangeForm(
        request.POST or None,
        initial=initial,
        spaces=space_choices(request, found.site_id),
        site=found.site_name,
    )
    crumbs = crumbs_of(request, found.site_id, found.site_name, *found.above)
    context = _changing(request, found.name, to(request, "space", space_id), crumbs)
    return fill(request, form, act, context, newer=_newer_space(request, space_id))


def _newer_space(request: Request, space_id: int) -> Callable[[], Newer]:
    def newer() -> Newer:
        now = place_queries.space(request.actor, space_id)
        facts = [
            (_("Name"), now.name),
            (_("Kind"), kind_word(now.kind)),
            (_("Number"), now.number),
            (_("Inside"), now.above[-1][1] if now.above else now.site_name),
        ]
        return Newer(now.version, facts)

    return newer
