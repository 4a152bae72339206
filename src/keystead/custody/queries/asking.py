"""What a workspace asks of those who hand copies out."""

from keystead.custody.models import HandingRule
from keystead.journal.operation import scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right


def purpose_required(actor: Actor) -> bool:
    """Whether copies go out here only with a purpose."""
    scope_of(actor, Right.SEE_OWN)
    return HandingRule.objects.filter(pk=actor.workspace_id, needs_purpose=True).exists()
