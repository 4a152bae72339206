"""People and firms: who holds what now, who held what before, and what else they know."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.custody.queries import StayView
from keystead.hardware import queries as hardware
from keystead.kernel.rights import Right
from keystead.people import operations as registering
from keystead.people import queries as people
from keystead.people.queries import PersonView
from keystead.web import acts, asked, wording
from keystead.web.acts import Action
from keystead.web.filling import Newer, fill, sent
from keystead.web.forms import people as forms
from keystead.web.http import Request, done, here, page
from keystead.web.loans import batches
from keystead.web.paging import paged
from keystead.web.stories import story_of
from keystead.web.templatetags.keystead_ui import is_late

HAD_BEFORE = 20


def people_list(request: Request, slug: str) -> HttpResponse:
    """Everybody on the register, with how many copies each one has."""
    text = asked.words(request, "q")
    show = asked.choice(request, "show", ("left", "all"))

    def fetch(limit: int, offset: int) -> list[PersonView]:
        return people.persons(
            request.actor,
            text=text,
            present_only=not show,
            left_only=show == "left",
            limit=limit,
            offset=offset,
        )

    shown = paged(request, fetch)
    held = custody.held_counts(request.actor, [person.id for person in shown.rows])
    context = {
        "section": "people",
        "page": shown,
        "rows": [(person, held.get(person.id, 0)) for person in shown.rows],
        "firms": people.firms(request.actor),
        "query_text": text,
        "show": show,
        "choices": _choices(here(request, "people"), text, show),
        "actions": _list_actions(request),
    }
    return page(request, "people/people.html", context)


def _choices(base: str, text: str, show: str) -> list[dict[str, Any]]:
    labels = {"": _("Here"), "left": _("Left"), "all": _("Everybody")}
    return [
        {"label": label, "url": asked.address(base, q=text, show=name), "is_current": name == show}
        for name, label in labels.items()
    ]


def _may_edit(request: Request) -> bool:
    return acts.may_everywhere(request, Right.EDIT_PEOPLE)


def _list_actions(request: Request) -> list[Action]:
    if not acts.may(request, Right.EDIT_PEOPLE):
        return []
    return [
        acts.link(_("Add a person"), here(request, "person-add"), icon="user-plus"),
        acts.link(_("Add a firm"), here(request, "firm-add"), icon="handshake"),
    ]


def person(request: Request, slug: str, person_id: int) -> HttpResponse:
    """What a person has now, had before and knows."""
    view = people.person(request.actor, person_id)
    held = custody.out_now(request.actor, person_id=person_id, limit=500)
    limit = 500 if asked.words(request, "had") == "all" else HAD_BEFORE
    before = custody.past_loans(request.actor, person_id=person_id, limit=limit + 1)
    codes = hardware.codes(request.actor, person_id=person_id)
    context = {
        "section": "people",
        "person": view,
        "held": batches(request, held),
        "count": len(held),
        "before": before[:limit],
        "has_had_more": len(before) > limit,
        "codes": codes,
        "incidents": custody.incidents(request.actor, open_only=False, person_id=person_id),
        "title": heading(view, held),
        "line": _late_line(held),
        "tone": "late" if any(is_late(stay.due_at) for stay in held) else "",
        "actions": _actions(request, view, held),
        "story": story_of(request, "person", person_id),
    }
    return render(request, "people/person.html", context)


def heading(view: PersonView, held: list[StayView]) -> str:
    """What a person has, as a sentence."""
    values = {"name": view.name, "count": len(held)}
    if view.left_at is not None:
        if not held:
            return _("%(name)s has left and has no keys") % values
        return (
            ngettext(
                "%(name)s has left and still has %(count)d key",
                "%(name)s has left and still has %(count)d keys",
                len(held),
            )
            % values
        )
    if not held:
        return _("%(name)s has no keys") % values
    return ngettext("%(name)s has %(count)d key", "%(name)s has %(count)d keys", len(held)) % values


def _late_line(held: list[StayView]) -> str:
    late = sum(is_late(stay.due_at) for stay in held)
    return wording.late_count(late)


def _actions(request: Request, view: PersonView, held: list[StayView]) -> list[Action]:
    found = []
    if held and acts.may(request, Right.HAND_OUT):
        things = [("copy", stay.copy_id) for stay in held]
        back = acts.about(request, "take-back", things)
        found.append(acts.link(_("Take everything back"), back, icon="undo-2"))
        found.append(acts.pass_on(request, things))
    if not _may_edit(request):
        return found
    found.append(
        acts.link(_("Change"), here(request, "person-edit", person_id=view.id), icon="pencil")
    )
    if view.left_at is None:
        url = here(request, "person-leave", person_id=view.id)
        return [*found, acts.link(_("Leaves"), url, icon="log-out")]
    url = here(request, "person-back", person_id=view.id)
    return [*found, acts.button(_("Is back"), url, icon="user-plus")]


def _firms(request: Request) -> list[tuple[int, str]]:
    return [(firm.id, firm.name) for firm in people.firms(request.actor)]


def _form_page(
    request: Request, title: str, submit: str, cancel_url: str = "", name: str = ""
) -> dict[str, Any]:
    base = here(request, "people")
    return {
        "section": "people",
        "title": title,
        "submit": submit,
        "cancel_url": cancel_url or base,
        "crumbs": [(_("People"), base), *([(name, cancel_url)] if name else [])],
    }


def person_add(request: Request, slug: str) -> HttpResponse:
    """A new person."""
    initial = {"firm_id": asked.number(request, "firm") or ""}
    form = forms.PersonForm(sent(request), firms=_firms(request), initial=initial)

    def act(clean: dict[str, Any]) -> HttpResponse:
        person_id = registering.add_person(request.actor, **clean)
        said = _("%(name)s is on the register.") % {"name": clean["name"]}
        return done(request, said, here(request, "person", person_id=person_id))

    return fill(request, form, act, _form_page(request, _("Add a person"), _("Add")))


def person_edit(request: Request, slug: str, person_id: int) -> HttpResponse:
    """Correct a person's record."""
    view = people.person(request.actor, person_id)
    initial = {
        "name": view.name,
        "firm_id": view.firm_id or "",
        "department": view.department,
        "phone": view.phone,
        "email": view.email,
        "version": view.version,
    }
    form = forms.PersonEditForm(sent(request), firms=_firms(request), initial=initial)
    url = here(request, "person", person_id=person_id)

    def act(clean: dict[str, Any]) -> HttpResponse:
        registering.change_person(request.actor, person_id=person_id, **clean)
        return done(request, _("%(name)s: changed.") % {"name": clean["name"]}, url)

    title = _("Change %(name)s") % {"name": view.name}
    context = _form_page(request, title, _("Save"), url, view.name)
    return fill(request, form, act, context, newer=lambda: _newer(request, person_id))


def _newer(request: Request, person_id: int) -> Newer:
    view = people.person(request.actor, person_id)
    facts = [
        (_("Name"), view.name),
        (_("Firm"), view.firm_name or _("none")),
        (_("Department or role"), view.department),
        (_("Phone"), view.phone),
        (_("E-mail"), view.email),
    ]
    return Newer(view.version, facts)


def person_leave(request: Request, slug: str, person_id: int) -> HttpResponse:
    """Note that a person leaves; first says what they still have and know."""
    view = people.person(request.actor, person_id)
    url = here(request, "person", person_id=person_id)
    if request.method == "POST":
        registering.note_leaving(request.actor, person_id=person_id)
        return done(request, _("%(name)s has left.") % {"name": view.name}, url)
    held = custody.out_now(request.actor, person_id=person_id, limit=500)
    codes = hardware.codes(request.actor, person_id=person_id)
    title = _("Has %(name)s left?") % {"name": view.name}
    context = {
        **_form_page(request, title, _("Note that they left"), url, view.name),
        "person": view,
        "held": batches(request, held),
        "codes": codes,
    }
    return render(request, "people/leave.html", context)


def person_back(request: Request, slug: str, person_id: int) -> HttpResponse:
    """Note that a person who had left is here again."""
    view = people.person(request.actor, person_id)
    registering.note_return_of_person(request.actor, person_id=person_id)
    url = here(request, "person", person_id=person_id)
    return done(request, _("%(name)s is here again.") % {"name": view.name}, url)


def firm(request: Request, slug: str, firm_id: int) -> HttpResponse:
    """A firm: its workers and what they have."""
    view = people.firm(request.actor, firm_id)
    workers = people.workers(request.actor, firm_id)
    out = custody.out_now(request.actor, firm_id=firm_id, limit=500)
    held = custody.held_counts(request.actor, [worker.id for worker in workers])
    values = {"firm": view.name, "count": len(out)}
    has = ngettext("%(firm)s has %(count)d key", "%(firm)s has %(count)d keys", len(out)) % values
    context = {
        "section": "people",
        "firm": view,
        "workers": [(worker, held.get(worker.id, 0)) for worker in workers],
        "held": batches(request, out),
        "title": has if out else _("%(firm)s has no keys") % values,
        "line": _late_line(out),
        "tone": "late" if any(is_late(stay.due_at) for stay in out) else "",
        "actions": _firm_actions(request, firm_id),
        "story": story_of(request, "firm", firm_id),
    }
    return render(request, "people/firm.html", context)


def _firm_actions(request: Request, firm_id: int) -> list[Action]:
    if not _may_edit(request):
        return []
    add = asked.address(here(request, "person-add"), firm=firm_id)
    edit = here(request, "firm-edit", firm_id=firm_id)
    return [
        acts.link(_("Add a worker"), add, icon="user-plus"),
        acts.link(_("Rename"), edit, icon="pencil"),
    ]


def firm_add(request: Request, slug: str) -> HttpResponse:
    """A new firm."""
    form = forms.FirmForm(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        firm_id = registering.add_firm(request.actor, **clean)
        said = _("%(name)s is on the register.") % {"name": clean["name"]}
        return done(request, said, here(request, "firm", firm_id=firm_id))

    return fill(request, form, act, _form_page(request, _("Add a firm"), _("Add it")))


def firm_edit(request: Request, slug: str, firm_id: int) -> HttpResponse:
    """Another name for a firm."""
    view = people.firm(request.actor, firm_id)
    form = forms.FirmForm(sent(request), initial={"name": view.name})
    url = here(request, "firm", firm_id=firm_id)

    def act(clean: dict[str, Any]) -> HttpResponse:
        registering.rename_firm(request.actor, firm_id=firm_id, **clean)
        return done(request, _("%(name)s: renamed.") % {"name": clean["name"]}, url)

    title = _("Rename %(name)s") % {"name": view.name}
    return fill(request, form, act, _form_page(request, title, _("Save"), url, view.name))
