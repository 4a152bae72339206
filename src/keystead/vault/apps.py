"""The vault as a Django application; hands the journal what seals its signing key."""

from uuid import UUID

from django.apps import AppConfig

PURPOSE = "journal.signing-key"


class VaultConfig(AppConfig):
    """Keeps secrets; the contexts below get from here what they seal with."""

    name = "keystead.vault"
    label = "vault"

    def ready(self) -> None:
        """Let the journal keep the key that signs checkpoints."""
        from keystead.journal import signing
        from keystead.kernel.actor import INSTALLATION
        from keystead.vault import sealing

        def seal(clear: bytes, row: UUID) -> bytes:
            return sealing.seal(clear, workspace_id=INSTALLATION, row=row, purpose=PURPOSE)

        def open_sealed(sealed: bytes, row: UUID) -> bytes:
            return sealing.open_bytes(sealed, workspace_id=INSTALLATION, row=row, purpose=PURPOSE)

        signing.hand_in(seal, open_sealed)
