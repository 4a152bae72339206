"""Replacing the vault key in two steps, so that whoever holds either key can work meanwhile."""

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.secret import SecretBytes
from keystead.kernel.words import said as _
from keystead.vault import facts, keyring, wrapping
from keystead.vault.errors import VaultLocked
from keystead.vault.keyring import bound_to
from keystead.vault.models import DataKey, VaultKey, Wrap
from keystead.vault.operations.common import (
    key_in_use,
    living_data_keys,
    prepared_key,
    recovery_key_in_use,
    vouched,
)


@operation(Right.RUN)
def prepare_vault_key(change: Change, *, vault_key: SecretBytes) -> str:
    """Wrap every data key with a new vault key, too; returns its fingerprint.

    The one in use stays so until `put_vault_key_in_use`. One prepared before is given up.
    """
    new = wrapping.fingerprint(vault_key)
    used = key_in_use()
    if used is None:
        raise VaultLocked(_("The vault was never used, so there is nothing to rotate yet."))
    prepared = prepared_key()
    if prepared is not None and prepared.fingerprint == new:
        return change.unchanged(new)
    if VaultKey.objects.filter(pk=new).exists():
        raise Invalid(_("This vault had that key before. Use a new one."), field="vault_key")
    held = keyring.held_as(used.fingerprint)
    if prepared is not None:
        _give_up(prepared)
    row = VaultKey(fingerprint=new, state="prepared", added_at=change.at)
    if (recovery := recovery_key_in_use()) is not None:
        row.vouches = wrapping.vouch(vault_key, vouched(recovery, held))
    row.save(force_insert=True)
    wrap_all(vault_key, new, {key.pk: keyring.data_key(key) for key in living_data_keys()})
    change.record(facts.VaultKeyPrepared(fingerprint=new))
    return new


@operation(Right.RUN)
def put_vault_key_in_use(change: Change) -> None:
    """Let the prepared vault key, which this process must hold, be the only one."""
    used, prepared = key_in_use(), prepared_key()
    if used is None or prepared is None:
        return change.unchanged(None)
    keyring.held_as(prepared.fingerprint)
    unwrapped = (key for key in living_data_keys() if not _is_wrapped(key, prepared.fingerprint))
    if any(unwrapped):
        raise VaultLocked(
            _("The new vault key does not open everything. Run keystead vault rotate --kek again.")
        )
    _give_up(used)
    prepared.state = "in-use"
    prepared.save(update_fields=["state"])
    change.record(
        facts.VaultKeyPutInUse(
            fingerprint=prepared.fingerprint, old_fingerprint=used.fingerprint, reason="rotation"
        )
    )
    return None


def wrap_all(vault_key: SecretBytes, fingerprint: str, data_keys: dict[int, SecretBytes]) -> None:
    """Wrap these data keys, given by their row's id, with a vault key."""
    rows = DataKey.objects.filter(pk__in=data_keys)
    Wrap.objects.bulk_create(
        (
            Wrap(
                data_key=row,
                kind="vault",
                by=fingerprint,
                wrapped=wrapping.wrap(vault_key, data_keys[row.pk], bound_to(row)),
            )
            for row in rows
        ),
        batch_size=500,
    )


def _give_up(row: VaultKey) -> None:
    Wrap.objects.filter(kind="vault", by=row.fingerprint).delete()
    row.state, row.vouches = "retired", None
    row.save(update_fields=["state", "vouches"])


def _is_wrapped(key: DataKey, fingerprint: str) -> bool:
    return Wrap.objects.filter(data_key=key, kind="vault", by=fingerprint).exists()
