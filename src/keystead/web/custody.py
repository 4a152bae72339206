"""Handing out, taking back, passing on, and what goes wrong: each a form about picked copies."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import operations as custody
from keystead.custody import queries as whereabouts
from keystead.custody.operations import CheckedOut, Returned
from keystead.kernel.errors import Conflict, Invalid
from keystead.keys import queries as keys
from keystead.web import acts, explaining, holders, keeping, wording, zones
from keystead.web.filling import Act, fill, sent
from keystead.web.forms import custody as forms
from keystead.web.forms.moments import Agreed
from keystead.web.forms.who import Who
from keystead.web.http import Request, done, here, refused, way_back
from keystead.web.picking import Picked, numbers, pick


def hand_out(request: Request, slug: str) -> HttpResponse:
    """Hand copies and rings to a person or a place, until a time or open-ended."""
    picked = _picked(request)
    needs_purpose = whereabouts.purpose_required(request.actor)
    form = forms.HandOut(sent(request), needs_purpose=needs_purpose)
    holders.ask(request, form.fields["holder"], "all")

    def act(clean: dict[str, Any]) -> HttpResponse:
        require_clear(picked)
        out = _check_out(request, picked, clean, form.agreed())
        return done(request, *_handed_out(request, picked, out), undo=out.handling)

    words = _words(_("Hand out %s"), _("Hand out"), picked)
    if request.method == "GET" and (refusal := explaining.beforehand(request, picked)):
        words |= {"refusal": refusal, "is_blocked": True}
    return _fill(request, picked, form, act, words, "custody/hand-out.html")


def _check_out(
    request: Request, picked: Picked, clean: dict[str, Any], agreed: Agreed
) -> CheckedOut:
    who: Who = clean["holder"]
    purpose, occurred_at = clean["purpose"] or None, clean["occurred_at"]
    if who.new_name:
        return custody.check_out_to_newcomer(
            request.actor,
            name=who.new_name,
            firm_name=clean["firm_name"],
            **picked.ids(),
            **agreed,
            purpose=purpose,
            occurred_at=occurred_at,
        )
    return custody.check_out(
        request.actor,
        **who.ids(),
        **picked.ids(),
        **agreed,
        purpose=purpose,
        occurred_at=occurred_at,
    )


def _handed_out(request: Request, picked: Picked, out: CheckedOut) -> tuple[str, str]:
    """What happened and where to go on."""
    stays = whereabouts.whereabouts(request.actor, out.copy_ids)
    labels = [stays[copy_id].copy_label for copy_id in out.copy_ids]
    first = stays[out.copy_ids[0]]
    if out.handling is None:
        said = _("%(things)s: with %(holder)s already. Nothing changed.")
        return said % {"things": wording.listed(labels), "holder": first.holder}, _next(
            request, picked
        )
    said = wording.handed_out(labels, first.holder or "", first.due_at)
    if out.left_out:
        left = len(out.left_out)
        said += " " + ngettext(
            "%(count)d of the ring was not there.", "%(count)d of the ring were not there.", left
        ) % {"count": left}
    return said, _next(request, picked)


def take_back(request: Request, slug: str) -> HttpResponse:
    """Take copies and rings back: where they belong, or into another container."""
    picked = _picked(request)
    form = forms.TakeBack(
        sent(request),
        containers=keeping.offered(request.actor),
        home=_("where it belongs"),
        initial={"container": picked.scans.container_ids[-1:] or ""},
    )
    holders.ask(request, form.fields["returned_by"], "person")

    def act(clean: dict[str, Any]) -> HttpResponse:
        require_clear(picked)
        back = _return(request, picked, clean)
        return done(request, *_taken_back(request, picked, back), undo=_undoable(back, clean))

    words = _words(_("Take back %s"), _("Take back"), picked)
    words["has_seal"] = any(r.ring.is_sealed for r in picked.rings)
    return _fill(request, picked, form, act, words, "custody/take-back.html")


def _return(request: Request, picked: Picked, clean: dict[str, Any]) -> Returned:
    by: Who | None = clean["returned_by"]
    place = keeping.place(request.actor, clean)
    if place["container_id"] is None and picked.scans.container_ids:
        place["container_id"] = picked.scans.container_ids[-1]
    return custody.return_copies(
        request.actor,
        **picked.ids(),
        **place,
        without_copy_ids=numbers(request.POST, "without", "copy"),
        returned_by_id=by.person_id if by else None,
        note=clean["note"] or None,
        left_at=clean["left_at"] or None,
        meter=clean["meter"] or None,
        fault=clean["fault"] or None,
        fault_is_critical=clean["fault_is_critical"],
        seal_number=clean["seal_number"] or None,
        occurred_at=clean["occurred_at"],
    )


def _undoable(back: Returned, clean: dict[str, Any]) -> int | None:
    """The handling to undo; none where the return opened an incident or was entered later."""
    opened = back.still_out or back.seal == "differs" or clean["fault"]
    return None if opened or clean["occurred_at"] else back.handling


def _taken_back(request: Request, picked: Picked, back: Returned) -> tuple[str, str]:
    ids = back.copy_ids or back.unchanged_copy_ids
    stays = whereabouts.whereabouts(request.actor, ids)
    labels = wording.listed([stays[copy_id].copy_label for copy_id in ids])
    if not back.copy_ids:
        said = _("%(things)s: in already. Nothing changed.") % {"things": labels}
    else:
        places = {wording.place(stays[copy_id]) for copy_id in ids}
        said = _("%(things)s: back, in %(place)s.") % {
            "things": labels,
            "place": places.pop() if len(places) == 1 else _("their places"),
        }
    if back.still_out:
        said += " " + _("What is missing of the ring stays with its holder, as an incident.")
    if back.seal == "differs":
        said += " " + _("The seal is another one: an incident was opened.")
    if back.back_now:
        late = wording.listed([stays[copy_id].copy_label for copy_id in back.back_now])
        said += " " + _("%(things)s went out after that time: back from now on.") % {"things": late}
    return said, _next(request, picked)


def pass_on(request: Request, slug: str) -> HttpResponse:
    """Note that copies went from their holder straight to somebody else."""
    picked = _picked(request)
    needs_purpose = whereabouts.purpose_required(request.actor)
    form = forms.PassOn(sent(request), needs_purpose=needs_purpose)
    holders.ask(request, form.fields["holder"], "known")

    def act(clean: dict[str, Any]) -> HttpResponse:
        require_clear(picked)
        who: Who = clean["holder"]
        out = custody.pass_on(
            request.actor,
            **who.ids(),
            **picked.ids(),
            **form.agreed(),
            purpose=clean["purpose"] or None,
        )
        if out.handling is None:
            return done(request, _("Nothing changed: it is so already."), _next(request, picked))
        return done(request, *_handed_out(request, picked, out), undo=out.handling)

    lead = _("From one person straight to another, without coming back in between.")
    words = _words(_("Who has %s now?"), _("Pass on"), picked, lead)
    return _fill(request, picked, form, act, words, "custody/pass-on.html")


def extend(request: Request, slug: str) -> HttpResponse:
    """Give loans another due time or review date."""
    picked = _picked(request)
    form = forms.Extend(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        copy_ids = [piece.copy.id for piece in picked.pieces]
        custody.extend(request.actor, copy_ids=copy_ids, **form.agreed())
        said = _("%(things)s: until %(until)s.") % {
            "things": _labels(picked),
            "until": wording.moment(clean["due_at"], clean["review_on"]),
        }
        return done(request, said, _next(request, picked))

    words = _words(_("Until when may %s stay out?"), _("Extend"), picked)
    return _fill(request, picked, form, act, words, "custody/extend.html")


def move(request: Request, slug: str) -> HttpResponse:
    """Keep copies in stock somewhere else."""
    picked = _picked(request)
    form = forms.Keeping(
        sent(request), containers=keeping.offered(request.actor), home=_("just in stock")
    )

    def act(clean: dict[str, Any]) -> HttpResponse:
        require_clear(picked)
        handling = custody.move_copies(
            request.actor, **picked.ids(), **keeping.place(request.actor, clean)
        )
        said = _("%(things)s: moved.") if handling else _("%(things)s: there already.")
        things = {"things": _labels(picked)}
        return done(request, said % things, _next(request, picked), undo=handling)

    words = _words(_("Where is %s kept now?"), _("Move"), picked)
    return _fill(request, picked, form, act, words, "custody/move.html")


def lost(request: Request, slug: str) -> HttpResponse:
    """Report copies as lost, stolen or unaccounted for."""
    picked = _picked(request)
    form = forms.Missing(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        custody.report_missing(request.actor, **picked.ids(), **clean)
        said = _("%(things)s: reported. It cannot be handed out until it is found.")
        return done(request, said % {"things": _labels(picked)}, _next(request, picked))

    lead = _("From now on it cannot be handed out. Who had it last stays on record.")
    words = _words(_("What happened to %s?"), _("Report it"), picked, lead)
    if not picked.is_own:
        words |= _at_stake(request, picked)
    return _fill(request, picked, form, act, words, "custody/lost.html")


def found(request: Request, slug: str) -> HttpResponse:
    """Note that a missing copy turned up, in stock or with somebody."""
    picked = _picked(request)
    form = forms.Found(
        sent(request), containers=keeping.offered(request.actor), home=_("where it belongs")
    )
    holders.ask(request, form.fields["holder"], "person")

    def act(clean: dict[str, Any]) -> HttpResponse:
        who: Who | None = clean["holder"]
        place = keeping.place(request.actor, clean)
        custody.report_found(
            request.actor,
            copy_id=_only_one(picked),
            note=clean["note"] or None,
            person_id=who.person_id if who else None,
            **place,
        )
        said = _("%(things)s: found.") % {"things": _labels(picked)}
        return done(request, said, _next(request, picked))

    words = _words(_("%s was found"), _("Note it"), picked)
    return _fill(request, picked, form, act, words, "custody/found.html")


def damaged(request: Request, slug: str) -> HttpResponse:
    """Report a fault of a copy; a critical one blocks handing it out."""
    picked = _picked(request)
    form = forms.Damaged(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        custody.report_damaged(request.actor, copy_id=_only_one(picked), **clean)
        said = _("%(things)s: the fault is noted.") % {"things": _labels(picked)}
        return done(request, said, _next(request, picked))

    words = _words(_("What is wrong with %s?"), _("Report it"), picked)
    return _fill(request, picked, form, act, words)


def destroy(request: Request, slug: str) -> HttpResponse:
    """Note that copies were destroyed, after asking."""
    picked = _picked(request)
    form = forms.Destroy(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        copy_ids = [piece.copy.id for piece in picked.pieces]
        custody.destroy_copies(request.actor, copy_ids=copy_ids, note=clean["note"] or None)
        said = _("%(things)s: destroyed. The record stays.") % {"things": _labels(picked)}
        return done(request, said, _next(request, picked))

    lead = _("Only if the metal is really gone. The record and its story stay for ever.")
    words = _words(_("Was %s destroyed?"), _("It was destroyed"), picked, lead)
    return _fill(request, picked, form, act, {**words, "is_final": True})


def past_loan(request: Request, slug: str) -> HttpResponse:
    """Type in a loan that began and ended in the past."""
    picked = _picked(request)
    form = forms.PastLoan(sent(request))
    holders.ask(request, form.fields["holder"], "known")

    def act(clean: dict[str, Any]) -> HttpResponse:
        who: Who = clean["holder"]
        custody.record_past_loan(
            request.actor,
            copy_id=_only_one(picked),
            **who.ids(),
            from_at=clean["from_at"],
            until_at=clean["until_at"],
            purpose=clean["purpose"] or None,
        )
        said = _("%(things)s: the earlier loan is noted, marked as entered later.")
        return done(request, said % {"things": _labels(picked)}, _next(request, picked))

    lead = _("From a paper log, for instance. It is marked as entered later.")
    words = _words(_("Who had %s before?"), _("Note it"), picked, lead)
    return _fill(request, picked, form, act, words, "custody/past-loan.html")


def undo(request: Request, slug: str, handling: int) -> HttpResponse:
    """Take back one's own act of the last moments."""
    asked_on = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(asked_on, {request.get_host()})
    back = asked_on if is_ours else here(request, "today")
    try:
        copy_ids = custody.undo(request.actor, handling=handling)
    except Conflict as error:
        return refused(request, error, back)
    stays = whereabouts.whereabouts(request.actor, copy_ids)
    labels = wording.listed([stay.copy_label for stay in stays.values()])
    return done(request, _("Undone: %(things)s as before.") % {"things": labels}, back)


def _picked(request: Request) -> Picked:
    picked = pick(request)
    if not picked.is_own:
        zones.of_picked(request, picked)
    return picked


def _words(title: str, submit: str, picked: Picked, lead: str = "") -> dict[str, Any]:
    """What the page of an act says: its heading names what it is about."""
    return {"title": title % (_labels(picked) or "…"), "submit": submit, "lead": lead}


def _fill(
    request: Request,
    picked: Picked,
    form: Form,
    act: Act,
    words: dict[str, Any],
    template: str = "custody/act.html",
) -> HttpResponse:
    """The page of an act about copies, with its refusals explained."""
    context = {
        **words,
        "picked": picked,
        "cancel_url": _next(request, picked),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    if picked.is_empty and request.method == "GET":
        desk = acts.link(_("To the desk"), here(request, "desk"), icon="scan-barcode")
        context["refusal"] = {"title": _("Choose what this is about first"), "actions": [desk]}
    explain = explaining.of(request, picked)
    return fill(request, form, act, context, template=template, explain=explain)


def _at_stake(request: Request, picked: Picked) -> dict[str, Any]:
    """What the copies open, and how many other copies of these keys there are."""
    key_ids = {piece.copy.key_id for piece in picked.pieces}
    balances = whereabouts.balances(request.actor, key_ids).values()
    around = sum(balance.stock + balance.out for balance in balances)
    counted = sum(piece.stay.state in ("stored", "held") for piece in picked.pieces)
    return {"opened": keys.opens(request.actor, key_ids), "others": around - counted}


def _labels(picked: Picked) -> str:
    """Rings by name and copies by label, as people say them."""
    rings = [_("ring %(name)s") % {"name": r.ring.name} for r in picked.rings]
    return wording.listed([*rings, *(piece.copy.label for piece in picked.singles)])


def _next(request: Request, picked: Picked) -> str:
    """Where to go after the act: the page the form names, else the one thing's own page."""
    if picked.is_own:
        return here(request, "me")
    otherwise = here(request, "today")
    if len(picked.singles) == 1 and not picked.rings:
        otherwise = here(request, "copy", copy_id=picked.singles[0].copy.id)
    if len(picked.rings) == 1 and not picked.singles:
        otherwise = here(request, "ring", ring_id=picked.rings[0].ring.id)
    return way_back(request, otherwise)


def _only_one(picked: Picked) -> int:
    if len(picked.pieces) != 1:
        raise Invalid(_("Choose one copy for this."), field="copy")
    return picked.pieces[0].copy.id


def require_clear(picked: Picked, field: str = "") -> None:
    """Raise Invalid for codes that mean nothing or too much: nothing is left out silently."""
    scans = picked.scans
    if doubtful := [*scans.unknown, *scans.ambiguous, *scans.other]:
        raise Invalid(
            _("%(codes)s: not clear what that is. Take it off the list, or type the copy's label.")
            % {"codes": wording.listed(doubtful)},
            field=field,
        )
