"""Sealing values anew with the newest data key of their workspace, a batch at a time."""

from dataclasses import dataclass

from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right
from keystead.vault import envelope, facts, keyring, sealing
from keystead.vault.envelope import Header, Place
from keystead.vault.errors import CannotOpen
from keystead.vault.models import DataKey, Wrap
from keystead.vault.registry import COLUMNS


@dataclass(frozen=True, slots=True)
class Resealed:
    """One batch: how many values were sealed anew, how many could not be opened, where it ended.

    `last_id` is None once no row is left to look at.
    """

    values: int
    unreadable: int
    last_id: int | None


@operation(Right.RUN)
def reseal(change: Change, *, purpose: str, after_id: int = 0) -> Resealed:
    """Seal the next batch of the workspace's values for `purpose` anew, by id from `after_id` on.

    Values that cannot be opened stay as they are.
    """
    column = COLUMNS[purpose]
    key = DataKey.objects.get(workspace_id=change.workspace_id, state="active")
    old = column.sealed_otherwise(change.workspace_id, key.version).filter(pk__gt=after_id)
    batch = list(old.order_by("pk").values_list("pk", column.row, column.field)[: column.batch])
    if not batch:
        return change.unchanged(Resealed(0, 0, None))
    header, clear = Header(key.version, bytes.fromhex(key.handle)), keyring.data_key(key)
    unreadable = 0
    for pk, row, sealed in batch:
        place = Place(change.workspace_id, row, purpose)
        try:
            opened = sealing.opened(bytes(sealed), place)
        except CannotOpen:
            unreadable += 1
            continue
        anew = envelope.seal(opened, clear, header, place)
        column.model._base_manager.filter(pk=pk).update(**{column.field: anew})
    done = Resealed(len(batch) - unreadable, unreadable, batch[-1][0])
    if not done.values:
        return change.unchanged(done)
    change.record(
        facts.ValuesResealed(
            purpose=purpose, version=key.version, values=done.values, unreadable=unreadable
        )
    )
    return done


@operation(Right.RUN)
def retire_data_keys(change: Change) -> int:
    """Destroy the workspace's replaced data keys that no value is sealed with; how many."""
    retired = 0
    for key in DataKey.objects.filter(workspace_id=change.workspace_id, state="replaced"):
        if any(
            column.sealed_with(change.workspace_id, key.version).exists()
            for column in COLUMNS.values()
        ):
            continue
        Wrap.objects.filter(data_key=key).delete()
        key.state, key.retired_at = "retired", change.at
        key.save(update_fields=["state", "retired_at"])
        change.record(facts.DataKeyRetired(version=key.version))
        retired += 1
    return retired or change.unchanged(0)
