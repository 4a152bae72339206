"""The web pages as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers templates, static files and the start-up checks of the route table."""

    name = "keystead.web"
    label = "web"

    def ready(self) -> None:
        """Let start-up fail where something callable has no row in the permission table."""
        from django.core.checks import register

        from keystead import checks

        register(checks.every_door_has_a_row)
        register(checks.no_debugging_in_public)
