"""Who can be given a key: persons and places by name, for the field that asks "to whom"."""

from functools import partial
from typing import cast

from django.forms import Field
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from keystead.journal.operation import granted
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.kernel.text import folded
from keystead.people import queries as people
from keystead.places import queries as places
from keystead.web import asked
from keystead.web.forms.who import (
    NEW,
    Candidate,
    LookUp,
    Typed,
    WhoWidget,
    candidates_context,
)
from keystead.web.http import Request, here

MOST = 8


def candidates(
    actor: Actor, text: str, *, with_places: bool = True, with_new: bool = True
) -> list[Candidate]:
    """Persons (and places) whose name or firm contains `text`: exact names first, left ones last.

    Ends with "somebody new" where there is nobody of that very name.
    """
    found = [
        _candidate(text, f"person-{p.id}", p.name, _hint(p))
        for p in people.persons(actor, text=text, limit=MOST)
    ]
    if with_places:
        found += [
            _candidate(
                text, f"space-{s.id}", s.name, _("place in %(site)s") % {"site": s.site_name}
            )
            for s in places.find_spaces(actor, text, MOST)
        ]
    found.sort(key=lambda candidate: (not candidate.is_exact, not candidate.is_start))
    exact = any(candidate.is_exact for candidate in found)
    if with_new and not exact and Right.EDIT_PEOPLE in granted(actor).anywhere:
        found = [*found[:MOST], Candidate(NEW, text, _("somebody new"))]
    return found


def _hint(person: people.PersonView) -> str:
    if person.left_at is not None:
        return _("has left")
    return person.firm_name or person.department


def _candidate(text: str, value: str, name: str, hint: str) -> Candidate:
    wanted, called = folded(text), folded(name)
    starts = called.startswith(wanted) or any(w.startswith(wanted) for w in called.split())
    return Candidate(value, name, hint, called == wanted, starts)


def look_up(actor: Actor, kinds: str) -> LookUp:
    """The look-up for a field: `kinds` is "all", "known" (nobody new), "person" or "anybody".

    The last two name persons only; anybody may be new.
    """
    with_places, with_new = kinds in ("all", "known"), kinds in ("all", "anybody")
    return partial(candidates, actor, with_places=with_places, with_new=with_new)


def ask(request: Request, field: Field, kinds: str) -> None:
    """Fit a form's field with the register's look-up and the address HTMX asks."""
    widget = cast(WhoWidget, field.widget)
    widget.look_up = look_up(request.actor, kinds)
    widget.url = asked.address(here(request, "holders"), kinds=kinds)


def holders(request: Request, slug: str) -> HttpResponse:
    """The candidates under a field, as one types; `name` is the field's."""
    kinds = asked.choice(request, "kinds", ("all", "known", "person", "anybody"), "known")
    name = asked.choice(request, "name", ("holder", "returned_by"), "holder")
    text = asked.words(request, name, 120)
    context = candidates_context(look_up(request.actor, kinds), name, Typed(text, text, ""))
    return render(request, "custody/widgets/candidates.html", context)
