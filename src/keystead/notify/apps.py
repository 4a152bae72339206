"""Notices as a Django application."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Registers notices, deliveries and when to tell."""

    name = "keystead.notify"
    label = "notify"
