"""Taking places out of use, bringing things back into use, and where those that are not stand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.kernel.errors import Conflict
from keystead.kernel.rights import Right
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.places import operations as places
from keystead.places import queries as place_queries
from keystead.web import acts
from keystead.web.acts import Action
from keystead.web.http import Request, done, here, refused

SHOWN = 200


class Retirable(Protocol):
    """As much of a view as is shown of a thing that is out of use."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def retired_at(self) -> datetime | None:
        """Since when it is out of use."""


@dataclass(frozen=True, slots=True)
class OutOfUse:
    """A thing that is out of use: what it is called, its page, and since when."""

    label: str
    url: str
    since: datetime


def out_of_use(
    request: Request, page: str, things: Iterable[Retirable], label: Callable[[Any], str]
) -> list[OutOfUse]:
    """Those of the things that are out of use; `page` is the name of their page."""
    parameter = f"{page.replace('-', '_')}_id"
    return [
        OutOfUse(label(one), here(request, page, **{parameter: one.id}), one.retired_at)
        for one in things
        if one.retired_at is not None
    ][:SHOWN]


def bring_back(request: Request, page: str, thing_id: int) -> list[Action]:
    """The one thing to do with what is out of use, for those who may."""
    if not acts.may(request, Right.EDIT_REGISTER):
        return []
    url = here(request, f"{page}-back", **{f"{page.replace('-', '_')}_id": thing_id})
    return [acts.button(_("Bring it back into use"), url, icon="undo-2")]


def _back(request: Request, act: Callable[[], None], url: str) -> HttpResponse:
    try:
        act()
    except Conflict as error:
        return refused(request, error, url)
    return done(request, _("It is in use again."), url)


def site_back(request: Request, slug: str, site_id: int) -> HttpResponse:
    """Use a site again."""
    url = here(request, "site", site_id=site_id)
    return _back(request, lambda: places.bring_back_site(request.actor, site_id=site_id), url)


def space_back(request: Request, slug: str, space_id: int) -> HttpResponse:
    """Use a space again."""
    url = here(request, "space", space_id=space_id)
    return _back(request, lambda: places.bring_back_space(request.actor, space_id=space_id), url)


def access_point_back(request: Request, slug: str, access_point_id: int) -> HttpResponse:
    """Use an access point again."""
    where = {"access_point_id": access_point_id}
    url = here(request, "access-point", **where)
    return _back(request, lambda: places.bring_back_access_point(request.actor, **where), url)


def container_back(request: Request, slug: str, container_id: int) -> HttpResponse:
    """Use a container again."""
    where = {"container_id": container_id}
    url = here(request, "container", **where)
    return _back(request, lambda: hardware.bring_back_container(request.actor, **where), url)


def key_back(request: Request, slug: str, key_id: int) -> HttpResponse:
    """Use a key again."""
    url = here(request, "key", key_id=key_id)
    return _back(request, lambda: keys.bring_back_key(request.actor, key_id=key_id), url)


def copy_back(request: Request, slug: str, copy_id: int) -> HttpResponse:
    """Hand a copy out again."""
    url = here(request, "copy", copy_id=copy_id)
    return _back(request, lambda: keys.bring_back_copy(request.actor, copy_id=copy_id), url)


def ring_back(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Use a ring again."""
    url = here(request, "ring", ring_id=ring_id)
    return _back(request, lambda: keys.bring_back_ring(request.actor, ring_id=ring_id), url)


def site_retire(request: Request, slug: str, site_id: int) -> HttpResponse:
    """Take a site out of use, after asking."""
    found = place_queries.site(request.actor, site_id)
    url = here(request, "site", site_id=site_id)

    def act() -> None:
        custody.retire_site(request.actor, site_id=site_id)

    return _retire(request, found.name, url, act)


def space_retire(request: Request, slug: str, space_id: int) -> HttpResponse:
    """Take a space out of use, after asking."""
    found = place_queries.space(request.actor, space_id)
    url = here(request, "space", space_id=space_id)

    def act() -> None:
        custody.retire_space(request.actor, space_id=space_id)

    return _retire(request, found.name, url, act)


def _retire(request: Request, name: str, url: str, act: Callable[[], None]) -> HttpResponse:
    if request.method == "POST":
        try:
            act()
        except Conflict as error:
            return refused(request, error, url)
        return done(request, _("%s is out of use.") % name, url)
    context = {
        "section": "places",
        "title": _("Take %s out of use?") % name,
        "follows": [
            _("It leaves the lists. Nothing in use may be left there: doors, cabinets, keys."),
            _("Its story stays, and it can be brought back."),
        ],
        "submit": _("Take it out of use"),
        "cancel_url": url,
    }
    return render(request, "forms/confirm.html", context)


def on_site(request: Request, site_id: int) -> list[OutOfUse]:
    """Spaces, doors and containers of a site that are out of use."""
    actor = request.actor
    spaces = place_queries.spaces(actor, site_id=site_id, with_retired=True)
    doors = place_queries.access_points(actor, site_id=site_id, with_retired=True, limit=2_000)
    boxes = hardware_queries.containers(actor, site_id=site_id, with_retired=True)
    return [
        *out_of_use(request, "space", spaces, lambda one: one.name),
        *out_of_use(request, "access-point", doors, lambda one: f"{one.number} {one.name}".strip()),
        *out_of_use(request, "container", boxes, lambda one: one.name),
    ]


def retired_keys(request: Request) -> list[OutOfUse]:
    """The keys that are out of use."""
    found = key_queries.keys(request.actor, retired_only=True, limit=SHOWN)
    return out_of_use(request, "key", found, lambda one: str(one.label))


def retired_rings(request: Request) -> list[OutOfUse]:
    """The rings that are out of use."""
    found = key_queries.rings(request.actor, retired_only=True, limit=SHOWN)
    return out_of_use(request, "ring", found, lambda one: str(one.name))
