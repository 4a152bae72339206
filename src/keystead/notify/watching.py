"""A step of the worker: look around in every workspace."""

import logging

from django.utils.timezone import now

from keystead.journal import queries as journal
from keystead.journal.installation import quarantined_since
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import KeysteadError
from keystead.notify import looking, operations

log = logging.getLogger(__name__)


def collect() -> None:
    """Note in every workspace what people should know. A copy in quarantine is left alone."""
    if quarantined_since() is not None:
        return
    for workspace in journal.workspaces():
        actor = system(workspace.id, "worker")
        try:
            _collect_in(actor)
        except KeysteadError as refusal:
            log.warning("Notices of workspace %s wait: %s", workspace.id, refusal)


def _collect_in(actor: Actor) -> None:
    """Look first: only a reason to write something locks the workspace."""
    is_installation = actor.workspace_id == INSTALLATION
    if looking.is_to_note(actor, now()):
        if is_installation:
            operations.note_failures(actor)
        else:
            operations.look_around(actor)
    if not is_installation and looking.to_tell(actor, now()):
        operations.make_digests(actor)
