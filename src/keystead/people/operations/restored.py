"""What a copy brought back from a backup must not let in."""

from dataclasses import dataclass

from keystead.journal.operation import Change
from keystead.people.models import ApiToken, Invitation, Session
from keystead.people.operations.members import take_back
from keystead.people.operations.tokens import withdraw


@dataclass(frozen=True, slots=True)
class WaysInEnded:
    """How many ways into a workspace were ended."""

    tokens: int
    invitations: int


def end_ways_in(change: Change) -> WaysInEnded:
    """End every API token and open invitation of the change's workspace, and record each."""
    tokens = ApiToken.objects.filter(workspace_id=change.workspace_id, withdrawn_at=None)
    invitations = Invitation.everything.filter(
        workspace_id=change.workspace_id, used_at=None, withdrawn_at=None
    )
    ended = WaysInEnded(len(tokens), len(invitations))
    for token in tokens.order_by("pk"):
        withdraw(change, token)
    for invitation in invitations.order_by("pk"):
        take_back(change, invitation)
    return ended


def end_sign_ins() -> None:
    """Sign everybody out, in the transaction under way."""
    Session.objects.all().delete()
