"""The desk: scan or type copies and rings, see what they mean, hand out or take back."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from keystead.custody import queries as custody
from keystead.keys import queries as keys
from keystead.web import explaining, holders, wording
from keystead.web.forms.custody import HandOut
from keystead.web.forms.moments import quick_choices
from keystead.web.forms.who import Typed, candidates_context
from keystead.web.http import Request, here, page
from keystead.web.picking import Picked, codes, pick


@dataclass(frozen=True, slots=True)
class Doubt:
    """A code that means more than one copy, and the labels that would be clear."""

    code: str
    labels: list[str]


def desk(request: Request, slug: str) -> HttpResponse:
    """The page, and for HTMX what the codes scanned so far mean."""
    picked = pick(request)
    initial = {name: request.POST[name] for name in HandOut.base_fields if name in request.POST}
    form = HandOut(
        initial={**initial, "holder": _typed_holder(request)},
        needs_purpose=custody.purpose_required(request.actor),
    )
    holders.ask(request, form.fields["holder"], "all")
    context = {
        "section": "desk",
        "form": form,
        "picked": picked,
        "tags": list(dict.fromkeys(code for c in codes(request.POST) if (code := c.strip()))),
        "doubts": _doubts(request, picked),
        "sentence": sentence(request, picked),
        "blocked": _blocked(request, picked),
        "is_all_out": is_all_out(picked),
        "any_out": any(piece.is_out for piece in picked.pieces),
        "fragment": "desk/_meaning.html",
        "next": here(request, "desk"),
    }
    return page(request, "desk/desk.html", context)


def _typed_holder(request: Request) -> Typed:
    names = ("holder", "holder_for", "holder_choice")
    typed = (request.POST.get(name, "").replace("\x00", "").strip()[:120] for name in names)
    return Typed(*typed)


def _doubts(request: Request, picked: Picked) -> list[Doubt]:
    wanted = [copy_id for ids in picked.scans.ambiguous.values() for copy_id in ids]
    if not wanted:
        return []
    labels = {copy.id: copy.label for copy in keys.copies(request.actor, ids=wanted)}
    return [
        Doubt(code, [label for copy_id, label in labels.items() if copy_id in ids])
        for code, ids in picked.scans.ambiguous.items()
    ]


def _blocked(request: Request, picked: Picked) -> list[str]:
    """Why some of the single copies cannot be handed out, unless taking back is what is meant."""
    if is_all_out(picked):
        return []
    return list(explaining.reasons_against(request, picked).values())


def is_all_out(picked: Picked) -> bool:
    """Whether everything picked is with somebody, so that taking back is what is meant."""
    return bool(picked.pieces) and all(piece.is_out for piece in picked.pieces)


def sentence(request: Request, picked: Picked) -> str:
    """What Enter will do, growing with every scan."""
    if picked.is_empty:
        return ""
    rings = [r.ring.name for r in picked.rings]
    things = wording.listed([*rings, *(piece.copy.label for piece in picked.singles)])
    if is_all_out(picked):
        now_with = {piece.stay.holder or "?" for piece in picked.pieces}
        values = {"things": things, "holder": wording.listed(sorted(now_with))}
        return _("Take back %(things)s from %(holder)s") % values
    if request.POST.get("until") == "open":
        until: str = _("open-ended")
    else:
        until = _("until %(when)s") % {"when": _until(request)}
    values = {"things": things, "holder": _holder(request) or "…", "until": until}
    return _("Hand out %(things)s to %(holder)s, %(until)s") % values


def _holder(request: Request) -> str:
    """The name of who is chosen, as far as it is clear; else what was typed."""
    typed = _typed_holder(request)
    shown = candidates_context(holders.look_up(request.actor, "all"), "holder", typed)
    names: dict[str, str] = {candidate.value: candidate.name for candidate in shown["candidates"]}
    return names.get(shown["picked"], typed.text)


def _until(request: Request) -> str:
    quick = quick_choices()
    at = quick.get(request.POST.get("until", "today"))
    return (
        wording.moment(at, None) if at else request.POST.get("due_at", "").replace("T", " ") or "…"
    )
