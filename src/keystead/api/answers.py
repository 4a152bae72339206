"""How answers look: pages of things, new ids, and times in the workspace's zone."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from keystead.journal import queries as journal
from keystead.kernel.actor import Actor

T = TypeVar("T")


class Call(HttpRequest):
    """A request whose token was good, as `endpoints.Bearer` leaves it."""

    actor: Actor
    zone: ZoneInfo


class Page(BaseModel, Generic[T]):
    """Part of a list. `next_offset` reads on; none: this was the end.

    Times are in `time_zone`, and each carries its offset.
    """

    items: list[T]
    next_offset: int | None
    time_zone: str


class Made(BaseModel):
    """The ids of what was made, in the order asked for."""

    ids: list[int]


def page(request: Call, rows: Sequence[T], limit: int, offset: int = 0) -> Page[T]:
    """A page of `rows`, of which the caller asked one more than `limit` to see whether it ends."""
    return Page(
        items=list(rows[:limit]),
        next_offset=offset + limit if len(rows) > limit else None,
        time_zone=zone_of(request).key,
    )


def cut(request: Call, rows: Sequence[T], limit: int, offset: int) -> Page[T]:
    """A page out of a whole list."""
    return page(request, rows[offset : offset + limit + 1], limit, offset)


def zone_of(request: Call) -> ZoneInfo:
    """The zone of the workspace, looked up once per request."""
    if not hasattr(request, "zone"):
        request.zone = ZoneInfo(journal.workspace(request.actor.workspace_id).time_zone)
    return request.zone


class Zoned(BaseRenderer):
    """JSON whose times are in the zone of the caller's workspace."""

    media_type = "application/json"

    def render(self, request: Any, data: Any, *, response_status: int) -> str:
        """Data as JSON; an instant becomes 2026-08-01T15:00:00+01:00."""
        plain = NinjaJSONEncoder().default

        def told(o: Any) -> Any:
            if not isinstance(o, datetime):
                return plain(o)
            return o.astimezone(zone_of(request)).isoformat()

        return json.dumps(data, default=told, ensure_ascii=False)
