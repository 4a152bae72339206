"""Custody as a Django application."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Registers stays, loans and incidents."""

    name = "keystead.custody"
    label = "custody"

    def ready(self) -> None:
        """Say which of its things belong to which sites."""
        from keystead.custody import access

        access.declare()
