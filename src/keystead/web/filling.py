"""Forms: shown, sent, and refused with what was typed kept.

A refusal of the domain ends on the field it names (422, 409), or above the form as what
happened, why and what one can do now. When two people changed the same thing, the newer version
stands beside what was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from keystead.journal.replays import KeyReused
from keystead.journal.saying import translated
from keystead.kernel.errors import ChangedMeanwhile, Conflict, Invalid, KeysteadError

Action = dict[str, Any]
Act = Callable[[dict[str, Any]], HttpResponse]


@dataclass(frozen=True, slots=True)
class Newer:
    """What a thing is now: its version, and its facts as pairs of term and value."""

    version: int
    facts: list[tuple[str, str]]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None where it is only shown."""
    return request.POST if request.method == "POST" else None


def fill(
    request: HttpRequest,
    form: Form,
    act: Act,
    context: Mapping[str, Any],
    *,
    template: str = "forms/page.html",
    newer: Callable[[], Newer] | None = None,
    offer: Callable[[KeysteadError], list[Action]] | None = None,
    explain: Callable[[KeysteadError], dict[str, Any]] | None = None,
) -> HttpResponse:
    """The page of a form; sent and valid, `act` answers with the cleaned values.

    `newer` reads the thing again after ChangedMeanwhile; `offer` says what one can do now after
    a refusal, `explain` puts the whole refusal into words.
    """
    shown: dict[str, Any] = {**context, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return act(form.cleaned_data)
            except (Invalid, Conflict) as error:
                status = error.status
                shown |= _told(form, error, newer, explain or _explaining(offer))
    return render(request, template, shown, status=status)


def _told(
    form: Form,
    error: KeysteadError,
    newer: Callable[[], Newer] | None,
    explain: Callable[[KeysteadError], dict[str, Any]],
) -> dict[str, Any]:
    """Put a refusal where it belongs; what does not fit on the form goes above it."""
    if isinstance(error, ChangedMeanwhile) and newer is not None:
        return _beside(form, newer())
    field = str(error.data.get("field", ""))
    if field in form.fields and not form.fields[field].widget.is_hidden:
        form.add_error(field, translated(error.message))
        return {}
    return {"refusal": explain(error)}


def _explaining(
    offer: Callable[[KeysteadError], list[Action]] | None,
) -> Callable[[KeysteadError], dict[str, Any]]:
    return lambda error: refusal(error, offer(error) if offer else [])


def _beside(form: Form, now: Newer) -> dict[str, Any]:
    """Show the newer version; sending the form again means to replace it."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["version"] = str(now.version)
    form.data = data
    return {
        "newer": now.facts,
        "submit": _("Save mine instead"),
        "refusal": {
            "title": _("Somebody changed this while you were writing"),
            "why": _("Nothing was overwritten. The newer version stands beside what you typed."),
        },
    }


def refusal(error: KeysteadError, actions: list[Action] | None = None) -> dict[str, Any]:
    """A refusal for components/refusal.html: what happened, why, what one can do now."""
    if isinstance(error, KeyReused):
        return {
            "title": _("This form was sent before, with something else in it"),
            "why": _("That first one counts. Send it again if you mean this, too."),
        }
    title, _dot, why = translated(error.message).partition(". ")
    return {"title": title.rstrip("."), "why": why, "actions": actions or []}
