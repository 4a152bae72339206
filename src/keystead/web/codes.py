"""Codes: where they are, when they were changed, who was told since. Never the code itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.hardware.queries import CodeView, ContainerView
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.places import queries as place_queries
from keystead.places.queries import AccessPointView
from keystead.web import acts, asked, holders, zones
from keystead.web.filling import fill
from keystead.web.forms.fields import Named
from keystead.web.forms.hardware import CodeForm, CodeSomewhereForm, KnowsForm
from keystead.web.http import Request, done, here
from keystead.web.places import edits, to
from keystead.web.stories import story_of
from keystead.web.templatetags.register_words import kind_word

SUGGESTED = 150
LOOKED_THROUGH = 200


def codes(request: Request, slug: str) -> HttpResponse:
    """Every code, with the people who know it."""
    text = asked.words(request, "q")
    found = hardware_queries.codes(request.actor, text=text)
    add = acts.link(_("Record a code"), here(request, "code-add"), icon="plus")
    said = ngettext("%(count)d code", "%(count)d codes", len(found)) % {"count": len(found)}
    context = {
        "section": "codes",
        "codes": found,
        "text": text,
        "title": said if found or text else _("Which doors open with a code?"),
        "add": edits(request, add),
        "actions": edits(request, add) if found else [],
    }
    return render(request, "codes/list.html", context)


def _find(actor: Actor, text: str, limit: int = LOOKED_THROUGH) -> Named:
    """What can have a code, by name: containers first, then access points."""
    name = text.partition(" (")[0]
    boxes = hardware_queries.containers(actor, text=name)[:limit]
    doors = place_queries.access_points(actor, text=name, limit=limit)
    return [
        *(({"container_id": box.id}, _told(box, box.name)) for box in boxes),
        *(({"access_point_id": door.id}, _told(door, door.name, door.number)) for door in doors),
    ]


def _told(thing: ContainerView | AccessPointView, name: str, number: str = "") -> str:
    """A thing as one types it: "Side gate box (lockbox, Maple Street 12)"."""
    more = ", ".join(filter(None, [number, kind_word(thing.kind), thing.site_name]))
    return f"{name} ({more})"


def code_add(request: Request, slug: str) -> HttpResponse:
    """Record that something opens with a code: what the address names, or what is typed."""
    on, name = _on(request)

    def act(given: dict[str, Any]) -> HttpResponse:
        zone = timezone.get_current_timezone_name()
        changed_at = asked.start_of(given["changed_on"], zone)
        code_id = hardware.record_code_on(
            request.actor, name=given["name"], changed_at=changed_at, **(on or given["on"])
        )
        message = _("%s is recorded. Who knows it?") % given["name"]
        return done(request, message, to(request, "code", code_id))

    context = {
        "section": "codes",
        "title": _("Record a code of %s") % name if on else _("Record a code"),
        "lead": _("Keystead keeps who knows it and when it was changed, not the code."),
        "submit": _("Record it"),
        "cancel_url": here(request, "codes"),
    }
    return fill(request, _code_form(request, is_known=bool(on)), act, context)


def _on(request: Request) -> tuple[dict[str, int], str]:
    """The thing the address names (`on=container-3`), as a keyword and in words, if any."""
    kind, _dash, number = asked.words(request, "on").partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= asked.MOST_DIGITS):
        return {}, ""
    if kind == "container":
        return {"container_id": int(number)}, hardware_queries.container(
            request.actor, int(number)
        ).name
    if kind == "access_point":
        point = place_queries.access_point(request.actor, int(number))
        return {"access_point_id": point.id}, point.name
    return {}, ""


def _code_form(request: Request, *, is_known: bool) -> CodeForm:
    if is_known:
        return CodeForm(request.POST or None)
    return CodeSomewhereForm(
        request.POST or None,
        find=lambda text: _find(request.actor, text),
        suggest=_find(request.actor, "", SUGGESTED),
    )


def code(request: Request, slug: str, code_id: int) -> HttpResponse:
    """One code: who knows it, since when it is this one."""
    context = _about(request, code_id) | {"form": _form(request)}
    return render(request, "codes/code.html", context)


def code_told(request: Request, slug: str, code_id: int) -> HttpResponse:
    """Note that somebody else knows a code."""
    context = _about(request, code_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        hardware.note_code_told(
            request.actor,
            code_id=code_id,
            person_id=given["holder"].person_id,
            occurred_at=given["occurred_at"],
        )
        return done(request, _("Noted."), to(request, "code", code_id))

    return fill(request, _form(request), act, context, template="codes/code.html")


def _form(request: Request) -> KnowsForm:
    form = KnowsForm(request.POST or None)
    holders.ask(request, form.fields["holder"], "person")
    return form


def code_changed(request: Request, slug: str, code_id: int) -> HttpResponse:
    """Ask, then note that a code was changed: nobody told before knows it any more."""
    found = hardware_queries.code(request.actor, code_id)
    back = to(request, "code", code_id)
    if request.method == "POST":
        hardware.note_code_changed(request.actor, code_id=code_id)
        return done(request, _("Noted. Who should know the new one?"), back)
    names = ", ".join(knower.name for knower in found.knowers)
    told = _("Then nobody knows it here until you say so. Until now: %s.") % names
    context = {
        "section": "codes",
        "title": _("Was %s changed at the lock?") % found.name,
        "follows": [told if names else _("Nobody is recorded who knew the old one.")],
        "submit": _("It was changed just now"),
        "cancel_url": back,
    }
    return render(request, "forms/confirm.html", context)


def _about(request: Request, code_id: int) -> dict[str, Any]:
    """Everything the page of a code tells."""
    found = hardware_queries.code(request.actor, code_id)
    acts.about_thing(request, "code", code_id)
    if found.access_point_id is not None:
        point = place_queries.access_point(request.actor, found.access_point_id)
        zones.of_site(request, point.site_id)
    else:
        zones.of_container(request, found.container_id)
    may_edit = acts.may(request, Right.EDIT_REGISTER)
    changed = acts.link(_("It was changed"), here(request, "code-changed", code_id=code_id))
    return {
        "section": "codes",
        "crumbs": [(_("Codes"), here(request, "codes"))],
        "code": found,
        "title": _title(found),
        "story": story_of(request, "code", code_id),
        "actions": [changed | {"icon": "rotate-ccw"}] if may_edit else [],
        "may_edit": may_edit,
    }


def _title(found: CodeView) -> str:
    count = len(found.knowers)
    if not count:
        return _("Nobody is recorded who knows the code “%s”") % found.name
    said = ngettext(
        "%(count)d person knows the code “%(name)s”",
        "%(count)d people know the code “%(name)s”",
        count,
    )
    return said % {"count": count, "name": found.name}
