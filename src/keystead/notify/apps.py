"""Notices as a Django application; hands the outbox to those below at start-up."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Registers notices, deliveries and when to tell."""

    name = "keystead.notify"
    label = "notify"

    def ready(self) -> None:
        """Let letters about sign-ins go into the outbox."""
        from keystead.notify import outbox
        from keystead.people import letters

        letters.set_outbox(outbox.put_letter)
