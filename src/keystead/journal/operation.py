"""The one way to change state: an operation.

An operation is one transaction that changes rows and records what happened. Operations of one
workspace run one after the other, on SQLite and PostgreSQL alike, because each begins by locking
the head of that workspace's journal.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

from django.db import IntegrityError, OperationalError, connection, transaction

from keystead.journal import chain, clashes, clock, facts, reach, replays
from keystead.journal.held_back import require_whole
from keystead.journal.models import (
    Entry,
    Head,
    Mention,
    Remark,
    Replayed,
    Row,
    Workspace,
    remark_hash,
)
from keystead.journal.rights import forbidden, forget, granted_now
from keystead.journal.rights import granted as granted
from keystead.journal.rights import require as require
from keystead.journal.rights import require_factor as require_factor
from keystead.journal.rights import rights_looked_up_once as rights_looked_up_once
from keystead.journal.rights import rights_of as rights_of
from keystead.journal.rights import scope_of as scope_of
from keystead.journal.rights import set_resolver as set_resolver
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Invalid, KeysteadError, NotFound
from keystead.kernel.errors import Unavailable as KernelUnavailable
from keystead.kernel.fact import Fact, mentions
from keystead.kernel.rights import Right
from keystead.kernel.scope import EVERYTHING, Granted, Scope
from keystead.kernel.text import require_keepable
from keystead.kernel.words import said as _

P = ParamSpec("P")
R = TypeVar("R")


class UnrecordedChange(AssertionError):
    """An operation returned without recording a fact: a programming error."""


class Busy(KernelUnavailable):
    """Another change was under way for too long."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Verb:
    """One operation: its dotted name, the right it needs and the function itself.

    `per_site`: the right at one site is enough, for what belongs to that site.
    `step_up`: it also needs a sign-in factor shown a short while ago.
    """

    name: str
    right: Right
    run: Callable[..., Any]
    per_site: bool = False
    step_up: bool = False


VERBS: dict[str, Verb] = {}
"""Every operation there is, by dotted name (`custody.check_out`)."""


@dataclass(frozen=True, slots=True)
class RemarkRef:
    """What a fact keeps of a remark: where it is and what it said, unreadably."""

    remark_id: int
    remark_hash: str


def _ref(row: Remark) -> RemarkRef:
    return RemarkRef(row.pk, remark_hash(bytes(row.salt), row.text))


class Change:
    """One operation under way: who acts, at what time, what it recorded.

    `import_id` is the import it carries out, if any; `pending_import` the same while the rows
    stay hidden until that import is finished. `seen`, where an operation sets it, keeps the rows
    that `rows.one` found, so that each is read once; who sets it changes rows only through them.
    `scope` is what the verb under way may change: everything, or what belongs to some sites;
    `fresh` are rows of this change that have yet to be told where they belong.
    """

    def __init__(self, actor: Actor, at: datetime, head: Head, granted: Granted) -> None:
        """Begin a change; `head` must be locked by the caller."""
        self.actor = actor
        self.at = at
        self.granted = granted
        self.scope = EVERYTHING
        self.fresh: set[tuple[type[Row], int]] = set()
        self.recorded = 0
        self.is_unchanged = False
        self.import_id: int | None = None
        self.pending_import: int | None = None
        self.seen: dict[tuple[type[Row], int], Row] | None = None
        self._head = head
        self._digest = bytes(head.digest)
        self._entries: list[Entry] = []
        self._mentions: list[Mention] = []
        self._also: list[Change] = []
        self._at_sites: dict[Scope, set[tuple[str, int]]] = {}

    @property
    def rights(self) -> frozenset[Right]:
        """The actor's rights in the whole workspace."""
        return self.granted.everywhere

    @property
    def sight(self) -> Scope:
        """What the actor may know of."""
        return self.granted.scope(Right.SEE_REGISTER)

    @property
    def workspace_id(self) -> int:
        """The workspace this change happens in."""
        return self.actor.workspace_id

    @property
    def first_bad(self) -> int | None:
        """The first entry of the journal known not to hold; None: none is known."""
        return self._head.first_bad

    @property
    def zone(self) -> ZoneInfo:
        """The workspace's time zone."""
        return ZoneInfo(self._head.workspace.time_zone)

    @property
    def sequence(self) -> int:
        """The journal number the next recorded fact will have."""
        return self._head.sequence + 1

    def require(self, right: Right) -> None:
        """Raise Forbidden unless the actor has this right in the whole workspace, too."""
        if right not in self.rights:
            raise forbidden(right)

    def admit(self, verb: Verb) -> Scope:
        """What this verb may change for the actor. Raises Forbidden if nothing."""
        if not verb.per_site:
            self.require(verb.right)
        scope = self.granted.scope(verb.right)
        if scope.is_nothing:
            raise forbidden(verb.right)
        if verb.step_up:
            self.require_factor()
        return scope

    def require_factor(self) -> None:
        """Raise StepUpNeeded unless the actor showed a factor in the browser lately."""
        require_factor(self.actor)

    def record(self, fact: Fact) -> int:
        """Append `fact` to the journal in this transaction; returns its number."""
        self.recorded += 1
        return self._append(fact, self.actor)

    def note_jump(self, jump: clock.Jump) -> None:
        """Record that the clock was set, before anything else of this change.

        It is the system that says so, whoever happens to act, and it is no act of this change.
        """
        apart = abs(jump.after - jump.before)
        fact = facts.ClockJumped(
            before_at=jump.before.astimezone(UTC),
            after_at=jump.after.astimezone(UTC),
            direction="forward" if jump.is_forward else "back",
            minutes=round(apart.total_seconds() / 60),
        )
        self._append(fact, system(self.workspace_id, "clock"))

    def believe_clock(self) -> None:
        """Take the clock's time as that of this change, even a little before the last entry."""
        self.at = clock.shown()

    def _append(self, fact: Fact, actor: Actor) -> int:
        sequence, payload = self._head.sequence + 1, fact.payload()
        content = {
            "workspace": self.workspace_id,
            "sequence": sequence,
            "at": self.at.astimezone(UTC).isoformat(),
            "actor": actor.body(),
            "name": fact.name,
            "payload": payload,
        }
        if self.import_id is not None:
            content["import"] = self.import_id
        body = chain.canonical(content)
        self._digest = chain.link(self._digest, body)
        self._entries.append(
            Entry(
                workspace_id=self.workspace_id,
                sequence=sequence,
                at=self.at,
                name=fact.name,
                account_id=actor.account_id,
                channel=actor.channel,
                body=body.decode(),
                digest=self._digest,
            )
        )
        about = list(mentions(payload, self.import_id))
        self._mentions += [
            Mention(workspace_id=self.workspace_id, kind=kind, thing_id=thing_id, sequence=sequence)
            for kind, thing_id in about
        ]
        if not self.scope.is_everything:
            self._at_sites.setdefault(self.scope, set()).update(about)
        self._head.sequence = sequence
        return sequence

    def unchanged(self, result: R) -> R:
        """Say that everything was already so: no fact, no error."""
        self.is_unchanged = True
        return result

    def remark(self, text: str | None) -> RemarkRef | None:
        """Keep free text in an erasable row; None or blank text keeps nothing."""
        return self.remarks([text])[0]

    def remarks(self, texts: Sequence[str | None]) -> list[RemarkRef | None]:
        """Keep many texts as `remark` keeps one; what it keeps of each, in the same order.

        Raises Invalid for what no database keeps as text.
        """
        cleaned = [(text or "").strip() for text in texts]
        for text in cleaned:
            require_keepable(text, field="note")
        rows = Remark.objects.bulk_create(
            (
                Remark(
                    workspace_id=self.workspace_id,
                    text=text,
                    salt=secrets.token_bytes(16),
                    written_at=self.at,
                )
                for text in cleaned
                if text
            ),
            batch_size=500,
        )
        kept = iter(rows)
        return [_ref(next(kept)) if text else None for text in cleaned]

    def was_recorded_by_actor(self, sequence: int) -> bool:
        """Whether the entry of this number was recorded by whoever acts now."""
        entry = Entry.objects.filter(workspace_id=self.workspace_id, sequence=sequence).first()
        if entry is None:
            return False
        by, mine = json.loads(entry.body)["actor"], self.actor.body()
        return bool(all(by.get(key) == mine.get(key) for key in ("account", "system")))

    def also(self, workspace_id: int) -> "Change":
        """The same transaction in another workspace's journal, with the system's rights.

        Only for verbs of the installation (workspace 0), so that heads are always locked in the
        same order.
        """
        if self.workspace_id != INSTALLATION:
            raise RuntimeError("Only the installation may write to other workspaces.")
        head = Head.objects.select_for_update().filter(workspace_id=workspace_id).first()
        if head is None:
            raise NotFound(_("There is no such workspace."))
        actor = replace(self.actor, workspace_id=workspace_id)
        other = Change(actor, self.at, head, Granted(frozenset(Right)))
        self._also.append(other)
        return other

    def flush(self) -> None:
        """Write what was recorded. Called once by the decorator, just before the commit."""
        for other in self._also:
            other.flush()
        for scope, things in self._at_sites.items():
            reach.require_kept(self.workspace_id, scope, things)
        if not self._entries:
            return
        Entry.objects.bulk_create(self._entries, batch_size=500)
        if self._mentions:
            Mention.objects.bulk_create(self._mentions, batch_size=1000)
        self._head.digest, self._head.at = self._digest, self.at
        self._head.save(update_fields=["sequence", "digest", "at"])


def operation(
    right: Right, *, shows_once: bool = False, per_site: bool = False, step_up: bool = False
) -> Callable[[Callable[Concatenate[Change, P], R]], Callable[Concatenate[Actor | Change, P], R]]:
    """Make a function an operation that needs `right`.

    Call it with an Actor to begin a transaction, or with the Change of an operation already
    under way to join that one. It records at least one fact, or says `change.unchanged(…)`, or
    raises; an error raised with `record=fact` leaves just that fact behind.

    `shows_once`: its caller shows a secret that is not kept, so that the same request sent again
    raises AlreadyShown.

    `per_site`: who has the right at some sites only is admitted, too. Rows from outside must then
    come through `rows.one` and `rows.many`, which find only what belongs to those sites.

    `step_up`: the actor must have shown a sign-in factor in the browser lately: StepUpNeeded.
    """

    def decorate(
        function: Callable[Concatenate[Change, P], R],
    ) -> Callable[Concatenate[Actor | Change, P], R]:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"

        @wraps(function)
        def run(by: Actor | Change, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if isinstance(by, Change):
                return _insist(by, verb, function, *args, **kwargs)
            try:
                return _begin(by, verb, function, args, kwargs, shows_once)
            except KeysteadError as refusal:
                if refusal.record is not None:
                    _keep(by, refusal.record)
                raise
            except OperationalError as error:
                raise _as_busy(error) from error
            except IntegrityError as error:
                raise clashes.explained(error, by.workspace_id) from error

        verb = VERBS[name] = Verb(name, right, run, per_site, step_up)
        return run

    return decorate


def _begin(
    actor: Actor,
    verb: Verb,
    function: Callable[Concatenate[Change, P], R],
    args: Any,
    kwargs: dict[str, Any],
    shows_once: bool,
) -> R:
    with transaction.atomic(durable=True):
        change = _open(actor)
        change.admit(verb)
        require_whole(change.first_bad, right=verb.right)
        asked = replays.asked(function, kwargs) if actor.idempotency_key else b""
        if asked and (before := replays.before(actor, asked)) is not None:
            if shows_once:
                raise replays.AlreadyShown(
                    _("This was shown once and is not kept. Make a new one.")
                )
            return cast(R, replays.rebuilt(function, before.result))
        result = _insist(change, verb, function, *args, **kwargs)
        if asked:
            Replayed.objects.create(
                workspace_id=actor.workspace_id,
                principal=actor.principal,
                key=actor.idempotency_key or "",
                asked=asked,
                result=None if shows_once else replays.plain(result),
                at=change.at,
            )
        change.flush()
    forget()
    return result


@contextmanager
def within_transaction(actor: Actor) -> Iterator[Change]:
    """A change inside a transaction the caller has open and commits. Only restoring needs it.

    What is restored and what is recorded of it become true together or not at all.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("There is no transaction to be within.")
    change = _open(actor)
    yield change
    change.flush()


def _open(actor: Actor) -> Change:
    """Lock the head of the actor's workspace and read the actor's rights, in that order."""
    heads = Head.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    head = next(iter(heads), None)
    if head is None:
        raise NotFound(_("There is no such workspace."))
    if actor.at is not None and not _is_demonstration(head.workspace):
        raise Invalid(_("Only a demonstration may set the time of its facts."), field="at")
    if actor.at is not None:
        return Change(actor, actor.at, head, granted_now(actor))
    at = clock.moment(head.at)
    jump = None if head.workspace.is_demo else clock.jump(clock.WATCH, head.at, at)
    change = Change(actor, at, head, granted_now(actor))
    if jump is not None:
        change.note_jump(jump)
    return change


def _is_demonstration(workspace: Workspace) -> bool:
    """Whether it is flagged as demo; the installation is while it holds no real register."""
    if workspace.pk != INSTALLATION:
        return workspace.is_demo
    real = Workspace.objects.filter(is_demo=False).exclude(pk=INSTALLATION)
    return not real.exists()


def _insist(
    change: Change,
    verb: Verb,
    function: Callable[Concatenate[Change, P], R],
    /,
    *args: Any,
    **kwargs: Any,
) -> R:
    before, change.is_unchanged = change.recorded, False
    around, change.scope = change.scope, change.admit(verb)
    try:
        result = function(change, *args, **kwargs)
    finally:
        change.scope = around
    if change.recorded == before and not change.is_unchanged:
        raise UnrecordedChange(function.__qualname__)
    return result


def _keep(actor: Actor, fact: Fact) -> None:
    """Commit only the fact about a refusal, after the rest was rolled back."""
    with transaction.atomic(durable=True):
        change = _open(actor)
        change.record(fact)
        change.flush()


def _as_busy(error: OperationalError) -> Exception:
    text = str(error).lower()
    if "locked" in text or "timeout" in text or "write gate" in text or "canceling" in text:
        return Busy("Keystead is busy with another change. Please try again in a moment.")
    return error
