"""Hardware as a Django application."""

from django.apps import AppConfig


class HardwareConfig(AppConfig):
    """Registers locks, cylinders, containers and codes."""

    name = "keystead.hardware"
    label = "hardware"

    def ready(self) -> None:
        """Say which things belong to which sites; tell the vault which column holds codes."""
        from keystead.hardware import access
        from keystead.hardware.models import Code
        from keystead.hardware.operations.codes import CODE_VALUE
        from keystead.vault import registry

        access.declare()
        registry.register(registry.SealedColumn(Code, "sealed", CODE_VALUE))
