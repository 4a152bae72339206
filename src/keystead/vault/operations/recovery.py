"""The recovery key: made, confirmed, and used when the vault key is lost."""

from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret, SecretBytes
from keystead.kernel.words import said as _
from keystead.vault import facts, keyring, wrapping
from keystead.vault.errors import VaultLocked
from keystead.vault.keyring import bound_to
from keystead.vault.models import RecoveryKey, VaultKey, Wrap
from keystead.vault.operations.common import (
    key_in_use,
    living_data_keys,
    recovery_key_in_use,
    require_no_key_change,
)
from keystead.vault.operations.vault_keys import wrap_all


@operation(Right.RUN)
def make_recovery_key(change: Change, *, public_key: bytes) -> str:
    """Wrap every data key for a new recovery key; the one before opens nothing any more.

    Takes only its public half; returns its fingerprint. Raises KeyChangeUnderWay.
    """
    require_no_key_change()
    used = key_in_use()
    if used is None:
        raise VaultLocked(_("The vault was never used. Start Keystead first: keystead up"))
    held, old = keyring.held_as(used.fingerprint), recovery_key_in_use()
    if old is not None:
        Wrap.objects.filter(kind="recovery", by=old.fingerprint).delete()
        old.state = "retired"
        old.save(update_fields=["state"])
    fingerprint = wrapping.public_fingerprint(public_key)
    RecoveryKey.objects.create(
        fingerprint=fingerprint, state="in-use", public=public_key, made_at=change.at
    )
    used.vouches = wrapping.vouch(held.key, public_key)
    used.save(update_fields=["vouches"])
    for key in living_data_keys():
        clear = keyring.data_key(key)
        Wrap.objects.create(
            data_key=key,
            kind="recovery",
            by=fingerprint,
            wrapped=wrapping.wrap_for_recovery(public_key, clear, bound_to(key)),
        )
    change.record(
        facts.RecoveryKeyMade(
            fingerprint=fingerprint, old_fingerprint=old.fingerprint if old else None
        )
    )
    return fingerprint


@operation(Right.RUN)
def confirm_recovery_key(change: Change, *, recovery_key: Secret) -> None:
    """Note that somebody has the recovery key: what they typed opens every data key.

    Raises WrongRecoveryKey.
    """
    row, opened = keyring.opened_with_recovery(recovery_key)
    if any(keyring.data_key(key) != opened[key.pk] for key in living_data_keys()):
        raise VaultLocked(
            _(
                "The recovery key opens other data keys than those in use. Somebody may have "
                "changed the database. Make a new one: keystead vault new-recovery-key"
            ),
            fingerprint=row.fingerprint,
        )
    if row.confirmed_at is None:
        row.confirmed_at = change.at
        row.save(update_fields=["confirmed_at"])
    change.record(facts.RecoveryKeyConfirmed(fingerprint=row.fingerprint))


@operation(Right.RUN)
def recover(change: Change, *, recovery_key: Secret, vault_key: SecretBytes) -> int:
    """Put a new vault key in use with nothing but the recovery key; how many data keys it opens.

    The vault key that was lost opens nothing here any more. Raises WrongRecoveryKey.
    """
    row, data_keys = keyring.opened_with_recovery(recovery_key)
    new, used = wrapping.fingerprint(vault_key), key_in_use()
    VaultKey.objects.exclude(state="retired").update(state="retired", vouches=None)
    Wrap.objects.filter(kind="vault").delete()
    VaultKey.objects.update_or_create(
        fingerprint=new,
        defaults={
            "state": "in-use",
            "added_at": change.at,
            "vouches": wrapping.vouch(vault_key, bytes(row.public)),
        },
    )
    wrap_all(vault_key, new, data_keys)
    change.record(
        facts.VaultKeyPutInUse(
            fingerprint=new,
            old_fingerprint=used.fingerprint if used else None,
            reason="recovery",
        )
    )
    return len(data_keys)
