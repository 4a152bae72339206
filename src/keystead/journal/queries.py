"""Reading the journal. Nothing here writes."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from keystead.journal import facts, reach
from keystead.journal import verify as verification
from keystead.journal.models import Entry, Head, Lease, Mention, Remark, Workspace
from keystead.journal.operation import granted, require, scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.scope import Scope
from keystead.kernel.words import said as _

LOOKED_AT_ONCE = 200
"""How many entries of a story are looked at for what others may not see."""


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """A workspace as pages and programs see it. `time_zone` is an IANA name."""

    id: int
    slug: str
    name: str
    template: str
    time_zone: str
    locale: str
    is_demo: bool
    first_bad: int | None = None
    """The first entry of its journal that is known not to hold; None: none is."""


@dataclass(frozen=True, slots=True)
class Told:
    """One journal entry, decoded. `at` is aware UTC."""

    sequence: int
    at: datetime
    name: str
    account_id: int | None
    channel: str
    system: str | None
    payload: dict[str, Any]


def workspace(workspace_id: int) -> WorkspaceView:
    """The workspace of this number. For callers that already know it is theirs to see."""
    row = Workspace.objects.select_related("head").filter(pk=workspace_id).first()
    if row is None:
        raise NotFound(_("There is no such workspace."))
    return _workspace_view(row)


def workspaces() -> list[WorkspaceView]:
    """Every workspace, the installation first. For commands on the server itself."""
    rows = Workspace.objects.select_related("head").order_by("pk")
    return [_workspace_view(row) for row in rows]


def _workspace_view(row: Workspace) -> WorkspaceView:
    head: Head | None = getattr(row, "head", None)  # gone where somebody deleted it
    return WorkspaceView(
        row.pk,
        row.slug,
        row.name,
        row.template,
        row.time_zone,
        row.locale,
        row.is_demo,
        head.first_bad if head else None,
    )


def told(entry: Entry) -> Told:
    """An entry, decoded; one that was damaged has no payload, so that the rest can be read."""
    try:
        body = json.loads(entry.body)
        system, payload = body["actor"].get("system"), dict(body["payload"])
    except (ValueError, KeyError, TypeError, AttributeError):
        system, payload = None, {}
    return Told(
        entry.sequence,
        entry.at,
        entry.name,
        entry.account_id,
        entry.channel,
        system,
        payload,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries to read; None means any. Times are aware UTC, `until` is exclusive.

    `about` is a thing the entries mention: its kind (as in `kernel.fact.KINDS`) and its id.
    """

    names: tuple[str, ...] | None = None
    account_id: int | None = None
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    about: tuple[str, int] | None = None


def entries(
    actor: Actor,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
    only: Filter | None = None,
) -> list[Told]:
    """Entries of the workspace, newest first: the last ones older than number `before`.

    With `after` the first ones that are newer than that number.
    """
    require(actor, Right.SEE_JOURNAL)
    wanted = only or Filter()
    rows = _matching(actor, wanted)
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    if after is None:
        return [told(entry) for entry in _first(rows, wanted, "-sequence", limit)]
    newer = _first(rows.filter(sequence__gt=after), wanted, "sequence", limit)
    return [told(entry) for entry in reversed(newer)]


def _first(rows: QuerySet[Entry], wanted: Filter, order: str, limit: int) -> list[Entry]:
    """The first `limit` of these rows in this order of their numbers.

    Looks for each name by itself, through the index of names: for rare ones a database would
    read the whole journal.
    """
    if wanted.names is None:
        return list(rows.order_by(order)[:limit])
    if wanted.about is not None:
        return list(rows.filter(name__in=wanted.names).order_by(order)[:limit])
    found = [
        number
        for name in wanted.names
        for number in rows.filter(name=name)
        .order_by(order)
        .values_list("sequence", flat=True)[:limit]
    ]
    first = sorted(found, reverse=order.startswith("-"))[:limit]
    return list(rows.filter(sequence__in=first).order_by(order))


def _matching(actor: Actor, only: Filter) -> QuerySet[Entry]:
    """The entries to read, but for their names."""
    wanted: dict[str, Any] = {
        "account_id": only.account_id,
        "channel": only.channel,
        "at__gte": only.since,
        "at__lt": only.until,
    }
    rows = Entry.objects.filter(workspace_id=actor.workspace_id)
    rows = rows.filter(**{key: value for key, value in wanted.items() if value is not None})
    if only.about is None:
        return rows
    kind, thing_id = only.about
    told = Mention.objects.filter(workspace_id=actor.workspace_id, kind=kind, thing_id=thing_id)
    return rows.filter(sequence__in=told.values("sequence"))


def story_of(
    actor: Actor, *, kind: str, thing_id: int, before: int | None = None, limit: int = 50
) -> list[Told]:
    """What happened to one thing (`kind` as in `kernel.fact.KINDS`), newest first."""
    scope = scope_of(actor, Right.SEE_REGISTER)
    about = Mention.objects.filter(workspace_id=actor.workspace_id, kind=kind, thing_id=thing_id)
    if before is not None:
        about = about.filter(sequence__lt=before)
    found = about.order_by("-sequence").values_list("sequence", flat=True)
    numbers = list(found[:limit]) if scope.is_everything else _of_scope(actor, scope, found, limit)
    rows = Entry.objects.filter(workspace_id=actor.workspace_id, sequence__in=numbers)
    return [told(entry) for entry in rows.order_by("-sequence")]


def mentioned_since(actor: Actor, kind: str, sequence: int) -> QuerySet[Mention, int]:
    """Ids of the things of a kind that entries after this number mention, as a sub-query."""
    scope_of(actor, Right.SEE_REGISTER)
    rows = Mention.objects.filter(workspace_id=actor.workspace_id, kind=kind)
    return rows.filter(sequence__gt=sequence).values_list("thing_id", flat=True)


def _of_scope(actor: Actor, scope: Scope, numbers: QuerySet[Mention, int], limit: int) -> list[int]:
    """The first of these entries that mention nothing but what belongs to the scope."""
    found: list[int] = []
    start = 0
    while len(found) < limit and (some := list(numbers[start : start + LOOKED_AT_ONCE])):
        start += len(some)
        mentions = Mention.objects.filter(workspace_id=actor.workspace_id, sequence__in=some)
        things: dict[str, dict[int, set[int]]] = {}
        for kind, thing_id, sequence in mentions.values_list("kind", "thing_id", "sequence"):
            things.setdefault(kind, {}).setdefault(thing_id, set()).add(sequence)
        away: set[int] = set()
        for kind, told in things.items():
            seen = reach.seen_ids(kind, told, actor.workspace_id, scope)
            away = away.union(*(told[thing_id] for thing_id in told.keys() - seen))
        found += [number for number in some if number not in away]
    return found[:limit]


def reaches(actor: Actor, right: Right, kind: str, thing_id: int) -> bool:
    """Whether a right of the actor reaches all sites of a thing, so that it may be changed."""
    scope = granted(actor).scope(right)
    if scope.is_everything or scope.is_nothing:
        return scope.is_everything
    rows = reach.model_of(kind).objects.filter(workspace_id=actor.workspace_id, pk=thing_id)
    return reach.whole(rows, actor.workspace_id, scope).exists()


def remarks(actor: Actor, remark_ids: set[int]) -> dict[int, str]:
    """The texts of these remarks by id; erased ones are missing."""
    scope_of(actor, Right.SEE_REGISTER)
    rows = Remark.objects.filter(workspace_id=actor.workspace_id, pk__in=remark_ids)
    return dict(rows.values_list("pk", "text"))


@dataclass(frozen=True, slots=True)
class Seal:
    """How far the journal reaches and the hex digest of its last entry."""

    sequence: int
    digest: str


def seal(actor: Actor) -> Seal:
    """The end of the workspace's journal."""
    require(actor, Right.SEE_JOURNAL)
    head = Head.objects.get(workspace_id=actor.workspace_id)
    return Seal(head.sequence, bytes(head.digest).hex())


def verify(actor: Actor, noted: Seal | None = None) -> verification.Verdict:
    """Check the whole journal of the workspace; may take seconds on a long one.

    With a seal `noted` earlier, also that it is the same journal, or the same and longer.
    """
    require(actor, Right.SEE_JOURNAL)
    known = (noted.sequence, bytes.fromhex(noted.digest)) if noted else None
    return verification.verify(actor.workspace_id, known)


def newest_entry_at() -> datetime | None:
    """When the newest entry of any workspace was recorded (aware UTC); for `doctor`."""
    found: datetime | None = Head.objects.aggregate(newest=Max("at"))["newest"]
    return found


@dataclass(frozen=True, slots=True)
class ClockAlarm:
    """That the server's clock jumped and nobody has confirmed it since: the entry that says so.

    It showed `before` (aware UTC), or would have, and showed `after`.
    """

    sequence: int
    before: datetime
    after: datetime


def clock_alarm(workspace_id: int) -> ClockAlarm | None:
    """The last jump of the clock a journal tells of, unless it was confirmed afterwards.

    For callers that already know that the workspace is theirs to see.
    """
    names = (facts.ClockJumped.name, facts.ClockConfirmed.name)
    rows = Entry.objects.filter(workspace_id=workspace_id)
    jumped = next(iter(_first(rows, Filter(names=names), "-sequence", 1)), None)
    if jumped is None or jumped.name == facts.ClockConfirmed.name:
        return None
    told = json.loads(jumped.body)["payload"]
    return ClockAlarm(
        jumped.sequence,
        datetime.fromisoformat(told["before_at"]),
        datetime.fromisoformat(told["after_at"]),
    )


def last_seen(name: str) -> datetime | None:
    """When a part of the installation ("worker") last showed signs of life; None: never."""
    return Lease.objects.filter(pk=name).values_list("seen_at", flat=True).first()


def held_until(name: str) -> datetime | None:
    """Until when somebody holds the lease of this name; None: nobody ever did."""
    return Lease.objects.filter(pk=name).values_list("until", flat=True).first()
