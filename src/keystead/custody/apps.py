"""Custody as a Django application."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Registers stays, loans and incidents; hands the check of stays to verification."""

    name = "keystead.custody"
    label = "custody"

    def ready(self) -> None:
        """Say which things belong to which sites; let verification compare where copies are."""
        from keystead.custody import access
        from keystead.custody.queries.checking import WhereaboutsCheck
        from keystead.journal import verify

        access.declare()
        verify.set_check("whereabouts", WhereaboutsCheck)
