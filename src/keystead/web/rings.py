"""Rings: what hangs on them, their seals, and who has them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.custody.queries import StayView
from keystead.kernel.errors import Conflict, NotFound
from keystead.kernel.rights import Right
from keystead.keys import operations as registering
from keystead.keys import queries as keys
from keystead.keys.queries import RingView
from keystead.web import acts, asked, keeping, retiring, wording, zones
from keystead.web.acts import Action
from keystead.web.custody import require_clear
from keystead.web.filling import Newer, fill, sent
from keystead.web.forms import keys as forms
from keystead.web.forms.keys import TagForm
from keystead.web.http import Request, done, here, refused
from keystead.web.paging import paged
from keystead.web.picking import PickedRing, assemble, pick
from keystead.web.stories import story_of
from keystead.web.templatetags.keystead_ui import tone


@dataclass(frozen=True, slots=True)
class RingRow:
    """A ring of the list, with its copies' whereabouts summed up."""

    ring: RingView
    chips: list[dict[str, Any]]
    where: StayView | None
    is_together: bool


def rings(request: Request, slug: str) -> HttpResponse:
    """All rings, and where each one is."""
    text = asked.words(request, "q")

    def fetch(limit: int, offset: int) -> list[RingView]:
        return keys.rings(request.actor, text=text, limit=limit, offset=offset)

    shown = paged(request, fetch)
    ids = [copy_id for ring in shown.rows for copy_id in ring.copy_ids]
    stays = custody.whereabouts(request.actor, ids)
    add = acts.link(_("Add a ring"), here(request, "ring-add"), icon="plus")
    context = {
        "section": "keys",
        "page": shown,
        "rows": [_row(ring, stays) for ring in shown.rows],
        "query_text": text,
        "retired": retiring.retired_rings(request),
        "actions": [add] if shown.rows and acts.may(request, Right.EDIT_REGISTER) else [],
    }
    return render(request, "rings/rings.html", context)


def _row(ring: RingView, stays: dict[int, StayView]) -> RingRow:
    here_now = [stays[copy_id] for copy_id in ring.copy_ids if copy_id in stays]
    places = {_place(stay) for stay in here_now}
    chips = [{"label": stay.copy_label, "tone": tone(stay)} for stay in here_now]
    return RingRow(ring, chips, here_now[0] if here_now else None, len(places) == 1)


def _place(stay: StayView) -> tuple[object, ...]:
    return (stay.state, stay.person_id, stay.space_id, stay.container_id, stay.position_id)


def ring(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """A ring: where it is, what hangs on it, its seal."""
    view = keys.ring(request.actor, ring_id)
    acts.about_thing(request, "ring", ring_id)
    zones.of_container(request, view.home_container_id)
    picked = assemble_ring(request, view)
    context = {
        "section": "keys",
        "ring": view,
        "picked": picked,
        "title": _heading(picked),
        "line": _line(picked),
        "tone": _tone(picked),
        "actions": _actions(request, picked),
        "describing": _describing(request, view),
        "seal_form": forms.SealForm(auto_id="seal_%s"),
        "tag_form": TagForm(auto_id="tag_%s"),
        "opened": keys.opens(request.actor, {piece.copy.key_id for piece in picked.pieces}),
        "story": story_of(request, "ring", ring_id),
    }
    return render(request, "rings/ring.html", context)


def assemble_ring(request: Request, view: RingView) -> PickedRing:
    """The ring with its copies; a retired one has none."""
    if view.retired_at is not None:
        return PickedRing(view, ())
    return assemble(request, [], [view.id]).rings[0]


def _heading(picked: PickedRing) -> Any:
    """Where the whole ring is, or how it is torn apart."""
    view = picked.ring
    if view.retired_at is not None:
        return _("Ring %(ring)s is out of use") % {"ring": view.name}
    stays = [piece.stay for piece in picked.pieces]
    if not stays:
        return _("Nothing hangs on ring %(ring)s") % {"ring": view.name}
    label = _("Ring %(ring)s") % {"ring": view.name}
    if len({_place(stay) for stay in stays}) == 1:
        return wording.whereabouts(stays[0], label)
    out = sum(stay.state == "held" for stay in stays)
    text = ngettext(
        "%(out)d of %(all)d copies of ring %(ring)s is out",
        "%(out)d of %(all)d copies of ring %(ring)s are out",
        out,
    )
    return text % {"out": out, "all": len(stays), "ring": view.name}


def _held(picked: PickedRing) -> list[StayView]:
    stays = [piece.stay for piece in picked.pieces]
    return [stay for stay in stays if stay.state == "held"]


def _line(picked: PickedRing) -> Any:
    held = _held(picked)
    return wording.period(held[0].due_at, held[0].review_on) if held else ""


def _tone(picked: PickedRing) -> str:
    tones = {wording.urgency(piece.stay) for piece in picked.pieces}
    return "missing" if "missing" in tones else "late" if "late" in tones else ""


def _actions(request: Request, picked: PickedRing) -> list[Action]:
    """Hand out or take back the whole ring."""
    if not acts.may(request, Right.HAND_OUT) or not picked.pieces:
        return []
    things = [("ring", picked.ring.id)]

    def to(name: str, label: str, *, icon: str, style: str = "") -> Action:
        return acts.link(label, acts.about(request, name, things), icon=icon, style=style)

    lost = to("lost", _("Lost or stolen"), icon="circle-help", style="danger")
    if _held(picked):
        return [
            to("take-back", _("Take back"), icon="undo-2"),
            to("pass-on", _("Pass on"), icon="arrow-right-left"),
            to("extend", _("Extend"), icon="calendar-plus"),
            lost,
        ]
    return [
        to("hand-out", _("Hand out"), icon="arrow-up-right"),
        to("move", _("Move"), icon="move"),
        lost,
    ]


def _describing(request: Request, view: RingView) -> list[Action]:
    if view.retired_at is not None:
        return retiring.bring_back(request, "ring", view.id)
    if not acts.may(request, Right.EDIT_REGISTER):
        return []
    put_on = acts.link(
        _("Put copies on"), here(request, "ring-put-on", ring_id=view.id), icon="plus"
    )
    edit = acts.link(_("Change"), here(request, "ring-edit", ring_id=view.id), icon="pencil")
    retire = acts.link(
        _("Out of use"), here(request, "ring-retire", ring_id=view.id), icon="circle-slash"
    )
    return [edit, retire] if view.is_sealed else [put_on, edit, retire]


def _form_page(
    request: Request, title: str, submit: str, view: RingView | None = None
) -> dict[str, Any]:
    cancel = here(request, "ring", ring_id=view.id) if view else here(request, "rings")
    crumb = (view.name, cancel) if view else (_("Rings"), cancel)
    return {
        "section": "keys",
        "title": title,
        "submit": submit,
        "cancel_url": cancel,
        "crumbs": [crumb],
    }


def ring_add(request: Request, slug: str) -> HttpResponse:
    """A new ring with copies on it."""
    form = forms.RingAddForm(
        sent(request),
        containers=keeping.offered(request.actor),
        home=_("nowhere in particular"),
    )

    def act(clean: dict[str, Any]) -> HttpResponse:
        picked = pick(request)
        require_clear(picked, field="tags")
        place = keeping.place(request.actor, clean)
        ring_id = registering.add_ring(
            request.actor,
            name=clean["name"],
            copy_ids=picked.copy_ids,
            seal_number=clean["seal_number"],
            home_container_id=place["container_id"],
            home_position_id=place["position_id"],
        )
        said = _("The ring %(ring)s is on the register.") % {"ring": clean["name"]}
        return done(request, said, here(request, "ring", ring_id=ring_id))

    return fill(request, form, act, _form_page(request, _("Add a ring"), _("Add it")))


def ring_edit(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Rename a ring or say where it belongs."""
    view = keys.ring(request.actor, ring_id)
    form = forms.RingEditForm(
        sent(request),
        containers=keeping.offered(request.actor),
        home=_("nowhere in particular"),
        initial={
            "name": view.name,
            "container": view.home_container_id or "",
            "hook": view.home_position_label or "",
            "version": view.version,
        },
    )

    def act(clean: dict[str, Any]) -> HttpResponse:
        place = keeping.place(request.actor, clean)
        registering.change_ring(
            request.actor,
            ring_id=ring_id,
            version=clean["version"],
            name=clean["name"],
            home_container_id=place["container_id"],
            home_position_id=place["position_id"],
        )
        return _done(request, ring_id, _("Changed."))

    title = _("Change ring %(ring)s") % {"ring": view.name}
    context = _form_page(request, title, _("Save"), view)
    return fill(request, form, act, context, newer=lambda: _newer(request, ring_id))


def _newer(request: Request, ring_id: int) -> Newer:
    view = keys.ring(request.actor, ring_id)
    home = " ".join(filter(None, [view.home_container_name, view.home_position_label]))
    return Newer(view.version, [(_("Name"), view.name), (_("Belongs in"), home)])


def _done(request: Request, ring_id: int, said: str) -> HttpResponse:
    return done(request, said, here(request, "ring", ring_id=ring_id))


def ring_put_on(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Hang copies on a ring."""
    view = keys.ring(request.actor, ring_id)
    form = forms.CopiesOnRingForm(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        picked = pick(request)
        require_clear(picked, field="tags")
        registering.put_on_ring(request.actor, ring_id=ring_id, copy_ids=picked.copy_ids)
        labels = wording.listed([piece.copy.label for piece in picked.singles])
        return _done(request, ring_id, _("%(things)s: on the ring.") % {"things": labels})

    title = _("Put copies on ring %(ring)s") % {"ring": view.name}
    return fill(request, form, act, _form_page(request, title, _("Put them on"), view))


def ring_take_off(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Take copies off a ring; whoever has them keeps them."""
    picked = pick(request)
    try:
        registering.take_off_ring(request.actor, ring_id=ring_id, copy_ids=picked.copy_ids)
    except Conflict as error:
        return refused(request, error, here(request, "ring", ring_id=ring_id))
    labels = wording.listed([piece.copy.label for piece in picked.singles])
    return _done(request, ring_id, _("%(things)s: off the ring.") % {"things": labels})


def ring_seal(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Put a seal on a ring, in place of an older one."""
    view = keys.ring(request.actor, ring_id)
    form = forms.SealForm(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        registering.seal_ring(request.actor, ring_id=ring_id, **clean)
        seal = {"seal": clean["seal_number"]}
        return _done(request, ring_id, _("Sealed with %(seal)s.") % seal)

    title = _("Seal ring %(ring)s") % {"ring": view.name}
    return fill(request, form, act, _form_page(request, title, _("Seal it"), view))


def ring_unseal(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Note that a seal was opened."""
    try:
        registering.break_seal(request.actor, ring_id=ring_id)
    except Conflict as error:
        return refused(request, error, here(request, "ring", ring_id=ring_id))
    return _done(request, ring_id, _("The seal is open."))


def ring_retire(request: Request, slug: str, ring_id: int) -> HttpResponse:
    """Take a ring out of use, after asking."""
    view = keys.ring(request.actor, ring_id)
    if view.retired_at is not None:
        raise NotFound("There is no such ring.", id=ring_id)
    if request.method == "POST":
        registering.retire_ring(request.actor, ring_id=ring_id)
        return _done(request, ring_id, _("The ring is out of use."))
    context = {
        **_form_page(
            request,
            _("Take ring %(ring)s out of use?") % {"ring": view.name},
            _("Take it out of use"),
            view,
        ),
        "follows": [
            _("What hangs on it comes off and stays where it is, with whoever has it."),
            _("It can be brought back into use, with nothing on it."),
        ],
    }
    return render(request, "forms/confirm.html", context)
