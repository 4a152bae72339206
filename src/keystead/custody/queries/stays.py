"""Reading where copies are and were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from keystead.custody.models import Stay
from keystead.hardware.models import IS_OPEN
from keystead.journal.operation import require, rights_of
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys import rules as key_rules
from keystead.keys.models import Copy
from keystead.people import queries as people


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

    @property
    def holder(self) -> str | None:
        """The person or place that has the copy, in words."""
        return self.person_name or self.space_name


def _stays(actor: Actor) -> QuerySet[Stay]:
    rows = Stay.objects.filter(workspace_id=actor.workspace_id, superseded_seq=None)
    return rows.select_related(
        "copy__key",
        "container",
        "position",
        "person__firm",
        "space",
        "loan__ring",
        "loan__purpose",
        "loan__return_note",
        "loan__returned_by",
    )


def _view(stay: Stay) -> StayView:
    person, loan = stay.person, getattr(stay, "loan", None)
    return StayView(
        stay_id=stay.pk,
        copy_id=stay.copy_id,
        copy_label=key_rules.copy_label(stay.copy.key.label, stay.copy.number),
        key_id=stay.copy.key_id,
        key_name=stay.copy.key.name,
        state=stay.state,
        reason=stay.reason,
        since=stay.valid_from,
        until=stay.valid_to,
        is_late_entry=stay.is_late,
        container_id=stay.container_id,
        container_name=stay.container.name if stay.container else None,
        position_id=stay.position_id,
        position_label=stay.position.label if stay.position else None,
        person_id=stay.person_id,
        person_name=person.name if person else None,
        firm_name=person.firm.name if person and person.firm else None,
        space_id=stay.space_id,
        space_name=stay.space.name if stay.space else None,
        loan_id=loan.pk if loan else None,
        ring_id=loan.ring_id if loan else None,
        ring_name=loan.ring.name if loan and loan.ring else None,
        due_at=loan.due_at if loan else None,
        review_on=loan.review_on if loan else None,
        purpose=loan.purpose.text if loan and loan.purpose else None,
        returned_by=loan.returned_by.name if loan and loan.returned_by else None,
        return_note=loan.return_note.text if loan and loan.return_note else None,
    )


def whereabouts(actor: Actor, copy_ids: Iterable[int]) -> dict[int, StayView]:
    """Where these copies are now, by copy id."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(IS_OPEN, copy_id__in=list(copy_ids))
    return {stay.copy_id: _view(stay) for stay in rows}


def where_is(actor: Actor, copy_id: int) -> StayView:
    """Where one copy is now. Raises NotFound."""
    found = whereabouts(actor, [copy_id])
    if copy_id not in found:
        raise NotFound(_("There is no such copy."), kind="copy", id=copy_id)
    return found[copy_id]


def history(actor: Actor, copy_id: int, limit: int = 200, offset: int = 0) -> list[StayView]:
    """Where a copy has been, newest first, as known now."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(copy_id=copy_id).order_by("-valid_from", "-pk")
    return [_view(stay) for stay in rows[offset : offset + limit]]


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
    limit: int = 100,
    offset: int = 0,
) -> list[StayView]:
    """Copies that are out now: late ones first, then by due time, open-ended ones last.

    `overdue_only` needs `at` (aware), the moment to judge by; `due_before` (aware, exclusive)
    finds those due from `at` until then.
    """
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(IS_OPEN, state="held")
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
            | Q(space__name__icontains=text)
            | Q(copy__key__symbol__icontains=text)
            | Q(copy__key__name__icontains=text)
        )
    ordered = rows.order_by("loan__due_at", "loan__review_on", "pk")
    dated, undated = ordered.filter(loan__due_at__isnull=False), ordered.filter(loan__due_at=None)
    if open_ended_only:
        return [_view(stay) for stay in undated[offset : offset + limit]]
    views = [_view(stay) for stay in dated[offset : offset + limit]]
    if len(views) < limit and not overdue_only and due_before is None:
        skip = max(0, offset - dated.count()) if offset else 0
        views += [_view(stay) for stay in undated[skip : skip + limit - len(views)]]
    return views


def held_counts(actor: Actor, person_ids: Iterable[int]) -> dict[int, int]:
    """How many copies each of these persons has now; who has none is missing."""
    require(actor, Right.SEE_REGISTER)
    rows = Stay.objects.filter(
        IS_OPEN, workspace_id=actor.workspace_id, person_id__in=list(person_ids)
    )
    return dict(rows.values_list("person_id").annotate(Count("pk")).order_by())


def past_loans(
    actor: Actor,
    *,
    person_id: int | None = None,
    space_id: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[StayView]:
    """What a person or place had and gave back, newest first."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(state="held", valid_to__isnull=False)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if space_id is not None:
        rows = rows.filter(space_id=space_id)
    return [_view(stay) for stay in rows.order_by("-valid_to", "-pk")[offset : offset + limit]]


def out_of_keys(actor: Actor, key_ids: Iterable[int], limit: int = 500) -> list[StayView]:
    """Copies of these keys that somebody has now, by holder."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(IS_OPEN, state="held", copy__key_id__in=list(key_ids))
    return [_view(stay) for stay in rows.order_by("person__name", "space__name", "pk")[:limit]]


def held_by_actor(actor: Actor) -> list[StayView]:
    """What the acting account's own person has now."""
    require(actor, Right.SEE_OWN)
    own = people.own_person_id(actor)
    if own is None:
        return []
    rows = _stays(actor).filter(IS_OPEN, state="held", person_id=own)
    return [_view(stay) for stay in rows.order_by("loan__due_at", "pk")]


def in_container(actor: Actor, container_id: int) -> list[StayView]:
    """What is in a container now, by hook."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(IS_OPEN, container_id=container_id)
    return [_view(stay) for stay in rows.order_by("position__rank", "copy__key__folded", "pk")]


def belonging_to(actor: Actor, container_id: int) -> list[StayView]:
    """Where the copies are now that belong into a container but are not in it."""
    require(actor, Right.SEE_REGISTER)
    homeless = Copy.objects.filter(workspace_id=actor.workspace_id, home_container_id=container_id)
    rows = _stays(actor).filter(IS_OPEN, copy__in=homeless).exclude(container_id=container_id)
    return [_view(stay) for stay in rows.order_by("copy__home_position__rank", "pk")]


def home_positions(actor: Actor, container_id: int) -> dict[int, int | None]:
    """The hook each copy that belongs into a container has there, by copy id."""
    require(actor, Right.SEE_REGISTER)
    rows = Copy.objects.filter(workspace_id=actor.workspace_id, home_container_id=container_id)
    return dict(rows.values_list("pk", "home_position_id"))


def to_review(actor: Actor, *, day: date, limit: int = 100, offset: int = 0) -> list[StayView]:
    """Open-ended loans whose review date is `day` or earlier."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(IS_OPEN, state="held", loan__review_on__lte=day)
    ordered = rows.order_by("loan__review_on", "pk")
    return [_view(stay) for stay in ordered[offset : offset + limit]]


def may_hand_out(actor: Actor) -> bool:
    """Whether the actor may hand keys out, for pages that offer it."""
    return Right.HAND_OUT in rights_of(actor)
