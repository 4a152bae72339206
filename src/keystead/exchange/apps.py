"""Exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers imports and their staged rows."""

    name = "keystead.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Let stories tell the facts of imports, and new workspaces start from templates."""
        from keystead.exchange import templates
        from keystead.exchange.facts import FACTS
        from keystead.people.operations import founding
        from keystead.search import story

        story.know(FACTS)
        founding.set_template_filler(templates.fill)
