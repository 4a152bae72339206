"""What people do about a journal itself."""

from keystead.journal import facts, queries
from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right


@operation(Right.MANAGE_MEMBERS)
def confirm_clock(change: Change) -> None:
    """Say that the server's clock is right, after it jumped. Later entries begin from its time."""
    alarm = queries.clock_alarm(change.workspace_id)
    if alarm is None:
        return change.unchanged(None)
    change.believe_clock()
    change.record(facts.ClockConfirmed(jumped_sequence=alarm.sequence))
    return None
