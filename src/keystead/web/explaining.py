"""Refusals of custody, explained: who has it, since when, and what one can do now."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.custody.queries import StayView
from keystead.kernel.errors import KeysteadError
from keystead.keys import queries as keys
from keystead.web import acts, filling, wording
from keystead.web.acts import Action
from keystead.web.http import Request, here
from keystead.web.picking import Picked, Piece

Explain = Callable[[KeysteadError], dict[str, Any]]
KEPT_OUT = {"copy", "ring", "tag", "tags", "csrfmiddlewaretoken", "idempotency_key"}


def of(request: Request, picked: Picked) -> Explain:
    """What to say about a refusal of an act about these copies and rings."""

    def explain(error: KeysteadError) -> dict[str, Any]:
        if error.data.get("blocked"):
            return _blocked(request, picked, error)
        shown = filling.refusal(error)
        return {**shown, "actions": _instead(request, error)}

    return explain


def _blocked(request: Request, picked: Picked, error: KeysteadError) -> dict[str, Any]:
    blocked: list[dict[str, Any]] = list(error.data["blocked"])  # type: ignore[call-overload]
    ids = [item["copy_id"] for item in blocked]
    stays = custody.whereabouts(request.actor, ids)
    reasons = [_reason(item, stays.get(item["copy_id"])) for item in blocked]
    if len(blocked) == 1:
        actions = [*_go_on(request, picked, set(ids)), *_about_one(request, stays.get(ids[0]))]
        return {"title": reasons[0], "why": _("Nothing was changed."), "actions": actions}
    title = ngettext(
        "%(count)d copy cannot be handed out now",
        "%(count)d copies cannot be handed out now",
        len(blocked),
    ) % {"count": len(blocked)}
    return {
        "title": title,
        "why": _("Nothing was changed."),
        "details": reasons,
        "actions": _go_on(request, picked, set(ids)),
    }


def beforehand(request: Request, picked: Picked) -> dict[str, Any] | None:
    """What keeps these copies from being handed out, said before anybody fills in the form.

    Rings are left to the act: what is not there of a loose one just stays behind.
    """
    reasons = reasons_against(request, picked)
    if not reasons:
        return None
    free = [("copy", c) for c in picked.copy_ids if c not in reasons]
    free += [("ring", ring_id) for ring_id in picked.ring_ids]
    actions = []
    if free:
        label = ngettext(
            "Continue with the other one", "Continue with the other %(count)d", len(free)
        ) % {"count": len(free)}
        actions.append(acts.link(label, acts.about(request, "hand-out", free), icon="arrow-right"))
    if len(reasons) == 1:
        (piece,) = (piece for piece in picked.singles if piece.copy.id in reasons)
        actions += _about_one(request, piece.stay)
        return {"title": reasons[piece.copy.id], "actions": actions}
    title = ngettext(
        "%(count)d copy cannot be handed out now",
        "%(count)d copies cannot be handed out now",
        len(reasons),
    ) % {"count": len(reasons)}
    return {"title": title, "details": list(reasons.values()), "actions": actions}


def reasons_against(request: Request, picked: Picked) -> dict[int, SafeString | str]:
    """Why some of the single copies cannot be handed out now, by copy id."""
    key_ids = {piece.copy.key_id for piece in picked.singles}
    retired = (
        {key.id for key in keys.keys(request.actor, ids=key_ids, retired_only=True)}
        if key_ids and not picked.is_own
        else set()
    )
    found = {p.copy.id: _why_not(p, p.copy.key_id in retired) for p in picked.singles}
    return {copy_id: said for copy_id, said in found.items() if said}


def _why_not(piece: Piece, is_key_retired: bool) -> SafeString | str:
    """Who has it since when, or what is wrong; nothing if it can be handed out."""
    if piece.stay.state != "stored":
        return _reason({"code": "copy-already-out", "message": ""}, piece.stay)
    label = {"label": piece.copy.label}
    if piece.copy.retired_at is not None or is_key_retired:
        return (_("%(label)s is out of use.") % label).rstrip(".")
    if piece.is_faulty:
        return (_("%(label)s has a critical fault. Settle it first.") % label).rstrip(".")
    return ""


def _reason(item: dict[str, Any], stay: StayView | None) -> SafeString:
    """Who has it since when; for other reasons the sentence of the refusal."""
    if item["code"] == "copy-already-out" and stay is not None:
        said = wording.whereabouts(stay)
        period = wording.period(stay.due_at, stay.review_on)
        return wording.fill("%(said)s, %(period)s", said=said, period=period) if period else said
    return escape(str(item["message"]).rstrip("."))


def _go_on(request: Request, picked: Picked, blocked: set[int]) -> list[Action]:
    """Continue with everything that is not blocked; what was typed goes along."""
    singles = [c for c in picked.copy_ids if c not in blocked]
    rings = [r for r in picked.rings if not blocked & set(r.ring.copy_ids)]
    things = [("copy", c) for c in singles] + [("ring", r.ring.id) for r in rings]
    count = len(singles) + sum(len(r.pieces) for r in rings)
    if not things:
        return []
    label = ngettext("Continue with the other one", "Continue with the other %(count)d", count)
    fields = [*things, *_typed(request.POST)]
    return [acts.button(label % {"count": count}, request.path, fields, icon="arrow-right")]


def _typed(data: QueryDict) -> Iterable[tuple[str, str]]:
    for name, values in data.lists():
        if name not in KEPT_OUT:
            yield from ((name, str(value)) for value in values)


def _about_one(request: Request, stay: StayView | None) -> list[Action]:
    if stay is None:
        return []
    things = [("copy", stay.copy_id)]
    found = []
    if stay.state == "held":
        found.append(acts.pass_on(request, things))
    if (other := _another(request, stay)) is not None:
        label = _("Take %(copy)s instead") % {"copy": other.label}
        found.append(acts.link(label, acts.about(request, "hand-out", [("copy", other.id)])))
    if stay.state == "missing":
        found.append(acts.link(_("It was found"), acts.about(request, "found", things)))
    page = here(request, "copy", copy_id=stay.copy_id)
    return [*found, acts.link(_("Look at %(copy)s") % {"copy": stay.copy_label}, page)]


def _another(request: Request, stay: StayView) -> keys.CopyView | None:
    """Another copy of the same key that is in stock and in use."""
    copies = [c for c in keys.copies(request.actor, key_id=stay.key_id) if not c.retired_at]
    stays = custody.whereabouts(request.actor, [copy.id for copy in copies])
    for copy in copies:
        where = stays.get(copy.id)
        if where is not None and where.state == "stored" and copy.id != stay.copy_id:
            return copy
    return None


def _instead(request: Request, error: KeysteadError) -> list[Action]:
    """The next sensible thing after other refusals."""
    copy_id, person_id = error.data.get("copy_id"), error.data.get("person_id")
    if error.code == "holder-has-left" and isinstance(person_id, int):
        page = here(request, "person", person_id=person_id)
        return [acts.link(_("Look at this person"), page)]
    if not isinstance(copy_id, int):
        return []
    things = [("copy", copy_id)]
    offers = {
        "copy-not-out": (_("Hand it out"), acts.about(request, "hand-out", things)),
        "copy-already-out": (_("Take it back"), acts.about(request, "take-back", things)),
        "copy-is-missing": (_("It was found"), acts.about(request, "found", things)),
    }
    story = acts.link(_("Look at its story"), here(request, "copy", copy_id=copy_id))
    first = [acts.link(*offers[error.code])] if error.code in offers else []
    return [*first, story]
