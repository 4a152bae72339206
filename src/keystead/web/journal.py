"""The journal as a page of sentences, narrowed by its address, with its seal at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keystead.journal import checkpoints
from keystead.journal import operations as confirming
from keystead.journal import queries as journal
from keystead.journal.against import Finding
from keystead.journal.queries import Filter, Told
from keystead.journal.verify import Verdict
from keystead.kernel.fact import KINDS
from keystead.people import queries as people
from keystead.search import story
from keystead.web import asked, sealing, words
from keystead.web.forms.sealing import CompareForm
from keystead.web.http import Request, done, here

ON_A_PAGE = 50
SUBJECTS = {
    "movements": gettext_lazy("Keys moved"),
    "incidents": gettext_lazy("Losses and faults"),
    "keys": gettext_lazy("Keys, rings, tags"),
    "hardware": gettext_lazy("Locks and codes"),
    "places": gettext_lazy("Places"),
    "people": gettext_lazy("People"),
    "exchange": gettext_lazy("Imports"),
    "journal": gettext_lazy("The journal itself"),
}
TROUBLE = ("missing", "found", "destroyed", "incident", "absence")
"""What the name of a fact about a loss or fault contains."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to see; empty where it asks for nothing sensible."""

    subject: str
    channel: str
    person: int | None
    since: date | None
    until: date | None
    about: str

    @property
    def is_detailed(self) -> bool:
        """Whether one of the finer filters is used."""
        return any((self.channel, self.person, self.since, self.until))

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return self.is_detailed or bool(self.subject or self.about)

    def query(self) -> dict[str, Any]:
        """The same as a query for another address."""
        return {name: getattr(self, name) for name in self.__slots__}


def entries(
    request: Request,
    slug: str,
    verdict: Verdict | None = None,
    form: CompareForm | None = None,
    findings: Sequence[Finding] = (),
) -> HttpResponse:
    """What happened, newest first.

    `verdict` is a check of the whole journal just made, `findings` what checkpoints in `form` say.
    """
    wanted = _asked(request)
    shown, newer, older = _page(request, wanted)
    base, seal = here(request, "journal"), journal.seal(request.actor)
    kept, sealed = wanted.query(), checkpoints.sealing(request.actor)
    context = {
        "section": "journal",
        "title": sealing.heading(seal.sequence, sealed),
        "seal": seal,
        "sealing": sealed,
        "form": form or CompareForm(),
        "findings": findings,
        "verdict": verdict,
        "verdict_words": _said(verdict) if verdict else "",
        "lines": story.tell(request.actor, shown),
        "asked": wanted,
        "subjects": _subjects(base, wanted),
        "channels": words.CHANNELS,
        "persons": people.signing_in(request.actor),
        "summary": _summary(shown),
        "prev_url": asked.address(base, **kept, after=newer) if newer else "",
        "next_url": asked.address(base, **kept, before=older) if older else "",
        "base": base,
    }
    return render(request, "journal/list.html", context)


def verify(request: Request, slug: str) -> HttpResponse:
    """Check every entry against its seal, and the journal against checkpoints from elsewhere."""
    form = CompareForm(request.POST, request.FILES)
    findings = sealing.compared(request, form)
    return entries(request, slug, journal.verify(request.actor), form, findings)


def clock_confirm(request: Request, slug: str) -> HttpResponse:
    """Note that an owner says the clock is right."""
    confirming.confirm_clock(request.actor)
    return done(request, _("Noted: the clock is right."), here(request, "today"))


def _asked(request: Request) -> Asked:
    about = asked.words(request, "about")
    kind, _dash, number = about.rpartition("-")
    is_thing = kind in KINDS and number.isascii() and number.isdigit()
    return Asked(
        subject=asked.choice(request, "subject", tuple(SUBJECTS)),
        channel=asked.choice(request, "channel", tuple(words.CHANNELS)),
        person=asked.number(request, "person"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
        about=about if is_thing and len(number) <= asked.MOST_DIGITS else "",
    )


def _page(request: Request, wanted: Asked) -> tuple[list[Told], int, int]:
    """The entries of one page, and the numbers after and before which others follow, or 0."""
    before, after = asked.number(request, "before"), asked.number(request, "after")
    found = journal.entries(
        request.actor,
        before=before,
        after=after,
        limit=ON_A_PAGE + 1,
        only=_filter(wanted, request.workspace.time_zone),
    )
    has_more = len(found) > ON_A_PAGE
    if has_more:
        found = found[1:] if after else found[:-1]
    if not found:
        return [], 0, 0
    has_newer = has_more if after else bool(before)
    has_older = has_more or bool(after)
    newest, oldest = found[0].sequence, found[-1].sequence
    return found, newest if has_newer else 0, oldest if has_older else 0


def _filter(wanted: Asked, zone: str) -> Filter:
    after_last = wanted.until + timedelta(days=1) if wanted.until else None
    kind, _dash, number = wanted.about.rpartition("-")
    return Filter(
        names=_names(wanted.subject) if wanted.subject else None,
        account_id=wanted.person,
        channel=wanted.channel or None,
        since=asked.start_of(wanted.since, zone),
        until=asked.start_of(after_last, zone),
        about=(kind, int(number)) if number else None,
    )


def _names(subject: str) -> tuple[str, ...]:
    """The facts a subject stands for."""
    if subject not in ("movements", "incidents"):
        return tuple(name for name in story.FACTS if name.startswith(f"{subject}."))
    custody = [name for name in story.FACTS if name.startswith("custody.")]
    is_trouble = subject == "incidents"
    return tuple(n for n in custody if any(word in n for word in TROUBLE) == is_trouble)


def _subjects(base: str, wanted: Asked) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": asked.address(base, **{**wanted.query(), "subject": name}),
            "is_current": wanted.subject == name,
        }
        for name, label in {"": _("All"), **SUBJECTS}.items()
    ]


def _summary(shown: list[Told]) -> str:
    return f"{shown[-1].sequence}–{shown[0].sequence}" if shown else ""


def _said(verdict: Verdict) -> str:
    """The verdict in a sentence or two."""
    if verdict.holds:
        held = ngettext(
            "The one entry holds: it was not changed.",
            "All %(count)d entries hold: nothing was changed, removed or put in.",
            verdict.entries,
        )
        return held % {"count": verdict.entries}
    bad = _("Entry %(number)s does not hold: it %(reason)s")
    return bad % {"number": verdict.first_bad, "reason": verdict.reason}
