"""Access points: the list of all, and the page of each with everything that opens it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.places import operations as places
from keystead.places import queries as place_queries
from keystead.places.queries import AccessPointView
from keystead.places.rules import ACCESS_POINT_KINDS
from keystead.web import acts, asked, opening, retiring, words, zones
from keystead.web.acts import Action
from keystead.web.filling import Newer, fill
from keystead.web.forms.fields import Things
from keystead.web.forms.hardware import KeyForm
from keystead.web.forms.places import AccessPointChangeForm, AccessPointForm
from keystead.web.http import Request, done, here
from keystead.web.paging import paged
from keystead.web.places import choose_site, crumbs_of, edits, space_choices, to
from keystead.web.stories import story_of
from keystead.web.templatetags.register_words import kind_word

SUGGESTED = 300
LOOKED_THROUGH = 200


def access_points(request: Request, slug: str) -> HttpResponse:
    """Every access point, by site, kind and name."""
    wanted: dict[str, Any] = {
        "site_id": asked.number(request, "site"),
        "kind": asked.choice(request, "kind", ACCESS_POINT_KINDS),
        "text": asked.words(request, "q"),
    }
    sites = place_queries.sites(request.actor)

    def fetch(limit: int, offset: int) -> list[AccessPointView]:
        return place_queries.access_points(request.actor, **wanted, limit=limit, offset=offset)

    context = {
        "section": "places",
        "crumbs": [(_("Places"), here(request, "places"))],
        "page": paged(request, fetch),
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "sites": sites,
        "kinds": words.choices(words.ACCESS_POINTS),
        "actions": edits(request, _add(request, wanted["site_id"])),
        "title": _count(sum(site.access_points for site in sites)),
    }
    return render(request, "places/access_points.html", context)


def _count(count: int) -> str:
    if not count:
        return _("No door is recorded")
    said = ngettext("%(count)d door and the like", "%(count)d doors and the like", count)
    return said % {"count": count}


def _add(request: Request, site_id: object = None) -> Action:
    address = asked.address(here(request, "access-point-add"), site=site_id)
    return acts.link(_("Add a door"), address, icon="plus")


def access_point(request: Request, slug: str, access_point_id: int) -> HttpResponse:
    """One access point: who can open it, with what, and what happened to it."""
    context = _about(request, access_point_id) | {"form": _key_form(request)}
    return render(request, "places/access_point.html", context)


def access_point_key(request: Request, slug: str, access_point_id: int) -> HttpResponse:
    """Note that a key opens it, in one step; lock and cylinder are described where need be."""
    form, back = _key_form(request), to(request, "access-point", access_point_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        keys.note_key_opens_access_point(
            request.actor, key_id=given["key"], access_point_id=access_point_id
        )
        return done(request, _("%s opens it now.") % request.POST.get("key", "").strip(), back)

    context = _about(request, access_point_id)
    return fill(request, form, act, context, template="places/access_point.html")


def _key_form(request: Request) -> KeyForm:
    return KeyForm(
        request.POST or None,
        find=lambda text: find_keys(request.actor, text),
        suggest=find_keys(request.actor, "", SUGGESTED),
    )


def find_keys(actor: Actor, text: str, limit: int = LOOKED_THROUGH) -> Things:
    """Keys a text may mean: "AA", or "AA (Store, Main system)" where it has more to say."""
    found = []
    for key in key_queries.keys(actor, text=text.partition(" (")[0], limit=limit):
        more = [key.name if key.symbol else "", key.system_name or ""]
        hint = ", ".join(part for part in more if part)
        found.append((key.id, f"{key.label} ({hint})" if hint else key.label))
    return found


def _about(request: Request, access_point_id: int) -> dict[str, Any]:
    """Everything the page of an access point tells."""
    point = place_queries.access_point(request.actor, access_point_id)
    acts.about_thing(request, "access_point", access_point_id)
    zones.of_site(request, point.site_id)
    found = opening.opening(request, access_point_id=access_point_id)
    return {
        "section": "places",
        "crumbs": _crumbs(request, point),
        "point": point,
        "opening": found,
        "title": opening.heading(point.name, found),
        "line": _("No longer there") if point.retired_at else opening.warning(found),
        "tone": "missing" if found.missing and not point.retired_at else "",
        "story": story_of(request, "access_point", access_point_id),
        "actions": retiring.bring_back(request, "access-point", access_point_id)
        if point.retired_at
        else _actions(request, point),
        "may_edit": acts.may(request, Right.EDIT_REGISTER) and point.retired_at is None,
    }


def _crumbs(request: Request, point: AccessPointView) -> list[tuple[str, str]]:
    """The way down to what lies before or behind it."""
    space_id = point.to_id or point.from_id
    if space_id is None:
        return crumbs_of(request, point.site_id, point.site_name)
    space = place_queries.space(request.actor, space_id)
    return crumbs_of(request, point.site_id, point.site_name, *space.above, (space.id, space.name))


def _actions(request: Request, point: AccessPointView) -> list[Action]:
    where = {"access_point_id": point.id}
    return edits(
        request,
        acts.link(_("Change"), here(request, "access-point-change", **where), icon="pencil"),
        acts.link(
            _("No longer there"), here(request, "access-point-retire", **where), icon="archive"
        ),
    )


def access_point_add(request: Request, slug: str) -> HttpResponse:
    """Add an access point to the site the address names, or ask for the site first."""
    site_id = asked.number(request, "site")
    if site_id is None:
        return choose_site(request, "access-point-add", _("Where is the door?"))
    site = place_queries.site(request.actor, site_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        point_id = places.add_access_point(request.actor, site_id=site.id, **given)
        message = _("%s is there. Which keys open it?") % given["name"]
        return done(request, message, to(request, "access-point", point_id))

    initial = {
        "leads_from_id": asked.number(request, "out"),
        "leads_to_id": asked.number(request, "to"),
    }
    offered = space_choices(request, site_id)
    form = AccessPointForm(request.POST or None, initial=initial, spaces=offered)
    context = {
        "section": "places",
        "title": _("Add a door, or anything else that opens"),
        "crumbs": crumbs_of(request, site.id, site.name),
        "submit": _("Add it"),
        "cancel_url": to(request, "site", site_id),
    }
    return fill(request, form, act, context)


def access_point_change(request: Request, slug: str, access_point_id: int) -> HttpResponse:
    """Correct an access point."""
    point = place_queries.access_point(request.actor, access_point_id)
    back = to(request, "access-point", access_point_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        places.change_access_point(request.actor, access_point_id=access_point_id, **given)
        return done(request, _("Saved."), back)

    def newer() -> Newer:
        now = place_queries.access_point(request.actor, access_point_id)
        return Newer(now.version, _told(now))

    initial = {
        "name": point.name,
        "kind": point.kind,
        "number": point.number,
        "leads_from_id": point.from_id,
        "leads_to_id": point.to_id,
        "needs_all_locks": point.needs_all_locks,
        "version": point.version,
    }
    offered = space_choices(request, point.site_id)
    form = AccessPointChangeForm(request.POST or None, initial=initial, spaces=offered)
    context = {
        "section": "places",
        "title": _("Change %s") % point.name,
        "crumbs": _crumbs(request, point),
        "submit": _("Save"),
        "cancel_url": back,
    }
    return fill(request, form, act, context, newer=newer)


def _told(now: AccessPointView) -> list[tuple[str, str]]:
    """An access point as it is now, beside what somebody typed."""
    return [
        (_("Name"), now.name),
        (_("Kind"), kind_word(now.kind)),
        (_("Number"), now.number),
        (_("Leads from"), now.from_name or _("outside")),
        (_("Leads into"), now.to_name or _("not recorded")),
        (_("Opens with"), _("all of its locks") if now.needs_all_locks else _("any of its locks")),
    ]


def access_point_retire(request: Request, slug: str, access_point_id: int) -> HttpResponse:
    """Ask, then note that an access point is no longer there."""
    point = place_queries.access_point(request.actor, access_point_id)
    if request.method == "POST":
        places.retire_access_point(request.actor, access_point_id=access_point_id)
        message = _("%s is out of use.") % point.name
        return done(request, message, to(request, "site", point.site_id))
    context = {
        "section": "places",
        "title": _("Is %s no longer there?") % point.name,
        "crumbs": _crumbs(request, point),
        "follows": [
            _("It leaves the lists. Its story, its locks and who could open it stay to be read."),
            _("It can be brought back into use."),
        ],
        "submit": _("Take it out of use"),
        "cancel_url": to(request, "access-point", access_point_id),
    }
    return render(request, "forms/confirm.html", context)
