"""What can be done with imports: one function per verb."""

from keystead.exchange.operations.applying import Applied, apply_rows, undo_import
from keystead.exchange.operations.staging import discard_import, prepare, stage

__all__ = ["Applied", "apply_rows", "discard_import", "prepare", "stage", "undo_import"]
