"""Exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers imports and their staged rows."""

    name = "keystead.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Let stories tell the facts of imports."""
        from keystead.exchange.facts import FACTS
        from keystead.search import story

        story.know(FACTS)
