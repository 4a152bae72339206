"""Notices over the API: what the token's account should know, and when digests are sent."""

from pydantic import BaseModel, Field

from keystead.api import cursors
from keystead.api.answers import Call, Page, page
from keystead.api.endpoints import Routes
from keystead.api.values import After, Body, Ids, Limit
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
    request: Call, unread_only: bool = False, limit: Limit = 100, after: After = None
) -> Page[NoticeView]:
    """List one's own notices, the newest first; `unread_only`: those that are news and still so."""
    rows = queries.notices(
        request.actor, unread_only=unread_only, limit=limit + 1, after=cursors.read(request, after)
    )
    return page(request, rows, limit, queries.NOTICES.spot)


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
