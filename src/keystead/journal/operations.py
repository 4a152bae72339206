"""What Keystead does with its journals: sign them, notice that one is broken, go on after."""

import base64
from datetime import datetime
from uuid import UUID

from keystead.journal import facts, queries, sealer
from keystead.journal.models import Head, Installation, SigningKey
from keystead.journal.operation import Change, operation
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import Conflict, Invalid, NotFound
from keystead.kernel.fact import Fact
from keystead.kernel.rights import Right
from keystead.kernel.secret import SecretBytes
from keystead.kernel.words import said as _


class JournalHolds(Conflict):
    """There is nothing to accept: no break was found in this journal."""

    code = "journal-holds"


@operation(Right.RUN)
def make_signing_key(
    change: Change, *, row: UUID, private: SecretBytes, public: bytes, another: bool = False
) -> bool:
    """Keep the key that signs checkpoints, sealed by the vault for `row`; whether it was kept.

    There is one already: nothing happens, unless `another` is wanted, which then signs from now
    on. Of the installation only.
    """
    if change.workspace_id != INSTALLATION:
        raise NotFound(_("There is no such workspace."))
    if SigningKey.objects.exists() and not another:
        return change.unchanged(False)
    SigningKey.objects.create(
        workspace_id=INSTALLATION,
        uuid=row,
        public=public,
        sealed=sealer.seal(private, row),
        made_at=change.at,
    )
    installation = Installation.objects.get(pk=INSTALLATION).uuid
    key = base64.b64encode(public).decode()
    change.record(facts.SigningKeyMade(installation=str(installation), public_key=key))
    return True


@operation(Right.RUN)
def note_checkpoint(
    change: Change,
    *,
    sequence: int,
    digest: str,
    signed_at: datetime,
    signature: str,
    places: tuple[str, ...],
    failed: tuple[str, ...] = (),
) -> None:
    """Record that the journal up to an entry was signed and where the checkpoint went.

    `signature` (base64) makes the note again whenever it is wanted.
    """
    if not places:
        raise Invalid(_("A checkpoint that went nowhere is none."), field="places")
    change.record(
        facts.CheckpointExported(
            sequence=sequence,
            digest=digest,
            signed_at=signed_at,
            signature=signature,
            places=places,
            failed=failed,
        )
    )


@operation(Right.RUN)
def note_checkpoint_failed(change: Change, *, failed: tuple[str, ...]) -> None:
    """Record that a checkpoint reached none of its places."""
    change.record(facts.CheckpointFailed(failed=failed))


@operation(Right.RUN)
def note_break(change: Change, *, workspace_id: int, first_bad: int, reason: str) -> bool:
    """Hold a journal in which a break was found; whether that is news.

    Recorded in that journal and in the installation's. From then on verbs that describe the
    register are refused (see `held_back.HELD_BACK`).
    """
    head = _head(workspace_id)
    if head.first_bad == first_bad:
        return change.unchanged(False)
    fact = facts.BreakFound(broken_workspace=workspace_id, first_bad=first_bad, reason=reason)
    _record_in_both(change, workspace_id, fact)
    Head.objects.filter(pk=workspace_id).update(first_bad=first_bad)
    return True


@operation(Right.RUN)
def note_mended(change: Change, *, workspace_id: int) -> bool:
    """Release a journal that was held and holds again; whether that is news."""
    first_bad = _head(workspace_id).first_bad
    if first_bad is None:
        return change.unchanged(False)
    fact = facts.BreakMended(mended_workspace=workspace_id, first_bad=first_bad)
    _record_in_both(change, workspace_id, fact)
    Head.objects.filter(pk=workspace_id).update(first_bad=None)
    return True


@operation(Right.RUN)
def accept_break(change: Change, *, workspace_id: int) -> int:
    """Let a broken journal go on from its present end; returns the number of that entry.

    The break stays where it is, and verification goes on naming it; later checkpoints vouch
    for what comes after. Raises JournalHolds where no break was found.
    """
    head = _head(workspace_id)
    if head.first_bad is None:
        raise JournalHolds(_("No break was found in this journal, so there is nothing to accept."))
    fact = facts.BreakAccepted(
        accepted_workspace=workspace_id,
        first_bad=head.first_bad,
        sequence=head.sequence,
        digest=bytes(head.digest).hex(),
    )
    _record_in_both(change, workspace_id, fact)
    Head.objects.filter(pk=workspace_id).update(first_bad=None)
    return head.sequence


def _head(workspace_id: int) -> Head:
    """The end of a journal, locked. Raises NotFound."""
    head = Head.objects.select_for_update().filter(pk=workspace_id).first()
    if head is None:
        raise NotFound(_("There is no such workspace."))
    return head


def _record_in_both(change: Change, workspace_id: int, fact: Fact) -> None:
    change.record(fact)
    if workspace_id != INSTALLATION:
        change.also(workspace_id).record(fact)


@operation(Right.MANAGE_MEMBERS)
def confirm_clock(change: Change) -> None:
    """Say that the server's clock is right, after it jumped. Later entries begin from its time."""
    alarm = queries.clock_alarm(change.workspace_id)
    if alarm is None:
        return change.unchanged(None)
    change.believe_clock()
    change.record(facts.ClockConfirmed(jumped_sequence=alarm.sequence))
    return None
