"""Reading notices. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When

from keystead.custody import queries as custody
from keystead.journal.operation import require
from keystead.journal.orders import Order, Spot
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys import rules as key_rules
from keystead.notify import rules
from keystead.notify.models import DIGEST, Delivery, Notice, Schedule
from keystead.people import queries as people


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something to know: of which kind, about what, since when, and whether it still holds.

    `incident` is what was reported, such as "stolen", of a copy that is not there.
    """

    id: int
    kind: str
    copy_id: int | None
    copy_label: str | None
    incident_id: int | None
    incident: str | None
    holder_id: int | None
    holder: str | None
    due_at: datetime | None
    made_at: datetime
    read_at: datetime | None
    over_at: datetime | None


_LOOKED_UP = (
    "pk", "kind", "copy_id", "copy__key__symbol", "copy__key__name", "copy__number",
    "incident_id", "incident__kind", "loan__stay__person_id", "loan__stay__person__name",
    "incident__last_holder_id", "incident__last_holder__name", "due_at", "made_at",
    "read_at", "over_at",
)  # fmt: skip

_URGENCY = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(rules.KINDS)),
    default=Value(len(rules.KINDS)),
    output_field=IntegerField(),
)


def _views(rows: QuerySet[Notice]) -> list[NoticeView]:
    return [_view(*row) for row in rows.values_list(*_LOOKED_UP)]


def _view(
    pk: int,
    kind: str,
    copy_id: int | None,
    symbol: str | None,
    name: str | None,
    number: int | None,
    incident_id: int | None,
    incident: str | None,
    holder_id: int | None,
    holder: str | None,
    last_holder_id: int | None,
    last_holder: str | None,
    *moments: datetime,
) -> NoticeView:
    key = key_rules.label_of(symbol or "", name or "")
    label = None if copy_id is None else key_rules.copy_label(key, number or 0)
    who = (last_holder_id, last_holder) if holder_id is None else (holder_id, holder)
    return NoticeView(pk, kind, copy_id, label, incident_id, incident, *who, *moments)


def inbox(
    actor: Actor, *, unread_only: bool = False, limit: int = 100, offset: int = 0
) -> list[NoticeView]:
    """The acting person's notices: unread and still true first, then by urgency, newest first."""
    require(actor, Right.SEE_OWN)
    rows = _own(actor, unread_only=unread_only)
    ordered = rows.annotate(urgency=_URGENCY).order_by(
        Case(When(read_at=None, over_at=None, then=0), default=1), "urgency", "-made_at", "-pk"
    )
    return _views(ordered[offset : offset + limit])


NOTICES = Order("-pk=id")


def notices(
    actor: Actor, *, unread_only: bool = False, after: Spot | None = None, limit: int = 100
) -> list[NoticeView]:
    """The acting person's notices, newest first."""
    require(actor, Right.SEE_OWN)
    rows = _own(actor, unread_only=unread_only)
    return _views(NOTICES.page(rows, after=after, limit=limit))


def _own(actor: Actor, *, unread_only: bool) -> QuerySet[Notice]:
    rows = Notice.objects.filter(
        workspace_id=actor.workspace_id, person_id=people.own_person_id(actor) or 0
    )
    return rows.filter(read_at=None, over_at=None) if unread_only else rows


def unread(actor: Actor) -> int:
    """How many notices of the acting person are unread and still true."""
    require(actor, Right.SEE_OWN)
    return _own(actor, unread_only=True).count()


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """When digests are sent: wall-clock times, and from when on a loan is due soon."""

    times: tuple[str, ...]
    soon_hours: int
    version: int


def schedule(actor: Actor) -> ScheduleView:
    """The workspace's hours of digests. `version` is 0 while the defaults hold."""
    require(actor, Right.SEE_OWN)
    row = Schedule.objects.filter(workspace_id=actor.workspace_id).first()
    if row is None:
        return ScheduleView(rules.TIMES, rules.SOON_HOURS, 0)
    return ScheduleView(tuple(row.times), row.soon_hours, row.version)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a delivery says and to whom; without an address it cannot be sent."""

    delivery_id: int
    person_id: int
    name: str
    address: str
    notices: list[NoticeView]


def digest(actor: Actor, delivery_id: int) -> Digest:
    """A delivery with those of its notices that are still true. Raises NotFound."""
    require(actor, Right.RUN)
    row = (
        Delivery.objects.filter(workspace_id=actor.workspace_id, kind=DIGEST, pk=delivery_id)
        .select_related("person")
        .first()
    )
    if row is None or row.person is None:
        raise NotFound(_("There is no such digest."), delivery_id=delivery_id)
    notices = Notice.objects.filter(
        workspace_id=actor.workspace_id, said__delivery=row, over_at=None
    )
    found = _views(notices.annotate(urgency=_URGENCY).order_by("urgency", "due_at", "pk"))
    address = addresses(actor, [row.person.pk]).get(row.person.pk, "")
    return Digest(row.pk, row.person.pk, row.person.name, address, _still_so(actor, found))


def _still_so(actor: Actor, notices: list[NoticeView]) -> list[NoticeView]:
    """Without loans that ended since the notice was looked after last."""
    copies = [n.copy_id for n in notices if n.kind in (rules.LATE, rules.DUE_SOON) and n.copy_id]
    now_at = custody.whereabouts(actor, copies)
    return [
        notice
        for notice in notices
        if notice.copy_id not in copies
        or (
            (stay := now_at.get(notice.copy_id)) is not None
            and stay.state == "held"
            and stay.due_at == notice.due_at
        )
    ]


def addresses(actor: Actor, person_ids: Iterable[int]) -> dict[int, str]:
    """Where to write to, by person: the address of the register, else that of the sign-in."""
    require(actor, Right.RUN)
    wanted = set(person_ids)
    found = {m.person_id: m.email for m in people.members(actor) if m.person_id in wanted}
    for person_id in wanted:
        own = people.person(actor, person_id).email
        if own:
            found[person_id] = own
    return found


def managers(actor: Actor) -> list[int]:
    """The persons who run the keys of a workspace: owners and key managers."""
    require(actor, Right.RUN)
    return [m.person_id for m in people.members(actor) if m.role in ("owner", "key-manager")]


@dataclass(frozen=True, slots=True)
class Troubled:
    """A digest that did not arrive as it should: to whom, since when, why."""

    person_id: int
    name: str
    state: str
    attempts: int
    made_at: datetime
    problem: str


def troubled(actor: Actor, limit: int = 20) -> list[Troubled]:
    """Digests given up, in doubt, or tried in vain so far; newest first."""
    require(actor, Right.MANAGE_MEMBERS)
    rows = Delivery.objects.filter(workspace_id=actor.workspace_id, kind=DIGEST).exclude(
        state__in=("sent", "dropped")
    )
    bad = rows.exclude(state="waiting", attempts=0).order_by("-pk")[:limit]
    return [
        Troubled(d.person.pk, d.person.name, d.state, d.attempts, d.made_at, d.problem)
        for d in bad.select_related("person")
        if d.person is not None
    ]
