"""Keys as a Django application."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Registers key systems, keys, copies, rings and tags."""

    name = "keystead.keys"
    label = "keys"

    def ready(self) -> None:
        """Say which of its things belong to which sites."""
        from keystead.keys import access

        access.declare()
