"""Reading where copies are and were."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from keystead.custody import rules
from keystead.custody.models import Stay
from keystead.hardware.models import IS_OPEN, Container
from keystead.journal.operation import granted, require, scope_of
from keystead.journal.orders import Order, Spot
from keystead.journal.rows import hidden, visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys import rules as key_rules
from keystead.keys.models import Copy, Ring
from keystead.people import queries as people
from keystead.places.models import Space

OUT = Order("loan__due_at?=due_at", "loan__review_on?=review_on", "pk=stay_id")
_DUE = Order("loan__due_at=due_at", "pk=stay_id")
_OPEN_ENDED = Order("loan__review_on?=review_on", "pk=stay_id")
PAST_LOANS = Order("-valid_to=until", "-pk=stay_id")
HISTORY = Order("-valid_from=since", "-pk=stay_id")
TO_REVIEW = Order("loan__review_on=review_on", "pk=stay_id")
"""How these lists are sorted."""


@dataclass(frozen=True, slots=True)
class StayView:
    """Where a copy is or was. Times are aware UTC; `review_on` is a day at the site.

    `state` is stored, held, missing or destroyed; `until` None means still. Holder and loan
    fields are empty unless it is (or was) held.
    """

    stay_id: int
    copy_id: int
    copy_label: str
    key_id: int
    key_name: str
    state: str
    reason: str
    since: datetime
    until: datetime | None
    is_late_entry: bool
    container_id: int | None
    container_name: str | None
    position_id: int | None
    position_label: str | None
    person_id: int | None
    person_name: str | None
    firm_name: str | None
    space_id: int | None
    space_name: str | None
    loan_id: int | None
    ring_id: int | None
    ring_name: str | None
    due_at: datetime | None
    review_on: date | None
    purpose: str | None
    returned_by: str | None
    return_note: str | None
    left_at: str | None = None
    meter: str | None = None
    is_unrecorded: bool = False

    @property
    def holder(self) -> str | None:
        """The person or place that has the copy, in words."""
        return self.person_name or self.space_name


def _stays(actor: Actor) -> QuerySet[Stay]:
    return visible(actor, Stay).filter(superseded_seq=None)


_LOOKED_UP = (
    "pk",
    "copy_id",
    "copy__key__symbol",
    "copy__key__name",
    "copy__number",
    "copy__key_id",
    "state",
    "reason",
    "valid_from",
    "valid_to",
    "is_late",
    "container_id",
    "container__name",
    "position_id",
    "position__label",
    "person_id",
    "person__name",
    "person__firm__name",
    "space_id",
    "space__name",
    "loan__pk",
    "loan__ring_id",
    "loan__ring__name",
    "loan__due_at",
    "loan__review_on",
    "loan__purpose__text",
    "loan__returned_by__name",
    "loan__return_note__text",
    "loan__left_at__text",
    "loan__meter__text",
)
"""What a view is made of, in its order; plain values cost a third of what rows as objects do."""


def _views(actor: Actor, rows: QuerySet[Stay]) -> list[StayView]:
    views = [_view(*row) for row in rows.values_list(*_LOOKED_UP)]
    boxes = hidden(actor, Container, (view.container_id for view in views))
    spaces = hidden(actor, Space, (view.space_id for view in views))
    rings = hidden(actor, Ring, (view.ring_id for view in views))
    if not (boxes or spaces or rings):
        return views
    return [_without(view, boxes, spaces, rings) for view in views]


_NO_BOX: dict[str, Any] = dict.fromkeys(
    ("container_id", "container_name", "position_id", "position_label")
)
_NO_SPACE: dict[str, Any] = dict.fromkeys(("space_id", "space_name"))
_NO_RING: dict[str, Any] = dict.fromkeys(("ring_id", "ring_name"))


def _without(view: StayView, boxes: set[int], spaces: set[int], rings: set[int]) -> StayView:
    """A stay without the names of things that the actor may not see."""
    away = _NO_BOX if view.container_id in boxes else {}
    away = away | (_NO_SPACE if view.space_id in spaces else {})
    away = away | (_NO_RING if view.ring_id in rings else {})
    return replace(view, **away)


def _some_views(actor: Actor, page: QuerySet[Stay]) -> list[StayView]:
    """A page of many rows: chosen in their order first, then looked at with all that hangs on them.

    Sorting rows of thirteen tables, to show a few of them, costs several times as much. In one
    statement PostgreSQL would still join them all.
    """
    chosen = list(page.values_list("pk", flat=True))
    if not chosen:
        return []
    return _views(actor, Stay.objects.filter(pk__in=chosen).order_by(*page.query.order_by))


def _view(
    stay_id: int, copy_id: int, symbol: str, name: str, number: int, key_id: int, *others: Any
) -> StayView:
    label = key_rules.copy_label(key_rules.label_of(symbol, name), number)
    return StayView(stay_id, copy_id, label, key_id, name, *others)


def _held(actor: Actor) -> QuerySet[Stay]:
    return _stays(actor).filter(IS_OPEN, state="held")


def _lent(actor: Actor) -> QuerySet[Stay]:
    """What is held on a loan. Saying again that it is not over lets the loan's index be used."""
    return _held(actor).filter(loan__workspace_id=actor.workspace_id, loan__back_at=None)


def whereabouts(actor: Actor, copy_ids: Iterable[int]) -> dict[int, StayView]:
    """Where these copies are now, by copy id."""
    rows = _stays(actor).filter(IS_OPEN, copy_id__in=list(copy_ids))
    return {view.copy_id: view for view in _views(actor, rows)}


def where_is(actor: Actor, copy_id: int) -> StayView:
    """Where one copy is now. Raises NotFound."""
    found = whereabouts(actor, [copy_id])
    if copy_id not in found:
        raise NotFound(_("There is no such copy."), kind="copy", id=copy_id)
    return found[copy_id]


def history(
    actor: Actor,
    copy_id: int,
    limit: int = 200,
    offset: int = 0,
    after: Spot | None = None,
) -> list[StayView]:
    """Where a copy has been, newest first, as known now.

    `is_unrecorded`: nobody wrote down that it was there; it is only what was believed before.
    """
    rows = _stays(actor).filter(copy_id=copy_id)
    views = _some_views(actor, HISTORY.page(rows, after=after, limit=limit, offset=offset))
    if not any(view.is_late_entry for view in views):
        return views
    noted = rows.order_by().values_list("state", "valid_from", "valid_to", "handling", "is_late")
    holes = set(rules.unrecorded(rules.Noted(*row) for row in noted))
    return [replace(view, is_unrecorded=(view.since, view.until) in holes) for view in views]


def out_now(
    actor: Actor,
    *,
    at: datetime | None = None,
    overdue_only: bool = False,
    due_before: datetime | None = None,
    open_ended_only: bool = False,
    person_id: int | None = None,
    space_id: int | None = None,
    firm_id: int | None = None,
    key_id: int | None = None,
    text: str = "",
    after: Spot | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[StayView]:
    """Copies that are out now: late ones first, then by due time, open-ended ones last.

    `overdue_only` needs `at` (aware), the moment to judge by; `due_before` (aware, exclusive)
    finds those due from `at` until then.
    """
    rows = _held(actor) if due_before is None and not overdue_only else _lent(actor)
    if hidden(actor, Space, [space_id]):
        return []
    if overdue_only:
        rows = rows.filter(loan__due_at__lt=at)
    if due_before is not None:
        rows = rows.filter(loan__due_at__gte=at, loan__due_at__lt=due_before)
    wanted = {
        "person_id": person_id,
        "space_id": space_id,
        "person__firm_id": firm_id,
        "copy__key_id": key_id,
    }
    rows = rows.filter(**{field: value for field, value in wanted.items() if value is not None})
    if text:
        rows = rows.filter(
            Q(person__name__icontains=text)
            | Q(person__firm__name__icontains=text)
            | _in_a_space_called(actor, text)
            | Q(copy__key__symbol__icontains=text)
            | Q(copy__key__name__icontains=text)
        )
    dated, undated = rows.filter(loan__due_at__isnull=False), rows.filter(loan__due_at=None)
    # Two look-ups instead of one sorted by both: each follows an index.
    due, review, stay_id = after or (None, None, None)
    late = None if due is None else (due, stay_id)
    if open_ended_only or (after and due is None):
        behind = (review, stay_id) if after else None
        return _some_views(
            actor, _OPEN_ENDED.page(undated, after=behind, limit=limit, offset=offset)
        )
    views = _some_views(actor, _DUE.page(dated, after=late, limit=limit, offset=offset))
    if len(views) < limit and not overdue_only and due_before is None:
        skip = max(0, offset - dated.count()) if offset else 0
        views += _some_views(
            actor, _OPEN_ENDED.page(undated, limit=limit - len(views), offset=skip)
        )
    return views


def _in_a_space_called(actor: Actor, text: str) -> Q:
    named = Q(space__name__icontains=text)
    scope = scope_of(actor, Right.SEE_REGISTER)
    return named if scope.is_everything else named & Q(space__in=visible(actor, Space))


def held_counts(actor: Actor, person_ids: Iterable[int]) -> dict[int, int]:
    """How many copies each of these persons has now; who has none is missing."""
    rows = visible(actor, Stay).filter(IS_OPEN, person_id__in=list(person_ids))
    return dict(rows.values_list("person_id").annotate(Count("pk")).order_by())


def past_loans(
    actor: Actor,
    *,
    person_id: int | None = None,
    space_id: int | None = None,
    after: Spot | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[StayView]:
    """What a person or place had and gave back, newest first."""
    rows = _stays(actor).filter(state="held", valid_to__isnull=False)
    if hidden(actor, Space, [space_id]):
        return []
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if space_id is not None:
        rows = rows.filter(space_id=space_id)
    return _some_views(actor, PAST_LOANS.page(rows, after=after, limit=limit, offset=offset))


def loans_after(actor: Actor, stay_id: int, limit: int) -> list[StayView]:
    """The next loans, open and past, after this stay, in the order recorded, as known now."""
    rows = _stays(actor).filter(state="held", pk__gt=stay_id)
    return _some_views(actor, rows.order_by("pk")[:limit])


def out_of_keys(actor: Actor, key_ids: Iterable[int], limit: int = 500) -> list[StayView]:
    """Copies of these keys that somebody has now, by holder."""
    rows = _held(actor).filter(copy__key_id__in=list(key_ids))
    return _views(actor, rows.order_by("person__name", "space__name", "pk")[:limit])


def held_by_actor(actor: Actor) -> list[StayView]:
    """What the acting account's own person has now."""
    require(actor, Right.SEE_OWN)
    own = people.own_person_id(actor)
    if own is None:
        return []
    rows = Stay.objects.filter(
        IS_OPEN, workspace_id=actor.workspace_id, state="held", person_id=own
    )
    return _views(actor, rows.order_by("loan__due_at", "pk"))


def in_container(actor: Actor, container_id: int) -> list[StayView]:
    """What is in a container now, by hook."""
    rows = _stays(actor).filter(IS_OPEN, container_id=container_id)
    if hidden(actor, Container, [container_id]):
        return []
    return _views(actor, rows.order_by("position__rank", "copy__key__folded", "pk"))


def belonging_to(actor: Actor, container_id: int) -> list[StayView]:
    """Where the copies are now that belong into a container but are not in it."""
    if hidden(actor, Container, [container_id]):
        return []
    homeless = visible(actor, Copy).filter(home_container_id=container_id)
    rows = _stays(actor).filter(IS_OPEN, copy__in=homeless).exclude(container_id=container_id)
    return _views(actor, rows.order_by("copy__home_position__rank", "pk"))


def home_positions(actor: Actor, container_id: int) -> dict[int, int | None]:
    """The hook each copy that belongs into a container has there, by copy id."""
    rows = visible(actor, Copy).filter(home_container_id=container_id)
    if hidden(actor, Container, [container_id]):
        return {}
    return dict(rows.values_list("pk", "home_position_id"))


def to_review(
    actor: Actor,
    *,
    day: date,
    after: Spot | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[StayView]:
    """Open-ended loans whose review date is `day` or earlier."""
    rows = _lent(actor).filter(loan__review_on__lte=day)
    return _some_views(actor, TO_REVIEW.page(rows, after=after, limit=limit, offset=offset))


def may_hand_out(actor: Actor) -> bool:
    """Whether the actor may hand keys out somewhere, for pages that offer it."""
    return Right.HAND_OUT in granted(actor).anywhere
