"""Exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers imports and their staged rows."""

    name = "keystead.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Let stories tell the facts of imports, and new workspaces start from templates.

        The vault learns which column holds uploaded files; they are big.
        """
        from keystead.exchange import templates
        from keystead.exchange.facts import FACTS, BackupFailed
        from keystead.exchange.models import Import
        from keystead.exchange.operations.staging import UPLOAD
        from keystead.notify import operations as notify
        from keystead.people.operations import founding
        from keystead.search import story
        from keystead.vault import registry

        story.know(FACTS)
        notify.tell_owners_of({BackupFailed.name: "backup-failed"})
        founding.set_template_filler(templates.fill)
        registry.register(registry.SealedColumn(Import, "sealed", UPLOAD, batch=4))
