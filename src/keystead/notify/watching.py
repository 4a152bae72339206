"""A step of the worker: look around in every workspace."""

import logging

from keystead.journal import queries as journal
from keystead.journal.installation import quarantined_since
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.errors import KeysteadError
from keystead.notify import operations

log = logging.getLogger(__name__)


def collect() -> None:
    """Note in every workspace what people should know. A copy in quarantine is left alone."""
    if quarantined_since() is not None:
        return
    for workspace in journal.workspaces():
        actor = system(workspace.id, "worker")
        try:
            if workspace.id == INSTALLATION:
                operations.note_failures(actor)
            else:
                operations.look_around(actor)
                operations.make_digests(actor)
        except KeysteadError as refusal:
            log.warning("Notices of workspace %s wait: %s", workspace.id, refusal)
