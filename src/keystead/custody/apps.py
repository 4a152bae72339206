"""Custody as a Django application."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Registers stays, loans and incidents; hands the check of stays to verification."""

    name = "keystead.custody"
    label = "custody"

    def ready(self) -> None:
        """Let the journal's verification compare where every copy is."""
        from keystead.custody.queries.checking import WhereaboutsCheck
        from keystead.journal import verify

        verify.set_check("whereabouts", WhereaboutsCheck)
