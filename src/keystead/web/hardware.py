"""Locks and cylinders."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.hardware.queries import CylinderView, LockView
from keystead.kernel.errors import KeysteadError
from keystead.kernel.rights import Right
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.keys.queries import Opener
from keystead.places import queries as place_queries
from keystead.web import acts, asked, zones
from keystead.web.acts import Action
from keystead.web.doors import SUGGESTED, find_keys
from keystead.web.filling import Newer, fill
from keystead.web.forms.hardware import CylinderChangeForm, CylinderForm, FitForm, KeyForm, LockForm
from keystead.web.http import Request, done, here
from keystead.web.paging import paged
from keystead.web.places import edits, to
from keystead.web.stories import story_of

FREE_SUGGESTED = 200


def home_of(request: Request, lock: LockView | CylinderView) -> str:
    """The page of the access point or container a lock sits on; the cylinders without one."""
    if lock.access_point_id is not None:
        return to(request, "access-point", lock.access_point_id)
    if lock.container_id is not None:
        return to(request, "container", lock.container_id)
    return here(request, "cylinders")


def lock_add(
    request: Request, slug: str, access_point_id: int | None = None, container_id: int | None = None
) -> HttpResponse:
    """Add a lock to an access point or a container."""
    on = {"access_point_id": access_point_id, "container_id": container_id}
    name = (
        place_queries.access_point(request.actor, access_point_id).name
        if access_point_id is not None
        else hardware_queries.container(request.actor, container_id or 0).name
    )
    kind, thing_id = next((k, v) for k, v in on.items() if v is not None)
    back = to(request, kind.removesuffix("_id").replace("_", "-"), thing_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        hardware.add_lock(
            request.actor, access_point_id=access_point_id, container_id=container_id, **given
        )
        return done(request, _("%s is there.") % given["name"], back)

    context = {
        "section": "places",
        "title": _("Add a lock to %s") % name,
        "submit": _("Add it"),
        "cancel_url": back,
    }
    form = LockForm(request.POST or None, initial={"name": name})
    return fill(request, form, act, context)


def lock_cylinder(request: Request, slug: str, lock_id: int) -> HttpResponse:
    """Put another cylinder into a lock; the one that was in comes out."""
    lock = hardware_queries.lock(request.actor, lock_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        cylinder_id = hardware.fit_cylinder_numbered(request.actor, lock_id=lock_id, **given)
        message = _("Cylinder %(number)s is in %(lock)s now. Which keys open it?")
        said = message % {"number": given["number"], "lock": lock.name}
        return done(request, said, to(request, "cylinder", cylinder_id))

    free = [
        core.number
        for core in hardware_queries.cylinders(request.actor, limit=FREE_SUGGESTED)
        if core.lock_id is None
    ]
    in_now = _("%s comes out. What it opened stays in its story.") % lock.cylinder_number
    context = {
        "section": "places",
        "title": _("Another cylinder for %s") % lock.name,
        "lead": in_now if lock.cylinder_id else "",
        "submit": _("Put it in"),
        "cancel_url": home_of(request, lock),
    }
    form = FitForm(request.POST or None, free=free)
    return fill(request, form, act, context, offer=lambda error: _other_lock(request, error))


def _other_lock(request: Request, error: KeysteadError) -> list[Action]:
    """Where a cylinder sits that should go into this lock."""
    lock_id = error.data.get("lock_id")
    if error.code != "cylinder-elsewhere" or not isinstance(lock_id, int):
        return []
    other = hardware_queries.lock(request.actor, lock_id)
    return [acts.link(_("Look at %s") % other.name, home_of(request, other))]


def lock_retire(request: Request, slug: str, lock_id: int) -> HttpResponse:
    """Ask, then note that a lock was taken off."""
    lock = hardware_queries.lock(request.actor, lock_id)
    if request.method == "POST":
        hardware.retire_lock(request.actor, lock_id=lock_id)
        return done(request, _("%s is off.") % lock.name, home_of(request, lock))
    context = {
        "section": "places",
        "title": _("Was %s taken off?") % lock.name,
        "follows": [_("Its cylinder comes out and can go into another lock. Its story stays.")],
        "submit": _("It was taken off"),
        "cancel_url": home_of(request, lock),
    }
    return render(request, "forms/confirm.html", context)


def cylinders(request: Request, slug: str) -> HttpResponse:
    """Every cylinder by its number."""
    text = asked.words(request, "q")

    def fetch(limit: int, offset: int) -> list[CylinderView]:
        return hardware_queries.cylinders(request.actor, text=text, limit=limit, offset=offset)

    add = acts.link(_("Add a cylinder"), here(request, "cylinder-add"), icon="plus")
    context = {
        "section": "places",
        "crumbs": [(_("Places"), here(request, "places"))],
        "page": paged(request, fetch),
        "text": text,
        "actions": [add] if acts.may_everywhere(request, Right.EDIT_REGISTER) else [],
    }
    return render(request, "hardware/cylinders.html", context)


def cylinder_add(request: Request, slug: str) -> HttpResponse:
    """Add a cylinder that sits in no lock yet."""

    def act(given: dict[str, Any]) -> HttpResponse:
        cylinder_id = hardware.add_cylinder(request.actor, **given)
        message = _("Cylinder %s is there. Which keys open it?") % given["number"]
        return done(request, message, to(request, "cylinder", cylinder_id))

    context = {
        "section": "places",
        "title": _("Add a cylinder"),
        "lead": _("For one on the shelf. One that sits in a door is added there."),
        "submit": _("Add it"),
        "cancel_url": here(request, "cylinders"),
    }
    return fill(request, CylinderForm(request.POST or None), act, context)


def cylinder(request: Request, slug: str, cylinder_id: int) -> HttpResponse:
    """One cylinder: where it sits, and which keys open it."""
    context = _about(request, cylinder_id) | {"form": _key_form(request)}
    return render(request, "hardware/cylinder.html", context)


def cylinder_change(request: Request, slug: str, cylinder_id: int) -> HttpResponse:
    """Correct a cylinder's number, and which keys operate it."""
    found, back = (
        hardware_queries.cylinder(request.actor, cylinder_id),
        to(request, "cylinder", cylinder_id),
    )

    def act(given: dict[str, Any]) -> HttpResponse:
        hardware.change_cylinder(request.actor, cylinder_id=cylinder_id, **given)
        return done(request, _("Saved."), back)

    def newer() -> Newer:
        now = hardware_queries.cylinder(request.actor, cylinder_id)
        listed = _("exactly the keys listed") if now.is_listed_only else _("every key above, too")
        return Newer(now.version, [(_("Number"), now.number), (_("Opened by"), listed)])

    initial = {
        "number": found.number,
        "is_listed_only": found.is_listed_only,
        "version": found.version,
    }
    context = {
        "section": "places",
        "title": _("Change cylinder %s") % found.number,
        "crumbs": [(_("Cylinders"), here(request, "cylinders")), (found.number, back)],
        "submit": _("Save"),
        "cancel_url": back,
    }
    form = CylinderChangeForm(request.POST or None, initial=initial)
    return fill(request, form, act, context, newer=newer)


def cylinder_key_add(request: Request, slug: str, cylinder_id: int) -> HttpResponse:
    """Put a key on the list of a cylinder."""

    def act(given: dict[str, Any]) -> HttpResponse:
        keys.note_key_opens(request.actor, key_id=given["key"], cylinder_id=cylinder_id)
        message = _("%s opens it now.") % request.POST.get("key", "").strip()
        return done(request, message, to(request, "cylinder", cylinder_id))

    context = _about(request, cylinder_id)
    return fill(request, _key_form(request), act, context, template="hardware/cylinder.html")


def cylinder_key_remove(request: Request, slug: str, cylinder_id: int, key_id: int) -> HttpResponse:
    """Take a key off the list of a cylinder."""
    keys.note_key_no_longer_opens(request.actor, key_id=key_id, cylinder_id=cylinder_id)
    message = _("It is off the list. Whoever has that key may still try it: tell them.")
    return done(request, message, to(request, "cylinder", cylinder_id))


def cylinder_take_out(request: Request, slug: str, cylinder_id: int) -> HttpResponse:
    """Note that a cylinder was taken out of its lock."""
    found = hardware_queries.cylinder(request.actor, cylinder_id)
    if found.lock_id is not None:
        hardware.remove_cylinder(request.actor, lock_id=found.lock_id)
    message = _("Cylinder %s is out.") % found.number
    return done(request, message, to(request, "cylinder", cylinder_id))


def _key_form(request: Request) -> KeyForm:
    return KeyForm(
        request.POST or None,
        find=lambda text: find_keys(request.actor, text),
        suggest=find_keys(request.actor, "", SUGGESTED),
    )


def _about(request: Request, cylinder_id: int) -> dict[str, Any]:
    """Everything the page of a cylinder tells."""
    found = hardware_queries.cylinder(request.actor, cylinder_id)
    acts.about_thing(request, "cylinder", cylinder_id)
    if found.access_point_id is not None:
        point = place_queries.access_point(request.actor, found.access_point_id)
        zones.of_site(request, point.site_id)
    openers = key_queries.openers_of_cylinders(request.actor, {cylinder_id})
    return {
        "section": "places",
        "crumbs": [
            (_("Places"), here(request, "places")),
            (_("Cylinders"), here(request, "cylinders")),
        ],
        "cylinder": found,
        "title": _title(found, openers),
        "home_url": home_of(request, found) if found.lock_id else "",
        "listed": [opener.key for opener in openers if opener.is_listed],
        "above": [opener.key for opener in openers if not opener.is_listed],
        "story": story_of(request, "cylinder", cylinder_id),
        "may_edit": acts.may(request, Right.EDIT_REGISTER),
        "actions": edits(
            request,
            acts.link(
                _("Change"),
                here(request, "cylinder-change", cylinder_id=cylinder_id),
                icon="pencil",
            ),
        ),
    }


def _title(found: CylinderView, openers: list[Opener]) -> str:
    count = len(openers)
    if not count:
        return _("No key is known to open cylinder %s") % found.number
    said = ngettext(
        "%(count)d key opens cylinder %(number)s",
        "%(count)d keys open cylinder %(number)s",
        count,
    )
    return said % {"count": count, "number": found.number}
