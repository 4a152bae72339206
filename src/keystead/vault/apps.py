"""The vault as a Django application; reads the vault key when a process starts."""

from uuid import UUID

from django.apps import AppConfig, apps

SIGNING_KEY = "journal.signing-key"


class VaultConfig(AppConfig):
    """Registers the tables of keys; the contexts below get from here what they seal with."""

    name = "keystead.vault"
    label = "vault"

    def ready(self) -> None:
        """Hold the vault key, if there is one, and let the journal keep its signing key sealed.

        Whoever needs the vault key without one is told.
        """
        from keystead.journal import sealer
        from keystead.kernel.actor import INSTALLATION
        from keystead.kernel.secret import SecretBytes
        from keystead.vault import keyring, registry, sealing

        def seal(clear: SecretBytes, row: UUID) -> bytes:
            return sealing.seal(
                clear.reveal(), workspace_id=INSTALLATION, row=row, purpose=SIGNING_KEY
            )

        def open_sealed(sealed: bytes, row: UUID) -> SecretBytes:
            return SecretBytes(
                sealing.open_bytes(sealed, workspace_id=INSTALLATION, row=row, purpose=SIGNING_KEY)
            )

        sealer.hand_in(seal, open_sealed)
        keys = apps.get_model("journal", "SigningKey")
        registry.register(registry.SealedColumn(keys, "sealed", SIGNING_KEY))
        keyring.load()
