"""What a workspace asks of those who hand copies out."""

from keystead.custody import errors, facts, rules
from keystead.custody.models import HandingRule
from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _


@operation(Right.MANAGE_MEMBERS)
def require_purpose(change: Change, *, is_required: bool) -> None:
    """Say whether copies go out, or from one person to another, only with a purpose.

    Loans of the past, typed in later from a paper log, never need one.
    """
    if needs_purpose(change) == is_required:
        return change.unchanged(None)
    HandingRule.objects.update_or_create(
        pk=change.workspace_id, defaults={"needs_purpose": is_required}
    )
    change.record(facts.PurposeRequired() if is_required else facts.PurposeOptional())
    return None


def needs_purpose(change: Change) -> bool:
    """Whether this workspace wants a purpose."""
    return HandingRule.objects.filter(pk=change.workspace_id, needs_purpose=True).exists()


def insist_on_purpose(change: Change, purpose: str | None) -> None:
    """Raise PurposeNeeded where the workspace wants a purpose and none was given."""
    if rules.lacks_purpose(needs_purpose(change), purpose):
        raise errors.PurposeNeeded(
            _("Say what for. Here nothing goes out without a purpose."), field="purpose"
        )
