"""Stories for pages: journal entries as the lines that components/story.html draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from keystead.journal import queries as journal
from keystead.journal.queries import Told
from keystead.kernel.actor import Actor
from keystead.search import story
from keystead.web.asked import address
from keystead.web.http import Request, here

ON_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what happened, when (aware UTC), by whom and how; `url` is its journal entry."""

    sentence: str
    at: datetime
    who: str
    channel: str
    occurred_at: datetime | None
    seq: int
    url: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """The last lines about a thing; `more_url` leads to all of them where there are more."""

    lines: list[Line]
    more_url: str


def lines(actor: Actor, entries: Iterable[Told], journal_url: str = "") -> list[Line]:
    """These entries as lines, in their order."""
    return [
        Line(
            sentence=f"{told.what[:1].upper()}{told.what[1:]}.",
            at=told.at,
            who=told.who,
            channel=told.channel,
            occurred_at=told.claimed_at,
            seq=told.sequence,
            url=address(journal_url, entry=told.sequence) if journal_url else "",
            note=told.remark,
        )
        for told in story.tell(actor, entries)
    ]


def story_of(request: Request, kind: str, thing_id: int, limit: int = ON_A_PAGE) -> Story:
    """The last things that happened to one thing, and where the rest stands."""
    entries = journal.story_of(request.actor, kind=kind, thing_id=thing_id, limit=limit + 1)
    base = here(request, "journal")
    more = address(base, about=f"{kind}-{thing_id}") if len(entries) > limit else ""
    return Story(lines(request.actor, entries[:limit], base), more)
