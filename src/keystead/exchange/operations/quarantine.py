"""Holding a copy back, and letting it go: a restored or cloned copy tells nobody anything."""

from collections.abc import Callable, Sequence
from datetime import datetime

from keystead.exchange import facts
from keystead.exchange.queries.backups import Checkpoint, checkpoints, workspace_ids
from keystead.journal import installation
from keystead.journal.operation import Change, operation
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.people import operations as people

Replay = Callable[[Change], int]
_replays: dict[str, Replay] = {}


def after_restoring(name: str, replay: Replay) -> None:
    """Hand in, at start-up, what must be done again to old data in the restoring transaction.

    `replay` gets the installation's change and returns how many things it did. Erasing persons
    is what this is for; nothing erases yet.
    """
    _replays[name] = replay


def forget_replay(name: str) -> None:
    """Take one of them out again."""
    _replays.pop(name, None)


@operation(Right.RUN)
def hold_back_restored(
    change: Change,
    *,
    backup: str,
    made_at: datetime,
    app_version: str,
    file_digest: str,
    loaded: Sequence[Checkpoint],
) -> None:
    """Quarantine data just loaded: no session, token or invitation of theirs lets anybody in."""
    installation.hold_back(change)
    people.end_sign_ins()
    tokens = invitations = 0
    for workspace_id in workspace_ids():
        if workspace_id != INSTALLATION:
            ended = people.end_ways_in(change.also(workspace_id))
            tokens, invitations = tokens + ended.tokens, invitations + ended.invitations
    change.record(
        facts.RestoredFrom(
            backup=backup,
            made_at=made_at,
            app_version=app_version,
            file_digest=file_digest,
            checkpoints=tuple(one.plain() for one in loaded),
            tokens_withdrawn=tokens,
            invitations_ended=invitations,
            replayed=sum(replay(change) for replay in _replays.values()),
        )
    )


@operation(Right.RUN)
def begin_quarantine(change: Change, *, reason: str) -> None:
    """Hold this copy back: it was found in another place (`copied`) or state (`older`).

    Everybody signs in again. Tokens and invitations rest; they work again if it is confirmed.
    """
    if not installation.hold_back(change):
        return change.unchanged(None)
    people.end_sign_ins()
    change.record(facts.QuarantineBegun(reason=reason))
    return None


@operation(Right.MANAGE_INSTALLATION)
def end_quarantine(change: Change, *, place: str) -> None:
    """Confirm that this copy is the one in use; `place` is the number its place has from now on."""
    since = installation.quarantined_since()
    if since is None:
        return change.unchanged(None)
    if change.actor.token_id is not None:
        raise Invalid(_("Confirm this in the browser or on the server itself, not with a token."))
    installation.let_go(change)
    change.record(
        facts.QuarantineEnded(
            held_since=since,
            checkpoints=tuple(one.plain() for one in checkpoints()),
            place=place,
        )
    )
    return None


@operation(Right.RUN)
def note_place(change: Change, *, place: str) -> None:
    """Record the number by which this installation knows its place."""
    change.record(facts.Placed(place=place))
