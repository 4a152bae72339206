"""Notices over the API: what the token's account should know, and when digests are sent."""

from pydantic import BaseModel, Field

from keystead.api.answers import Call, Page, page
from keystead.api.endpoints import Routes
from keystead.api.values import Body, Ids, Limit, Offset
from keystead.notify import operations, queries
from keystead.notify.queries import NoticeView, ScheduleView

routes = Routes("notices")


class Count(BaseModel):
    """How many it were."""

    count: int


class Read(Body):
    """Which of one's own notices; left out: all."""

    notice_ids: Ids | None = None


class Times(Body):
    """Wall-clock times (07:30) in the workspace's zone, and the `version` that was read."""

    version: int = Field(ge=0)
    times: list[str] = Field(max_length=20)
    soon_hours: int


@routes.get("/notices", Page[NoticeView])
def notices(
    request: Call, unread_only: bool = False, limit: Limit = 100, offset: Offset = 0
) -> Page[NoticeView]:
    """List one's own notices: unread ones that still hold first, the most urgent first."""
    rows = queries.inbox(request.actor, unread_only=unread_only, limit=limit + 1, offset=offset)
    return page(request, rows, limit, offset)


@routes.post("/notices/read", Count)
def read_notices(request: Call, body: Read) -> Count:
    """Mark one's own notices as read; answers how many were not yet."""
    return Count(count=operations.read_notices(request.actor, notice_ids=body.notice_ids))


@routes.get("/digests", ScheduleView)
def schedule(request: Call) -> ScheduleView:
    """Read when digests are sent. `version` is 0 while the defaults hold."""
    return queries.schedule(request.actor)


@routes.put("/digests", ScheduleView)
def change_schedule(request: Call, body: Times) -> ScheduleView:
    """Set when digests are sent, and how many hours before its due time a loan is due soon."""
    operations.change_schedule(request.actor, **body.model_dump())
    return queries.schedule(request.actor)
