"""What can be done with imports, backups and copies brought back: one function per verb."""

from keystead.exchange.operations.applying import (
    Applied,
    apply_rows,
    begin_import,
    stop_import,
    undo_import,
)
from keystead.exchange.operations.backups import (
    note_backup_failed,
    note_backup_key,
    note_backup_made,
)
from keystead.exchange.operations.quarantine import (
    after_restoring,
    begin_quarantine,
    end_quarantine,
    forget_replay,
    hold_back_restored,
    note_place,
)
from keystead.exchange.operations.staging import discard_import, prepare, stage
from keystead.exchange.operations.together import Outcome, one_by_one, together

__all__ = [
    "Applied",
    "Outcome",
    "after_restoring",
    "apply_rows",
    "begin_import",
    "begin_quarantine",
    "discard_import",
    "end_quarantine",
    "forget_replay",
    "hold_back_restored",
    "note_backup_failed",
    "note_backup_key",
    "note_backup_made",
    "note_place",
    "one_by_one",
    "prepare",
    "stage",
    "stop_import",
    "together",
    "undo_import",
]
