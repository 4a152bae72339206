"""Hardware as a Django application."""

from django.apps import AppConfig


class HardwareConfig(AppConfig):
    """Registers locks, cylinders, containers and codes."""

    name = "keystead.hardware"
    label = "hardware"

    def ready(self) -> None:
        """Say which of its things belong to which sites."""
        from keystead.hardware import access

        access.declare()
