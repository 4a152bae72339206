"""Reading whereabouts, loans and incidents. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from keystead.custody.models import Incident, Loan, Stay
from keystead.hardware.models import IS_OPEN
from keystead.journal.operation import require, rights_of
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
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
        raise NotFound("There is no such copy.", kind="copy", id=copy_id)
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


@dataclass(frozen=True, slots=True)
class Balance:
    """cut = stock + out + missing + destroyed, always."""

    cut: int
    stock: int
    out: int
    missing: int
    destroyed: int

    @property
    def adds_up(self) -> bool:
        """Whether every copy ever cut is somewhere."""
        return self.cut == self.stock + self.out + self.missing + self.destroyed


def balances(actor: Actor, key_ids: Iterable[int]) -> dict[int, Balance]:
    """The balance of each of these keys, by key id."""
    require(actor, Right.SEE_REGISTER)
    ids = list(key_ids)
    copies = Copy.objects.filter(workspace_id=actor.workspace_id, key_id__in=ids)
    cut = dict(copies.values_list("key_id").annotate(Count("pk")).order_by())
    rows = Stay.objects.filter(IS_OPEN, workspace_id=actor.workspace_id, copy__key_id__in=ids)
    where = {
        (key_id, state): count
        for key_id, state, count in rows.values_list("copy__key_id", "state")
        .annotate(Count("pk"))
        .order_by()
    }
    return {
        key_id: Balance(
            cut.get(key_id, 0),
            where.get((key_id, "stored"), 0),
            where.get((key_id, "held"), 0),
            where.get((key_id, "missing"), 0),
            where.get((key_id, "destroyed"), 0),
        )
        for key_id in ids
    }


def total_balance(actor: Actor) -> Balance:
    """The balance of the whole workspace."""
    require(actor, Right.SEE_REGISTER)
    cut = Copy.objects.filter(workspace_id=actor.workspace_id).count()
    rows = Stay.objects.filter(IS_OPEN, workspace_id=actor.workspace_id)
    where = dict(rows.values_list("state").annotate(Count("pk")).order_by())
    return Balance(
        cut,
        where.get("stored", 0),
        where.get("held", 0),
        where.get("missing", 0),
        where.get("destroyed", 0),
    )


@dataclass(frozen=True, slots=True)
class LastNote:
    """What was noted at the last return of a copy, for the next taker."""

    text: str
    at: datetime


def last_notes(actor: Actor, copy_ids: Iterable[int]) -> dict[int, LastNote]:
    """The note of each copy's latest ended loan, if there was one, by copy id."""
    require(actor, Right.SEE_REGISTER)
    rows = (
        Loan.objects.filter(
            workspace_id=actor.workspace_id,
            stay__copy_id__in=list(copy_ids),
            back_at__isnull=False,
            stay__superseded_seq=None,
        )
        .order_by("back_at", "pk")
        .values_list("stay__copy_id", "return_note__text", "back_at")
    )
    latest = {copy_id: (text, at) for copy_id, text, at in rows}
    return {copy_id: LastNote(text, at) for copy_id, (text, at) in latest.items() if text and at}


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident: what happened to which thing, who had it last, whether it is settled."""

    id: int
    kind: str
    copy_id: int | None
    copy_label: str | None
    key_id: int | None
    ring_id: int | None
    ring_name: str | None
    last_holder_id: int | None
    last_holder: str | None
    is_critical: bool
    note: str | None
    opened_at: datetime
    happened_at: datetime | None
    closed_at: datetime | None
    close_note: str | None


def incidents(
    actor: Actor,
    *,
    open_only: bool = True,
    settled_only: bool = False,
    copy_id: int | None = None,
    copy_ids: Iterable[int] | None = None,
    incident_id: int | None = None,
    person_id: int | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[IncidentView]:
    """Incidents, newest first; `settled_only` goes before `open_only`."""
    require(actor, Right.SEE_REGISTER)
    rows = Incident.objects.filter(workspace_id=actor.workspace_id)
    if settled_only:
        rows = rows.filter(closed_at__isnull=False)
    elif open_only:
        rows = rows.filter(closed_at=None)
    if copy_id is not None:
        rows = rows.filter(copy_id=copy_id)
    if copy_ids is not None:
        rows = rows.filter(copy_id__in=list(copy_ids))
    if incident_id is not None:
        rows = rows.filter(pk=incident_id)
    if person_id is not None:
        rows = rows.filter(last_holder_id=person_id)
    rows = rows.select_related("copy__key", "ring", "last_holder", "note", "close_note")
    newest = rows.order_by("-opened_at", "-pk")[offset : offset + limit]
    return [_incident_view(row) for row in newest]


def _incident_view(row: Incident) -> IncidentView:
    copy = row.copy
    return IncidentView(
        row.pk,
        row.kind,
        row.copy_id,
        key_rules.copy_label(copy.key.label, copy.number) if copy else None,
        copy.key_id if copy else None,
        row.ring_id,
        row.ring.name if row.ring else None,
        row.last_holder_id,
        row.last_holder.name if row.last_holder else None,
        row.is_critical,
        row.note.text if row.note else None,
        row.opened_at,
        row.happened_at,
        row.closed_at,
        row.close_note.text if row.close_note else None,
    )


def incident(actor: Actor, incident_id: int) -> IncidentView:
    """One incident. Raises NotFound."""
    for view in incidents(actor, open_only=False, incident_id=incident_id):
        return view
    raise NotFound("There is no such incident.", incident_id=incident_id)


@dataclass(frozen=True, slots=True)
class TodayCounts:
    """Numbers of the first page: each is a list elsewhere."""

    copies: int
    out: int
    overdue: int
    due_today: int
    to_review: int
    open_incidents: int


def today_counts(actor: Actor, *, at: datetime, end_of_day: datetime, day: date) -> TodayCounts:
    """How many copies are out, late, due before `end_of_day` (aware), due for review by `day`."""
    require(actor, Right.SEE_REGISTER)
    held = Stay.objects.filter(IS_OPEN, workspace_id=actor.workspace_id, state="held")
    counts = held.aggregate(
        out=Count("pk"),
        overdue=Count("pk", filter=Q(loan__due_at__lt=at)),
        due_today=Count("pk", filter=Q(loan__due_at__gte=at, loan__due_at__lt=end_of_day)),
        to_review=Count("pk", filter=Q(loan__review_on__lte=day)),
    )
    return TodayCounts(
        copies=Copy.objects.filter(workspace_id=actor.workspace_id).count(),
        open_incidents=Incident.objects.filter(
            workspace_id=actor.workspace_id, closed_at=None
        ).count(),
        **counts,
    )


def to_review(actor: Actor, *, day: date, limit: int = 100, offset: int = 0) -> list[StayView]:
    """Open-ended loans whose review date is `day` or earlier."""
    require(actor, Right.SEE_REGISTER)
    rows = _stays(actor).filter(IS_OPEN, state="held", loan__review_on__lte=day)
    ordered = rows.order_by("loan__review_on", "pk")
    return [_view(stay) for stay in ordered[offset : offset + limit]]


def may_hand_out(actor: Actor) -> bool:
    """Whether the actor may hand keys out, for pages that offer it."""
    return Right.HAND_OUT in rights_of(actor)
