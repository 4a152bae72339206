"""Incidents: what was lost, stolen, damaged or wrong, and how it was settled."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.custody.queries import IncidentView
from keystead.custody.rules import MISSING_KINDS
from keystead.kernel.errors import KeysteadError
from keystead.kernel.rights import Right
from keystead.keys import queries as keys
from keystead.keys.queries import CopyView
from keystead.web import acts, asked, words
from keystead.web.acts import Action
from keystead.web.filling import fill
from keystead.web.forms.hardware import SettleForm
from keystead.web.http import Request, done, here
from keystead.web.paging import paged
from keystead.web.places import to
from keystead.web.stories import story_of

MOST_OPEN = 500
OPENS_SHOWN = 40


def incidents(request: Request, slug: str) -> HttpResponse:
    """Open incidents, or the settled ones."""
    is_settled = asked.choice(request, "show", ("settled",)) == "settled"

    def fetch(limit: int, offset: int) -> list[IncidentView]:
        return custody_queries.incidents(
            request.actor, settled_only=is_settled, limit=limit, offset=offset
        )

    page = paged(request, fetch)
    base = here(request, "incidents")
    context = {
        "section": "incidents",
        "page": page,
        "is_settled": is_settled,
        "losses": MISSING_KINDS,
        "title": _title(request, is_settled),
        "choices": [
            {"label": _("Open"), "url": base, "is_current": not is_settled},
            {
                "label": _("Settled"),
                "url": asked.address(base, show="settled"),
                "is_current": is_settled,
            },
        ],
    }
    return render(request, "incidents/list.html", context)


def _title(request: Request, is_settled: bool) -> str:
    if is_settled:
        return _("What was settled")
    count = len(custody_queries.incidents(request.actor, limit=MOST_OPEN))
    if not count:
        return _("Nothing is open")
    said = ngettext("%(count)d thing to settle", "%(count)d things to settle", count)
    return said % {"count": count}


def incident(request: Request, slug: str, incident_id: int) -> HttpResponse:
    """One incident: what it means, and how to settle it."""
    context = _about(request, incident_id) | {"form": SettleForm()}
    return render(request, "incidents/incident.html", context)


def incident_close(request: Request, slug: str, incident_id: int) -> HttpResponse:
    """Settle an incident; a loss only by finding or destroying the copy."""
    context = _about(request, incident_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        custody.close_incident(request.actor, incident_id=incident_id, **given)
        return done(request, _("Settled."), to(request, "incident", incident_id))

    def offer(error: KeysteadError) -> list[Action]:
        return context["actions"][:1] if error.code == "copy-is-missing" else []

    form = SettleForm(request.POST or None)
    return fill(request, form, act, context, template="incidents/incident.html", offer=offer)


def _about(request: Request, incident_id: int) -> dict[str, Any]:
    """Everything the page of an incident tells."""
    found = custody_queries.incident(request.actor, incident_id)
    acts.about_thing(request, "incident", incident_id)
    is_loss = found.kind in MISSING_KINDS and found.key_id is not None
    opened = keys.opens(request.actor, {found.key_id}) if is_loss and found.key_id else []
    is_open_loss = is_loss and found.closed_at is None
    return {
        "section": "incidents",
        "crumbs": [(_("Incidents"), here(request, "incidents"))],
        "incident": found,
        "is_loss": is_loss,
        "title": _sentence(found),
        "line": _opens(len(opened)) if is_open_loss else "",
        "tone": "missing" if is_open_loss and opened else "",
        "opened": opened[:OPENS_SHOWN],
        "opened_count": len(opened),
        "others": _others(request, found) if is_loss else [],
        "story": story_of(request, "incident", incident_id),
        "actions": _actions(request, found),
        "may_settle": acts.may(request, Right.HAND_OUT) and found.closed_at is None,
    }


def _opens(count: int) -> str:
    """What a missing copy still opens, in a few words."""
    if not count:
        return _("No door is recorded that it opens")
    return ngettext("It opens %(count)d door", "It opens %(count)d doors", count) % {"count": count}


def _sentence(found: IncidentView) -> str:
    """What happened to which thing, as a heading."""
    thing = found.copy_label or found.ring_name or ""
    values = {"thing": thing, "what": words.INCIDENTS.get(found.kind, found.kind)}
    if found.closed_at is not None:
        return _("%(thing)s: %(what)s, settled") % values
    return _("%(thing)s: %(what)s") % values


def _others(
    request: Request, found: IncidentView
) -> list[tuple[CopyView, custody_queries.StayView | None]]:
    """The other copies of the same key, with where they are."""
    copies = keys.copies(request.actor, key_id=found.key_id)
    others = [copy for copy in copies if copy.id != found.copy_id]
    where = custody_queries.whereabouts(request.actor, [copy.id for copy in others])
    return [(copy, where.get(copy.id)) for copy in others]


def _actions(request: Request, found: IncidentView) -> list[Action]:
    """What settles a loss: that it was found, or destroyed."""
    is_open_loss = found.kind in MISSING_KINDS and found.closed_at is None
    if not is_open_loss or found.copy_id is None or not acts.may(request, Right.HAND_OUT):
        return []
    about = [("copy", found.copy_id)]
    return [
        acts.link(_("It was found"), acts.about(request, "found", about), icon="search-check"),
        acts.link(
            _("It was destroyed"),
            acts.about(request, "destroy", about),
            icon="trash-2",
            style="danger",
        ),
    ]
