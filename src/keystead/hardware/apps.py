"""Hardware as a Django application."""

from django.apps import AppConfig


class HardwareConfig(AppConfig):
    """Registers locks, cylinders, containers and codes."""

    name = "keystead.hardware"
    label = "hardware"
