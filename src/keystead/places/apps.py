"""Places as a Django application."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Registers sites, spaces and access points."""

    name = "keystead.places"
    label = "places"

    def ready(self) -> None:
        """Say which of its things belong to which sites."""
        from keystead.places import access

        access.declare()
