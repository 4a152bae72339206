"""The actions pages offer, as components/action.html wants them."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from keystead.journal import queries as journal
from keystead.journal.operation import granted, rights_of
from keystead.kernel.rights import Right
from keystead.web.http import Request, here
from keystead.web.picking import Piece

Action = dict[str, Any]
Things = Iterable[tuple[str, int]]


def about_thing(request: Request, kind: str, thing_id: int) -> None:
    """Say what a page is about: from here on `may` is about this thing, not any."""
    if granted(request.actor).at_sites:
        request.out_of_reach = {
            right
            for right in (Right.HAND_OUT, Right.EDIT_REGISTER)
            if not journal.reaches(request.actor, right, kind, thing_id)
        }


def may(request: Request, right: Right) -> bool:
    """Whether the person may do what this right allows: with the thing the page is about, or
    where it is about none, anywhere.
    """
    return right in granted(request.actor).anywhere - out_of_reach(request)


def out_of_reach(request: HttpRequest) -> set[Right]:
    """What the person may do elsewhere, but not with the thing this page is about."""
    found: set[Right] = getattr(request, "out_of_reach", set())
    return found


def may_everywhere(request: Request, right: Right) -> bool:
    """Whether the person may do what this right allows in the whole workspace."""
    return right in rights_of(request.actor)


def about(request: Request, name: str, things: Things, **query: str) -> str:
    """The address of an act about these copies and rings: pairs of copy or ring, and id."""
    return f"{here(request, name)}?{urlencode([*things, *query.items()])}"


def link(label: str, url: str, *, icon: str = "", style: str = "") -> Action:
    """An action that is a link."""
    return {"label": label, "url": url, "icon": icon, "style": style}


def button(
    label: str,
    url: str,
    fields: Iterable[tuple[str, object]] = (),
    *,
    icon: str = "",
    hint: str = "",
) -> Action:
    """An action that posts at once."""
    return {
        "label": label,
        "url": url,
        "method": "post",
        "fields": list(fields),
        "icon": icon,
        "hint": hint,
    }


def take_back(request: Request, things: Things, *, back_to: str = "", hint: str = "") -> Action:
    """Take back at once, to where they belong."""
    fields: list[tuple[str, object]] = [*things]
    if back_to:
        fields.append(("next", back_to))
    return button(_("Take back"), here(request, "take-back"), fields, icon="undo-2", hint=hint)


def pass_on(request: Request, things: Things) -> Action:
    """To the form that notes who has it now."""
    return link(_("Pass on"), about(request, "pass-on", things), icon="arrow-right-left")


def of_copy(request: Request, piece: Piece) -> list[Action]:
    """What one can do with a copy where it is now, the likeliest first."""
    if not may(request, Right.HAND_OUT):
        return []
    things = [("copy", piece.copy.id)]

    def to(name: str, label: str, *, icon: str, style: str = "") -> Action:
        return link(label, about(request, name, things), icon=icon, style=style)

    lost = to("lost", _("Lost or stolen"), icon="circle-help", style="danger")
    damaged = to("damaged", _("Damaged"), icon="wrench")
    earlier = to("past-loan", _("Type in an earlier loan"), icon="history")
    destroyed = to("destroy", _("Destroyed"), icon="trash-2", style="danger")
    state = piece.stay.state
    if state == "held":
        return [
            to("take-back", _("Take back"), icon="undo-2"),
            to("pass-on", _("Pass on"), icon="arrow-right-left"),
            to("extend", _("Extend"), icon="calendar-plus"),
            damaged,
            lost,
        ]
    if state == "missing":
        return [to("found", _("Found"), icon="search-check"), destroyed, earlier]
    if state == "destroyed":
        return [to("found", _("It turned up after all"), icon="search-check"), earlier]
    moved = to("move", _("Move"), icon="move")
    if piece.copy.retired_at or piece.is_faulty:
        return [moved, damaged, lost, destroyed, earlier]
    hand_out = to("hand-out", _("Hand out"), icon="arrow-up-right")
    return [hand_out, moved, damaged, lost, destroyed, earlier]
