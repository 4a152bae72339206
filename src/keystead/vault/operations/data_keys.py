"""Making data keys: one for each workspace, and new versions.

Data keys are made only under the head of the installation's journal, as vault and recovery keys
are replaced there: so none is made that a key just put in use does not wrap.
"""

import secrets

from keystead.journal.models import Workspace
from keystead.journal.operation import Change, operation
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.rights import Right
from keystead.vault import facts, keyring, wrapping
from keystead.vault.keyring import Held, bound_to
from keystead.vault.models import DataKey, RecoveryKey, VaultKey, Wrap
from keystead.vault.operations.common import (
    key_in_use,
    recovery_key_in_use,
    require_no_key_change,
    vouched,
)


@operation(Right.RUN)
def prepare(change: Change) -> int:
    """Put the vault key of this process in use, if none is, and make missing data keys.

    Returns how many were made. Raises VaultLocked for another vault key than the one in use.
    """
    was_begun = VaultKey.objects.exists()
    vault_key = _vault_key(change)
    have = DataKey.objects.filter(state="active").values("workspace_id")
    missing = Workspace.objects.exclude(pk__in=have).order_by("pk")
    made = 0
    for workspace_id in missing.values_list("pk", flat=True):
        _make(change, _there(change, workspace_id), vault_key)
        made += 1
    if made:
        change.record(facts.DataKeysMade(data_keys=made, reason="missing"))
    return made if made or not was_begun else change.unchanged(0)


def equip(change: Change, there: Change) -> None:
    """Make the first data key of the workspace of `there`, in the installation's change.

    The installation gets its own with the first workspace.
    """
    for one in (change, there):
        if not DataKey.objects.filter(workspace_id=one.workspace_id).exists():
            _make(change, one, _vault_key(change))


@operation(Right.RUN)
def begin_rotation(change: Change) -> int:
    """Make a new version of every data key; from now on secrets are sealed with it.

    Values sealed before open as before, until each is sealed anew. Returns how many were made.
    Raises KeyChangeUnderWay.
    """
    vault_key = _vault_key(change)
    active = list(DataKey.objects.filter(state="active").order_by("workspace_id"))
    for old in active:
        old.state = "replaced"
        old.save(update_fields=["state"])
        _make(change, _there(change, old.workspace_id), vault_key)
    if not active:
        return change.unchanged(0)
    change.record(facts.DataKeysMade(data_keys=len(active), reason="rotation"))
    return len(active)


def _there(change: Change, workspace_id: int) -> Change:
    return change if workspace_id == INSTALLATION else change.also(workspace_id)


def _vault_key(change: Change) -> Held:
    """The vault key in use; on an empty installation the one this process holds becomes it."""
    require_no_key_change()
    used = key_in_use()
    if used is not None:
        return keyring.held_as(used.fingerprint)
    held = keyring.held()
    VaultKey.objects.create(fingerprint=held.fingerprint, state="in-use", added_at=change.at)
    change.record(
        facts.VaultKeyPutInUse(
            fingerprint=held.fingerprint, old_fingerprint=None, reason="first-start"
        )
    )
    return held


def _make(change: Change, there: Change, vault_key: Held) -> None:
    """Make the next version of a workspace's data key, wrapped for every key that opens it."""
    last = DataKey.objects.filter(workspace_id=there.workspace_id).order_by("-version").first()
    row = DataKey.objects.create(
        workspace_id=there.workspace_id,
        version=last.version + 1 if last else 1,
        handle=secrets.token_hex(8),
        made_at=change.at,
    )
    clear = wrapping.new_key()
    Wrap.objects.create(
        data_key=row,
        kind="vault",
        by=vault_key.fingerprint,
        wrapped=wrapping.wrap(vault_key.key, clear, bound_to(row)),
    )
    recovery = recovery_key_in_use()
    if recovery is not None:
        _wrap_for(recovery, vault_key, row)
    there.record(facts.DataKeyMade(version=row.version))


def _wrap_for(recovery: RecoveryKey, vault_key: Held, row: DataKey) -> None:
    public = vouched(recovery, vault_key)
    Wrap.objects.create(
        data_key=row,
        kind="recovery",
        by=recovery.fingerprint,
        wrapped=wrapping.wrap_for_recovery(public, keyring.data_key(row), bound_to(row)),
    )
