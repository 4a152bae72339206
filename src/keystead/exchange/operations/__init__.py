"""What can be done with imports: one function per verb."""

from keystead.exchange.operations.applying import (
    Applied,
    apply_rows,
    begin_import,
    stop_import,
    undo_import,
)
from keystead.exchange.operations.staging import discard_import, prepare, stage
from keystead.exchange.operations.together import Outcome, one_by_one, together

__all__ = [
    "Applied",
    "Outcome",
    "apply_rows",
    "begin_import",
    "discard_import",
    "one_by_one",
    "prepare",
    "stage",
    "stop_import",
    "together",
    "undo_import",
]
