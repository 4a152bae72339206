"""What is recorded about backups, in the journal of the installation."""

from collections.abc import Sequence

from keystead.exchange import facts
from keystead.exchange.queries.backups import Checkpoint
from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right


@operation(Right.RUN)
def note_backup_made(
    change: Change,
    *,
    file_name: str,
    size: int,
    file_digest: str,
    recipients: int,
    checkpoints: Sequence[Checkpoint],
    broken_journals: int = 0,
) -> None:
    """Record a backup that lies whole in its folder; `size` in bytes, `file_digest` SHA-256."""
    change.record(
        facts.BackupMade(
            file_name=file_name,
            size=size,
            file_digest=file_digest,
            recipients=recipients,
            checkpoints=tuple(one.plain() for one in checkpoints),
            broken_journals=broken_journals,
        )
    )


@operation(Right.RUN)
def note_backup_failed(change: Change, *, reason: str) -> None:
    """Record that a backup could not be made. `reason` is a stable word, never a sentence."""
    change.record(facts.BackupFailed(reason=reason))


@operation(Right.RUN)
def note_backup_key(change: Change, *, recipient: str, is_locked: bool) -> None:
    """Record that a key was made that can open backups from now on; only its public half."""
    change.record(facts.BackupKeyMade(recipient=recipient, is_locked=is_locked))
