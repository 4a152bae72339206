"""Saying that the demonstration is complete."""

from keystead.exchange import facts
from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right


@operation(Right.RUN)
def note_demonstration_loaded(change: Change) -> None:
    """Record, in the installation's journal, that the demonstration has its whole history."""
    change.record(facts.DemonstrationLoaded())
