"""Custody as a Django application."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Registers stays, loans and incidents."""

    name = "keystead.custody"
    label = "custody"
