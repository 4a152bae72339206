"""What one should know, and when a workspace sends its digests."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.notify import operations, queries, rules, saying
from keystead.notify.queries import NoticeView
from keystead.people import queries as people
from keystead.web import acts
from keystead.web.filling import Newer, fill, sent
from keystead.web.forms.members import DigestsForm
from keystead.web.http import Request, done, here
from keystead.web.paging import paged

ICONS = {
    rules.LOST: "circle-help",
    rules.FOUND: "check",
    rules.LATE: "triangle-alert",
    rules.DUE_SOON: "clock",
    rules.CHECKPOINT: "shield-alert",
    rules.BACKUP: "shield-alert",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as its page shows it: a sentence, where it leads, whether it is news."""

    id: int
    text: str
    icon: str
    url: str
    notice: NoticeView

    @property
    def is_news(self) -> bool:
        """Neither read nor over."""
        return self.notice.read_at is None and self.notice.over_at is None


def notices(request: Request, slug: str) -> HttpResponse:
    """One's own notices, what is news first; sent, they are marked as read."""
    if request.method == "POST":
        operations.read_notices(request.actor, notice_ids=_chosen(request))
        return done(request, _("Marked as read."), here(request, "notices"))
    own = people.own_person_id(request.actor) or 0
    page = paged(
        request,
        lambda limit, offset: [
            _line(request, notice, own)
            for notice in queries.inbox(request.actor, limit=limit, offset=offset)
        ],
    )
    count = queries.unread(request.actor)
    news = ngettext("%(n)s thing you should know", "%(n)s things you should know", count)
    context = {
        "section": "notices",
        "page": page,
        "unread": count,
        "title": news % {"n": count} if count else _("Nothing new"),
        "troubled": _troubled(request),
        "may_schedule": acts.may(request, Right.MANAGE_MEMBERS),
    }
    return render(request, "notices/list.html", context)


def _chosen(request: Request) -> list[int] | None:
    """The notices the form names; None: all of them."""
    texts = request.POST.getlist("notice")
    if not all(text.isascii() and text.isdecimal() and len(text) < 19 for text in texts):
        raise Invalid(_("This form is broken. Open its page again."), field="notice")
    return [int(text) for text in texts] or None


def _line(request: Request, notice: NoticeView, own: int) -> Line:
    url = ""
    if acts.may(request, Right.SEE_REGISTER):
        if notice.incident_id is not None:
            url = here(request, "incident", incident_id=notice.incident_id)
        elif notice.copy_id is not None:
            url = here(request, "copy", copy_id=notice.copy_id)
    text = saying.line(notice, own, timezone.get_current_timezone())
    return Line(notice.id, text, ICONS[notice.kind], url, notice)


def _troubled(request: Request) -> list[queries.Troubled]:
    if not acts.may(request, Right.MANAGE_MEMBERS):
        return []
    return queries.troubled(request.actor)


def digests(request: Request, slug: str) -> HttpResponse:
    """When this workspace sends its digests."""
    schedule = queries.schedule(request.actor)

    def act(given: dict[str, Any]) -> HttpResponse:
        operations.change_schedule(
            request.actor,
            version=given["version"],
            times=given["times"].replace(";", ",").split(","),
            soon_hours=given["soon_hours"],
        )
        return done(request, _("Saved."), here(request, "digests"))

    def newer() -> Newer:
        now = queries.schedule(request.actor)
        facts = [(_("Times"), ", ".join(now.times)), (_("Hours before"), str(now.soon_hours))]
        return Newer(now.version, facts)

    initial = {
        "version": schedule.version,
        "times": ", ".join(schedule.times),
        "soon_hours": schedule.soon_hours,
    }
    context = {
        "section": "settings",
        "title": _("When people are told"),
        "lead": _(
            "Everybody gets at most one mail at these times, with all that concerns them. What is "
            "lost or found is told at once."
        ),
        "submit": _("Save"),
        "cancel_url": here(request, "settings"),
    }
    return fill(request, DigestsForm(sent(request), initial=initial), act, context, newer=newer)
