"""What the signed-in person has, and their way to everything else on a phone."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.custody.queries import StayView
from keystead.kernel.rights import Right
from keystead.people import queries as people
from keystead.web import acts
from keystead.web.acts import Action
from keystead.web.http import Request


@dataclass(frozen=True, slots=True)
class Mine:
    """A copy I have, with what I can report about it."""

    stay: StayView
    actions: tuple[Action, ...]


def me(request: Request, slug: str) -> HttpResponse:
    """My keys, late ones first, each with a way to say that it is lost or damaged."""
    held = custody.held_by_actor(request.actor)
    known = people.account_names(request.actor, {request.actor.account_id or 0})
    context = {
        "section": "me",
        "name": known.get(request.actor.account_id or 0, (0, ""))[1],
        "title": _heading(len(held)),
        "mine": [Mine(stay, _reports(request, stay)) for stay in held],
    }
    return render(request, "today/me.html", context)


def _heading(count: int) -> str:
    if not count:
        return _("You have no keys")
    return ngettext("You have %(count)d key", "You have %(count)d keys", count) % {"count": count}


def _reports(request: Request, stay: StayView) -> tuple[Action, ...]:
    if not acts.may(request, Right.REPORT):
        return ()
    things = [("copy", stay.copy_id)]
    return (
        acts.link(_("Lost"), acts.about(request, "lost", things), icon="circle-help"),
        acts.link(_("Damaged"), acts.about(request, "damaged", things), icon="wrench"),
    )
