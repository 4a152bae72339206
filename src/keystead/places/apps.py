"""Places as a Django application."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Registers sites, spaces and access points."""

    name = "keystead.places"
    label = "places"
