"""Exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers imports and their staged rows."""

    name = "keystead.exchange"
    label = "exchange"
