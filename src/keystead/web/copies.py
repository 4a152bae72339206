"""The page of a copy: where it is, what it opens, where it has been; and what describes it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from keystead.custody import queries as custody
from keystead.exchange import queries as exchange
from keystead.journal.operation import granted
from keystead.kernel.errors import Conflict, Invalid, NotFound
from keystead.kernel.rights import Right
from keystead.keys import operations as registering
from keystead.keys import queries as keys
from keystead.keys.queries import CopyView
from keystead.web import acts, asked, keeping, retiring, wording, zones
from keystead.web.acts import Action
from keystead.web.filling import Newer, fill, sent
from keystead.web.forms.keys import CopyForm, TagForm
from keystead.web.http import Request, done, here, refused, way_back
from keystead.web.picking import Piece, pieces_of
from keystead.web.stories import story_of

BEEN = 6
"""How many stays stand on the page before "all of them"."""


def copy(request: Request, slug: str, copy_id: int) -> HttpResponse:
    """Where a copy is and what one can do with it, what it opens, where it has been."""
    piece = _piece(request, copy_id)
    acts.about_thing(request, "copy", copy_id)
    zones.of_container(request, piece.copy.home_container_id)
    limit = 200 if asked.words(request, "been") == "all" else BEEN
    been = custody.history(request.actor, copy_id, limit=limit + 1)
    context = {
        "section": "keys",
        "piece": piece,
        "title": wording.whereabouts(piece.stay),
        "line": wording.period(piece.stay.due_at, piece.stay.review_on),
        "tone": wording.urgency(piece.stay),
        "actions": acts.of_copy(request, piece),
        "row_notes": exchange.notes_of(request.actor, [copy_id]).get(copy_id, []),
        "opened": keys.opens(request.actor, {piece.copy.key_id}),
        "been": been[:limit],
        "has_been_more": len(been) > limit,
        "story": story_of(request, "copy", copy_id),
        "tag_form": TagForm(auto_id="tag_%s"),
        "describing": _describing(request, piece.copy),
        "crumbs": [(piece.copy.key_label, here(request, "key", key_id=piece.copy.key_id))],
    }
    return render(request, "keys/copy.html", context)


def _piece(request: Request, copy_id: int) -> Piece:
    piece = pieces_of(request, [copy_id]).get(copy_id)
    if piece is None:
        raise NotFound("There is no such copy.", id=copy_id)
    return piece


def _describing(request: Request, view: CopyView) -> list[Action]:
    if Right.EDIT_REGISTER not in granted(request.actor).anywhere:
        return []
    edit = acts.link(_("Change"), here(request, "copy-edit", copy_id=view.id), icon="pencil")
    retire = acts.link(
        _("Out of use"), here(request, "copy-retire", copy_id=view.id), icon="circle-slash"
    )
    if view.retired_at is not None:
        return retiring.bring_back(request, "copy", view.id)
    return [edit, retire]


def copy_edit(request: Request, slug: str, copy_id: int) -> HttpResponse:
    """What is stamped on a copy and where it belongs."""
    view = keys.copy(request.actor, copy_id)
    form = CopyForm(
        sent(request),
        containers=keeping.offered(request.actor),
        home=_("nowhere in particular"),
        initial=_as_read(view),
    )

    def act(clean: dict[str, Any]) -> HttpResponse:
        place = keeping.place(request.actor, clean)
        registering.change_copy(
            request.actor,
            copy_id=copy_id,
            version=clean["version"],
            mark=clean["mark"],
            home_container_id=place["container_id"],
            home_position_id=place["position_id"],
        )
        url = here(request, "copy", copy_id=copy_id)
        return done(request, _("%(copy)s: changed.") % {"copy": view.label}, url)

    context = _form_page(request, view, _("Change %(copy)s"), _("Save"))
    return fill(request, form, act, context, newer=lambda: _newer(request, copy_id))


def _as_read(view: CopyView) -> dict[str, Any]:
    return {
        "mark": view.mark,
        "container": view.home_container_id or "",
        "hook": view.home_position_label or "",
        "version": view.version,
    }


def _form_page(request: Request, view: CopyView, title: str, submit: str) -> dict[str, Any]:
    url = here(request, "copy", copy_id=view.id)
    return {
        "section": "keys",
        "title": title % {"copy": view.label},
        "submit": submit,
        "cancel_url": url,
        "crumbs": [(view.label, url)],
    }


def _newer(request: Request, copy_id: int) -> Newer:
    view = keys.copy(request.actor, copy_id)
    home = " ".join(filter(None, [view.home_container_name, view.home_position_label]))
    return Newer(view.version, [(_("Stamped on it"), view.mark), (_("Belongs in"), home)])


def copy_retire(request: Request, slug: str, copy_id: int) -> HttpResponse:
    """Take a copy out of use, after asking."""
    view = keys.copy(request.actor, copy_id)
    if request.method == "POST":
        registering.retire_copy(request.actor, copy_id=copy_id)
        url = here(request, "copy", copy_id=copy_id)
        return done(request, _("%(copy)s: out of use.") % {"copy": view.label}, url)
    title = _("Take %(copy)s out of use?")
    context = {
        **_form_page(request, view, title, _("Take it out of use")),
        "follows": [
            _("It cannot be handed out any more. It can always come back, and its story stays."),
            _("It can be brought back into use."),
        ],
    }
    return render(request, "forms/confirm.html", context)


def tag_attach(request: Request, slug: str) -> HttpResponse:
    """Put a tag on a copy, ring or container; it takes the place of an older one."""
    form = TagForm(request.POST)
    back = way_back(request, here(request, "keys"))
    if not form.is_valid():
        return refused(request, Invalid(_("Scan or type a tag of at most 80 characters.")), back)
    clean = form.cleaned_data
    try:
        registering.attach_tag(request.actor, **clean)
    except (Invalid, Conflict) as error:
        return refused(request, error, back)
    return done(request, _("The tag %(tag)s is on it now.") % {"tag": clean["text"]}, back)


def tag_remove(request: Request, slug: str, tag_id: int) -> HttpResponse:
    """Take a tag off its thing."""
    registering.remove_tag(request.actor, tag_id=tag_id)
    back = way_back(request, here(request, "keys"))
    return done(request, _("The tag is off."), back)
