"""Lists of copies that are out: rows of one holder and period together, and their actions."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from keystead.custody.queries import StayView
from keystead.kernel.rights import Right
from keystead.web import acts
from keystead.web.acts import Action
from keystead.web.http import Request
from keystead.web.templatetags.keystead_ui import tone


@dataclass(frozen=True, slots=True)
class Batch:
    """Copies one holder has until the same time: out together, shown in one row."""

    stays: tuple[StayView, ...]
    actions: tuple[Action, ...]

    @property
    def first(self) -> StayView:
        """Any of them; holder and period are the same."""
        return self.stays[0]

    @property
    def ring_name(self) -> str | None:
        """The ring they hang on, if they are out as one."""
        return self.first.ring_name

    @property
    def chips(self) -> list[dict[str, Any]]:
        """The copies as components/ring.html wants them."""
        return [{"label": stay.copy_label, "tone": tone(stay)} for stay in self.stays]


def batches(request: Request, stays: Iterable[StayView]) -> list[Batch]:
    """Neighbours with the same holder, period and ring as one row, in the order given."""
    can_act = acts.may(request, Right.HAND_OUT)
    found = []
    for _same, group in groupby(stays, key=_togetherness):
        together = tuple(group)
        things = things_of(together)
        actions = (acts.pass_on(request, things), _take_back(request, together)) if can_act else ()
        found.append(Batch(together, actions))
    return found


def _togetherness(stay: StayView) -> tuple[object, ...]:
    return (stay.person_id, stay.space_id, stay.due_at, stay.review_on, stay.ring_id)


def things_of(stays: tuple[StayView, ...]) -> list[tuple[str, int]]:
    """The ring they are out on, or the copies one by one."""
    return [("copy", stay.copy_id) for stay in stays]


def _take_back(request: Request, together: tuple[StayView, ...]) -> Action:
    """At once for single copies; a ring has its form: one can be missing, the seal wrong."""
    first = together[0]
    if first.ring_id is not None:
        url = acts.about(request, "take-back", [("ring", first.ring_id)], next=request.path)
        return acts.link(_("Take back"), url, icon="undo-2")
    hint = ", ".join(stay.copy_label for stay in together)
    return acts.take_back(request, things_of(together), back_to=request.path, hint=hint)
