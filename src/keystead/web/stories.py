"""Stories for pages: the last lines about a thing, and the way to the rest of them."""

from dataclasses import dataclass

from keystead.journal import queries as journal
from keystead.search import story
from keystead.search.story import Line
from keystead.web.asked import address
from keystead.web.http import Request, here

ON_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class Story:
    """The last lines about a thing; `more_url` leads to all of them where there are more."""

    lines: list[Line]
    more_url: str


def story_of(request: Request, kind: str, thing_id: int, limit: int = ON_A_PAGE) -> Story:
    """The last things that happened to one thing, and where the rest stands."""
    entries = journal.story_of(request.actor, kind=kind, thing_id=thing_id, limit=limit + 1)
    base = here(request, "journal")
    more = address(base, about=f"{kind}-{thing_id}") if len(entries) > limit else ""
    return Story(story.tell(request.actor, entries[:limit]), more)
