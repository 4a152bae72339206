"""What the operations on keys share."""

from keystead.kernel.words import said as _
from keystead.vault import wrapping
from keystead.vault.errors import KeyChangeUnderWay, VaultLocked
from keystead.vault.keyring import Held
from keystead.vault.models import DataKey, RecoveryKey, VaultKey


def key_in_use() -> VaultKey | None:
    """The vault key in use; None before the first start."""
    return VaultKey.objects.filter(state="in-use").first()


def prepared_key() -> VaultKey | None:
    """The vault key that is about to replace it, if any."""
    return VaultKey.objects.filter(state="prepared").first()


def require_no_key_change() -> None:
    """Raise KeyChangeUnderWay while two vault keys wrap the data keys."""
    if (prepared := prepared_key()) is not None:
        raise KeyChangeUnderWay(
            _(
                "The vault's key is being replaced. Finish that first: start Keystead with the new "
                "key, or run keystead vault rotate --kek again."
            ),
            fingerprint=prepared.fingerprint,
        )


def recovery_key_in_use() -> RecoveryKey | None:
    """The recovery key in use, if one was made."""
    return RecoveryKey.objects.filter(state="in-use").first()


def living_data_keys() -> list[DataKey]:
    """The data keys that open something, by workspace and version."""
    return list(DataKey.objects.exclude(state="retired").order_by("workspace_id", "version"))


def vouched(recovery: RecoveryKey, vault_key: Held) -> bytes:
    """Its public half, if the vault key in use vouches for it. Raises VaultLocked.

    Without this, whoever can write to the database could have all new data keys wrapped for
    themselves.
    """
    public = bytes(recovery.public)
    proof = VaultKey.objects.values_list("vouches", flat=True).get(pk=vault_key.fingerprint)
    if proof is None or not wrapping.is_vouched(vault_key.key, public, bytes(proof)):
        raise VaultLocked(
            _(
                "The recovery key in the database was not put there by Keystead. Somebody may have "
                "changed the database. Make a new one: keystead vault new-recovery-key"
            ),
            fingerprint=recovery.fingerprint,
        )
    return public
