"""How answers look: pages of things, new ids, and times in the workspace's zone."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from keystead.api import cursors
from keystead.journal import queries as journal
from keystead.journal.orders import Spot
from keystead.kernel.actor import Actor

T = TypeVar("T")


class Call(HttpRequest):
    """A request whose token was good, as `endpoints.Bearer` leaves it."""

    actor: Actor
    zone: ZoneInfo


class Page(BaseModel, Generic[T]):
    """Part of a list. `next`, sent as `after`, reads on; none: this was the end.

    Times are in `time_zone`, and each carries its offset.
    """

    items: list[T]
    next: str | None
    time_zone: str


class Made(BaseModel):
    """The ids of what was made, in the order asked for."""

    ids: list[int]


def page(request: Call, rows: Sequence[T], limit: int, spot: Callable[[T], Spot]) -> Page[T]:
    """A page of `rows`, of which the caller asked one more than `limit` to see whether it ends.

    `spot` tells where the last one stands, so that the next page begins behind it.
    """
    return Page(
        items=list(rows[:limit]),
        next=next_cursor(request, rows, limit, spot),
        time_zone=zone_of(request).key,
    )


def next_cursor(
    request: Call, rows: Sequence[T], limit: int, spot: Callable[[T], Spot]
) -> str | None:
    """The cursor behind the row `limit`, if there are more; the Link header gets it, too."""
    if len(rows) <= limit:
        return None
    cursor = cursors.write(request, spot(rows[limit - 1]))
    tell(request, "Link", cursors.link(request, cursor))
    return cursor


def cut(
    request: Call,
    rows: Iterable[T],
    limit: int,
    after: str | None,
    spot: Callable[[T], Spot],
) -> Page[T]:
    """A page out of a short list that was read as a whole; sorted by `spot`, all different."""
    begin = cursors.read(request, after)
    placed = sorted(((spot(row), row) for row in rows), key=itemgetter(0))
    behind = [row for place, row in placed if begin is None or place > begin]
    return page(request, behind[: limit + 1], limit, spot)


def tell(request: HttpRequest, header: str, value: str) -> None:
    """Add a header to the answer of this request."""
    request.__dict__.setdefault("answer_headers", {})[header] = value


def zone_of(request: Call) -> ZoneInfo:
    """The zone of the workspace, looked up once per request."""
    if not hasattr(request, "zone"):
        request.zone = ZoneInfo(journal.workspace(request.actor.workspace_id).time_zone)
    return request.zone


def headers_of(request: HttpRequest) -> dict[str, str]:
    """What was told with `tell`."""
    found: dict[str, str] = request.__dict__.get("answer_headers", {})
    return found


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
