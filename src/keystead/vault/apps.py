"""The vault as a Django application; reads the vault key when a process starts."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Registers the tables of keys."""

    name = "keystead.vault"
    label = "vault"

    def ready(self) -> None:
        """Hold the vault key, if there is one. Whoever needs it without one is told."""
        from keystead.vault import keyring

        keyring.load()
