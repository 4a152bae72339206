"""The web pages as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers templates, static files and the start-up checks of the route table."""

    name = "keystead.web"
    label = "web"
