"""The logbook over the API: hand out, take back, pass on, lose and find."""

from django.utils.timezone import now
from pydantic import Field

from keystead.api import cursors
from keystead.api.answers import Call, Made, Page, cut, page, zone_of
from keystead.api.endpoints import Routes
from keystead.api.values import (
    After,
    Body,
    Day,
    Flag,
    Id,
    Ids,
    IncidentKind,
    Limit,
    MissingKind,
    Moment,
    Note,
    PathId,
    Words,
)
from keystead.custody import operations, queries
from keystead.custody.operations import CheckedOut, Returned
from keystead.custody.queries import IncidentView, StayView, TodayCounts
from keystead.journal.orders import Spot
from keystead.kernel.clock import end_of_day

routes = Routes("custody")


class Chosen(Body):
    """Copies, and rings with all that hangs on them."""

    copy_ids: Ids = Field(default_factory=list)
    ring_ids: Ids = Field(default_factory=list)


class CheckOut(Chosen):
    """To a person or a place; until a time, or open-ended with a day to review it.

    `occurred_at` marks an entry typed in later.
    """

    person_id: Id | None = None
    space_id: Id | None = None
    due_at: Moment | None = None
    review_on: Day | None = None
    purpose: Note | None = None
    occurred_at: Moment | None = None


@routes.post("/check-out", CheckedOut)
def check_out(request: Call, body: CheckOut) -> CheckedOut:
    """Hand copies and rings out: all of them or none.

    409 names every copy that blocks (`blocked`: to whom, since when) and those that do not
    (`free`). What the holder has already changes nothing.
    """
    return operations.check_out(request.actor, **body.model_dump())


class Return(Chosen):
    """What comes back, and where to. `without_copy_ids` are missing from a ring.

    `left_at` and `meter` are for the next taker: where the vehicle stands, what its meter showed.
    """

    without_copy_ids: Ids = Field(default_factory=list)
    container_id: Id | None = None
    position_id: Id | None = None
    returned_by_id: Id | None = None
    note: Note | None = None
    left_at: Note | None = None
    meter: Words | None = None
    fault: Note | None = None
    fault_is_critical: Flag = False
    seal_number: Words | None = None
    occurred_at: Moment | None = None


@routes.post("/return", Returned)
def return_copies(request: Call, body: Return) -> Returned:
    """Take copies and rings back. A return always succeeds; what is in already stays as it is."""
    return operations.return_copies(request.actor, **body.model_dump())


class PassOn(Chosen):
    """The next holder; without a new period the old one goes on."""

    person_id: Id | None = None
    space_id: Id | None = None
    due_at: Moment | None = None
    review_on: Day | None = None
    purpose: Note | None = None


@routes.post("/pass-on", CheckedOut)
def pass_on(request: Call, body: PassOn) -> CheckedOut:
    """Note that copies went from their holder straight to another one."""
    return operations.pass_on(request.actor, **body.model_dump())


class Extend(Body):
    """Another due time or review date for what is out."""

    copy_ids: Ids = Field(min_length=1)
    due_at: Moment | None = None
    review_on: Day | None = None


@routes.post("/extend")
def extend(request: Call, body: Extend) -> None:
    """Give the loans of these copies another due time or review date."""
    operations.extend(request.actor, **body.model_dump())


class Undo(Body):
    """The handling number that a check-out, return, pass-on or move answered."""

    handling: Id


@routes.post("/undo", Made)
def undo(request: Call, body: Undo) -> Made:
    """Take back one's own handling of the last moments; answers the copies concerned."""
    return Made(ids=list(operations.undo(request.actor, **body.model_dump())))


class Move(Chosen):
    """Where copies in stock are kept from now on; no container: just in stock."""

    container_id: Id | None = None
    position_id: Id | None = None


@routes.post("/move")
def move_copies(request: Call, body: Move) -> None:
    """Keep copies in stock somewhere else."""
    operations.move_copies(request.actor, **body.model_dump())


class Destroy(Body):
    """Copies that are no more."""

    copy_ids: Ids = Field(min_length=1)
    note: Note | None = None


@routes.post("/destroy")
def destroy_copies(request: Call, body: Destroy) -> None:
    """Note that copies were destroyed. Their records and their story stay for ever."""
    operations.destroy_copies(request.actor, **body.model_dump())


class Missing(Chosen):
    """What is gone; `note` says who noticed, when and where."""

    kind: MissingKind = "lost"
    note: Note
    happened_at: Moment | None = None


@routes.post("/report-missing", Made)
def report_missing(request: Call, body: Missing) -> Made:
    """Report copies as lost, stolen or unaccounted; answers the incidents."""
    return Made(ids=operations.report_missing(request.actor, **body.model_dump()))


class FoundCopy(Body):
    """A copy that turned up: with a person, in a container, or (neither) where it belongs."""

    copy_id: Id
    note: Note | None = None
    person_id: Id | None = None
    container_id: Id | None = None
    position_id: Id | None = None
    review_on: Day | None = None


@routes.post("/report-found")
def report_found(request: Call, body: FoundCopy) -> None:
    """Note that a missing copy turned up."""
    operations.report_found(request.actor, **body.model_dump())


class Damaged(Body):
    """What is wrong with a copy; a critical fault blocks handing it out."""

    copy_id: Id
    note: Note
    is_critical: Flag = False


@routes.post("/report-damaged", Made)
def report_damaged(request: Call, body: Damaged) -> Made:
    """Report a fault of a copy; answers the incident."""
    return Made(ids=[operations.report_damaged(request.actor, **body.model_dump())])


class PastLoan(Body):
    """A loan that began and ended in the past, from a paper log."""

    copy_id: Id
    person_id: Id | None = None
    space_id: Id | None = None
    from_at: Moment
    until_at: Moment
    purpose: Note | None = None


@routes.add("/past-loans", Made)
def record_past_loan(request: Call, body: PastLoan) -> Made:
    """Type in a loan of the past; it is shown as entered late."""
    return Made(ids=[operations.record_past_loan(request.actor, **body.model_dump())])


@routes.get("/past-loans", Page[StayView])
def past_loans(
    request: Call,
    person_id: PathId | None = None,
    space_id: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[StayView]:
    """List what a person or place had and gave back, newest first."""
    rows = queries.past_loans(
        request.actor,
        person_id=person_id,
        space_id=space_id,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.PAST_LOANS.spot)


@routes.get("/out", Page[StayView])
def out_now(
    request: Call,
    overdue_only: bool = False,
    person_id: PathId | None = None,
    space_id: PathId | None = None,
    firm_id: PathId | None = None,
    key_id: PathId | None = None,
    text: Words = "",
    limit: Limit = 100,
    after: After = None,
) -> Page[StayView]:
    """List what is out now: late first, then by due time, open-ended ones last."""
    rows = queries.out_now(
        request.actor,
        at=now(),
        overdue_only=overdue_only,
        person_id=person_id,
        space_id=space_id,
        firm_id=firm_id,
        key_id=key_id,
        text=text,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.OUT.spot)


def _soonest_first(stay: StayView) -> Spot:
    """By due time, open-ended ones last."""
    due = stay.due_at.timestamp() if stay.due_at else 0.0
    return stay.due_at is None, due, stay.stay_id


@routes.get("/mine", Page[StayView])
def held_by_actor(request: Call, limit: Limit = 100, after: After = None) -> Page[StayView]:
    """List what the person behind the token has now."""
    rows = queries.held_by_actor(request.actor)
    return cut(request, rows, limit, after, _soonest_first)


@routes.get("/to-review", Page[StayView])
def to_review(request: Call, limit: Limit = 100, after: After = None) -> Page[StayView]:
    """List open-ended loans whose review date has come."""
    today = now().astimezone(zone_of(request)).date()
    rows = queries.to_review(
        request.actor, day=today, limit=limit + 1, after=cursors.read(request, after)
    )
    return page(request, rows, limit, queries.TO_REVIEW.spot)


@routes.get("/today", TodayCounts)
def today_counts(request: Call) -> TodayCounts:
    """Count what is out, late, due today, to review, and the open incidents."""
    at, zone = now(), zone_of(request)
    return queries.today_counts(
        request.actor,
        at=at,
        end_of_day=end_of_day(at, zone.key),
        day=at.astimezone(zone).date(),
    )


@routes.get("/incidents", Page[IncidentView])
def incidents(
    request: Call,
    open_only: bool = True,
    kind: IncidentKind | None = None,
    copy_id: PathId | None = None,
    person_id: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[IncidentView]:
    """List incidents, newest first."""
    rows = queries.incidents(
        request.actor,
        open_only=open_only,
        kind=kind,
        copy_id=copy_id,
        person_id=person_id,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.INCIDENTS.spot)


@routes.get("/incidents/{incident_id}", IncidentView)
def incident(request: Call, incident_id: PathId) -> IncidentView:
    """Read one incident."""
    return queries.incident(request.actor, incident_id)


class Settled(Body):
    """How an incident was settled."""

    note: Note | None = None


@routes.post("/incidents/{incident_id}/close", IncidentView)
def close_incident(request: Call, incident_id: PathId, body: Settled) -> IncidentView:
    """Settle an incident. A loss is settled only by finding or destroying the copy."""
    operations.close_incident(request.actor, incident_id=incident_id, **body.model_dump())
    return queries.incident(request.actor, incident_id)
