"""The journal, its seal and the stories of things over the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.http import StreamingHttpResponse
from pydantic import BaseModel, Field

from keystead.api import cursors
from keystead.api.answers import Call, next_cursor, zone_of
from keystead.api.endpoints import Routes
from keystead.api.values import After, Limit, Moment, PathId, Words
from keystead.journal import exporting, queries
from keystead.journal.queries import Filter, Seal, Told
from keystead.kernel.fact import KINDS
from keystead.search import story

routes = Routes("journal")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One journal entry: `sentence` for people, `name` and `payload` for programs.

    Times in `payload` are as they were sealed, in UTC. `claimed_at` is when it is said to have
    happened, where that was typed in later.
    """

    sequence: int
    at: datetime
    name: str
    sentence: str
    who: str
    who_person_id: int | None
    channel: str
    claimed_at: datetime | None
    remark: str | None
    payload: dict[str, Any]


class Entries(BaseModel):
    """Entries, newest first. `next`, sent as `after`, reads on; none: this was the beginning."""

    items: list[EntryLine]
    next: str | None
    time_zone: str


def _entries(request: Call, told: list[Told], limit: int) -> Entries:
    return Entries(
        items=list(_lines(request, told[:limit])),
        next=next_cursor(request, told, limit, lambda entry: (entry.sequence,)),
        time_zone=zone_of(request).key,
    )


def _begin(request: Call, after: str | None, before: int | None) -> int | None:
    """The number before which to begin."""
    spot = cursors.read(request, after)
    return before if spot is None else int(spot[0])


def _lines(request: Call, told: list[Told]) -> Iterable[EntryLine]:
    for line in story.tell(request.actor, told):
        yield EntryLine(
            line.sequence,
            line.at,
            line.name,
            line.sentence,
            line.who,
            line.who_person_id,
            line.channel,
            line.claimed_at,
            line.remark,
            dict(line.payload),
        )


@routes.get("/journal", Entries)
def entries(
    request: Call,
    name: Words | None = None,
    channel: Words | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    before: PathId | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Entries:
    """List journal entries, newest first; `name` is a fact such as custody.copy-checked-out.

    `before` finds only entries with a smaller number.
    """
    only = Filter(names=(name,) if name else None, channel=channel, since=since, until=until)
    begin = _begin(request, after, before)
    told = queries.entries(request.actor, before=begin, limit=limit + 1, only=only)
    return _entries(request, told, limit)


@routes.get("/journal/seal", Seal)
def seal(request: Call) -> Seal:
    """Read how far the journal reaches and the digest of its last entry."""
    return queries.seal(request.actor)


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries held, and the first that did not."""

    holds: bool
    entries: int
    first_bad: int | None
    reason: str | None


@routes.get("/journal/verification", Verification)
def verify(request: Call) -> Verification:
    """Check the whole journal against itself; may take seconds on a long one."""
    verdict = queries.verify(request.actor)
    return Verification(verdict.holds, verdict.entries, verdict.first_bad, verdict.reason)


@routes.file("/journal/export")
def export_journal(request: Call) -> StreamingHttpResponse:
    """Download the whole journal as JSON lines: what it is, then every entry with its exact text.

    `keystead journal verifier` prints a program that checks it without Keystead.
    """
    name = f'attachment; filename="{request.actor.workspace_id}-journal.jsonl"'
    return StreamingHttpResponse(
        exporting.lines(request.actor),
        headers={
            "Content-Type": exporting.MEDIA_TYPE,
            "Content-Disposition": name,
        },
    )


Kind = Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")]


@routes.get("/story/{kind}/{thing_id}", Entries)
def story_of(
    request: Call,
    kind: Kind,
    thing_id: PathId,
    before: PathId | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Entries:
    """List what happened to one thing, newest first."""
    begin = _begin(request, after, before)
    told = queries.story_of(
        request.actor, kind=kind, thing_id=thing_id, before=begin, limit=limit + 1
    )
    return _entries(request, told, limit)
