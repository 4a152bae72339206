"""The first page: what is late, what is due, what needs looking at; and each person's own."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.custody.queries import StayView, TodayCounts
from keystead.journal import queries as journal
from keystead.journal.operation import granted
from keystead.kernel.clock import local_to_utc
from keystead.kernel.rights import Right
from keystead.people import queries as people
from keystead.web import acts, asked
from keystead.web.acts import Action
from keystead.web.http import Request, here, page
from keystead.web.loans import batches
from keystead.web.paging import paged

SHOWN = 8
"""How many rows of each kind stand on the first page; the list behind it has the rest."""

WORKER_SILENT = timedelta(minutes=15)
OUT_FILTERS = ("late", "today", "open", "review")


def today(request: Request, slug: str) -> HttpResponse:
    """What is late first, then what is due, to look at, and open."""
    if Right.SEE_REGISTER not in granted(request.actor).anywhere:
        return HttpResponseRedirect(here(request, "me"))
    at, midnight, day = timezone.now(), end_of_day(), timezone.localdate()
    counts = custody.today_counts(request.actor, at=at, end_of_day=midnight, day=day)
    late = custody.out_now(request.actor, at=at, overdue_only=True, limit=4 * SHOWN)
    due = custody.out_now(request.actor, at=at, due_before=midnight, limit=4 * SHOWN)
    context = {
        "section": "today",
        "counts": counts,
        "greeting": greeting(request),
        "title": heading(counts),
        "late": batches(request, late)[:SHOWN],
        "due": batches(request, due)[:SHOWN],
        "review": batches(request, custody.to_review(request.actor, day=day, limit=SHOWN)),
        "incidents": custody.incidents(request.actor, limit=SHOWN),
        "silence": worker_silence(),
        "clock": journal.clock_alarm(request.actor.workspace_id)
        if acts.may(request, Right.MANAGE_MEMBERS)
        else None,
        "actions": _actions(request) if counts.copies else [],
        "lists": _lists(request),
        "start": _first_steps(request) if not counts.copies else [],
    }
    return render(request, "today/today.html", context)


def _lists(request: Request) -> dict[str, str]:
    """Where the lists behind the numbers are."""
    base = here(request, "out")
    return {"all": base, **{name: asked.address(base, show=name) for name in OUT_FILTERS}}


def end_of_day() -> datetime:
    """Midnight at the workspace, as aware UTC."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return local_to_utc(datetime.combine(tomorrow, time()), timezone.get_current_timezone_name())


def heading(counts: TodayCounts) -> str:
    """The answer of the page: what is late, else what is due, else that all is well."""
    if not counts.copies:
        return _("Which keys do you have?")
    if counts.overdue:
        late = ngettext("%(count)d key is late", "%(count)d keys are late", counts.overdue)
        return late % {"count": counts.overdue}
    if counts.due_today:
        due = ngettext(
            "Nothing is late, %(count)d key is due today",
            "Nothing is late, %(count)d keys are due today",
            counts.due_today,
        )
        return due % {"count": counts.due_today}
    return _("Nothing is late")


def greeting(request: Request) -> str:
    """By the hour at the workspace, with the person's name."""
    known = people.account_names(request.actor, {request.actor.account_id or 0})
    name = known.get(request.actor.account_id or 0, (0, ""))[1]
    return hello(timezone.localtime().hour) % name


def hello(hour: int) -> str:
    """What one says at this hour, with a place for the name."""
    if hour < 5 or hour >= 22:
        return _("Good night, %s")
    if hour < 12:
        return _("Good morning, %s")
    return _("Good afternoon, %s") if hour < 18 else _("Good evening, %s")


@dataclass(frozen=True, slots=True)
class Silence:
    """The worker has not been heard of since then; None: never."""

    since: datetime | None


def worker_silence() -> Silence | None:
    """That the worker is not running, if so: what it does by itself is not being done."""
    seen = journal.last_seen("worker")
    is_heard = seen is not None and timezone.now() - seen <= WORKER_SILENT
    return None if is_heard else Silence(seen)


def _actions(request: Request) -> list[Action]:
    if not acts.may(request, Right.HAND_OUT):
        return []
    desk = here(request, "desk")
    return [
        acts.link(_("Hand out or take back"), desk, icon="scan-barcode"),
        acts.link(_("Out now"), here(request, "out"), icon="list"),
    ]


def _first_steps(request: Request) -> list[Action]:
    """How a register begins."""
    if not acts.may(request, Right.EDIT_REGISTER):
        return []
    return [
        acts.link(_("Add the first key"), here(request, "key-add"), icon="plus"),
        acts.link(_("Add a cabinet or box"), here(request, "container-add"), icon="archive"),
    ]


def out(request: Request, slug: str) -> HttpResponse:
    """Everything that is out, late ones first; the filters are in the address."""
    show = asked.choice(request, "show", OUT_FILTERS)
    shown = paged(request, lambda limit, offset: _out(request, show, limit, offset))
    kept = {name: request.GET.get(name) for name in ("q", "person", "firm", "key", "space")}
    counts = custody.today_counts(
        request.actor, at=timezone.now(), end_of_day=end_of_day(), day=timezone.localdate()
    )
    context: dict[str, Any] = {
        "section": "today",
        "page": shown,
        "rows": batches(request, shown.rows),
        "query_text": asked.words(request, "q"),
        "show": show,
        "choices": _choices(here(request, "out"), show, kept),
        "is_filtered": show or any(kept.values()),
        "kept": {name: value for name, value in kept.items() if value and name != "q"},
        "title": _out_heading(counts),
        "counts": counts,
    }
    return page(request, "today/out.html", context)


def _out_heading(counts: TodayCounts) -> str:
    values = {"out": counts.out, "late": counts.overdue}
    if not counts.out:
        return _("Everything is in")
    if not counts.overdue:
        return (
            ngettext(
                "%(out)d key is out, none is late", "%(out)d keys are out, none is late", counts.out
            )
            % values
        )
    return (
        ngettext(
            "%(out)d key is out, %(late)d late", "%(out)d keys are out, %(late)d late", counts.out
        )
        % values
    )


def _out(request: Request, show: str, limit: int, offset: int) -> list[StayView]:
    at, day = timezone.now(), timezone.localdate()
    if show == "review":
        return custody.to_review(request.actor, day=day, limit=limit, offset=offset)
    return custody.out_now(
        request.actor,
        at=at,
        overdue_only=show == "late",
        due_before=end_of_day() if show == "today" else None,
        open_ended_only=show == "open",
        person_id=asked.number(request, "person"),
        firm_id=asked.number(request, "firm"),
        key_id=asked.number(request, "key"),
        space_id=asked.number(request, "space"),
        text=asked.words(request, "q"),
        limit=limit,
        offset=offset,
    )


def _choices(base: str, shown: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    labels = {
        "": _("All"),
        "late": _("Late"),
        "today": _("Due today"),
        "open": _("Open-ended"),
        "review": _("To look at again"),
    }
    return [
        {
            "label": label,
            "url": asked.address(base, **kept, show=name),
            "is_current": name == shown,
        }
        for name, label in labels.items()
    ]
