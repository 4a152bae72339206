"""The journal as a page of sentences, with its seal at the top."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.journal import queries as journal
from keystead.journal.queries import Filter
from keystead.people import queries as people
from keystead.search import story
from keystead.search.story import Line
from keystead.web import asked
from keystead.web.http import Request, here, page

ON_A_PAGE = 50

SUBJECTS = {
    "movements": gettext_lazy("Keys moved"),
    "incidents": gettext_lazy("Losses and faults"),
    "keys": gettext_lazy("Keys, rings, tags"),
    "hardware": gettext_lazy("Locks and codes"),
    "places": gettext_lazy("Places"),
    "people": gettext_lazy("People"),
    "exchange": gettext_lazy("Imports"),
}
CHANNELS = ("web", "api", "cli", "worker", "local")
TROUBLE = {
    "custody.copy-missing",
    "custody.copy-found",
    "custody.copy-destroyed",
    "custody.incident-opened",
    "custody.incident-closed",
}


def _names(subject: str) -> tuple[str, ...] | None:
    """The facts a subject stands for."""
    if subject == "incidents":
        return tuple(sorted(TROUBLE))
    if subject == "movements":
        return tuple(n for n in story.FACTS if n.startswith("custody.") and n not in TROUBLE)
    return tuple(n for n in story.FACTS if n.startswith(f"{subject}.")) or None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to see."""

    subject: str
    channel: str
    person: int | None
    since: Any
    until: Any
    about: tuple[str, int] | None
    before: int | None

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any((self.subject, self.channel, self.person, self.since, self.until, self.about))


def _asked(request: Request) -> Asked:
    kind, _sep, number = asked.words(request, "about").rpartition("-")
    is_thing = bool(kind) and number.isdigit() and len(number) <= asked.MOST_DIGITS
    return Asked(
        subject=asked.choice(request, "subject", tuple(SUBJECTS)),
        channel=asked.choice(request, "channel", CHANNELS),
        person=asked.number(request, "person"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
        about=(kind, int(number)) if is_thing else None,
        before=asked.number(request, "before"),
    )


def entries(request: Request, slug: str) -> HttpResponse:
    """What happened, newest first; every filter is in the address."""
    wanted = _asked(request)
    lines = _lines(request, wanted)
    kept = {name: request.GET[name] for name in request.GET if name != "before"}
    base = here(request, "journal")
    has_more = len(lines) > ON_A_PAGE
    shown = lines[:ON_A_PAGE]
    context = {
        "section": "journal",
        "seal": journal.seal(request.actor),
        "lines": shown,
        "asked": wanted,
        "subjects": [
            {
                "label": label,
                "url": asked.address(base, **{**kept, "subject": name}),
                "is_current": wanted.subject == name,
            }
            for name, label in {"": _("All"), **SUBJECTS}.items()
        ],
        "channels": CHANNELS,
        "persons": people.signing_in(request.actor),
        "summary": f"{shown[-1].sequence}–{shown[0].sequence}" if shown else "",
        "next_url": asked.address(base, **kept, before=shown[-1].sequence) if has_more else "",
        "prev_url": asked.address(base, **kept) if wanted.before else "",
        "base": base,
    }
    return page(request, "journal/list.html", context)


def _lines(request: Request, wanted: Asked) -> list[Line]:
    limit = ON_A_PAGE + 1
    if wanted.about is not None:
        kind, thing_id = wanted.about
        told = journal.story_of(
            request.actor, kind=kind, thing_id=thing_id, before=wanted.before, limit=limit
        )
        return story.tell(request.actor, told)
    zone = request.workspace.time_zone
    after_last = wanted.until + timedelta(days=1) if wanted.until else None
    only = Filter(
        names=_names(wanted.subject) if wanted.subject else None,
        account_id=wanted.person,
        channel=wanted.channel or None,
        since=asked.start_of(wanted.since, zone),
        until=asked.start_of(after_last, zone),
    )
    told = journal.entries(request.actor, before=wanted.before, limit=limit, only=only)
    return story.tell(request.actor, told)


def verify(request: Request, slug: str) -> HttpResponse:
    """Check every entry against its seal and say what was found."""
    verdict = journal.verify(request.actor)
    if verdict.holds:
        text = _("All %(count)s entries hold: nothing was changed, removed or put in.")
        messages.success(request, text % {"count": verdict.entries})
    else:
        text = _("Entry %(number)s does not hold: it %(reason)s. Keep a copy of the database.")
        told = {"number": verdict.first_bad, "reason": verdict.reason}
        messages.error(request, text % told)
    return HttpResponseRedirect(here(request, "journal"))
