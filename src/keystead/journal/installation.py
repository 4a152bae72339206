"""What is true of the installation as a whole. Only operations call what writes."""

from datetime import datetime
from uuid import UUID

from keystead.journal.models import Installation
from keystead.journal.operation import Change
from keystead.kernel.actor import INSTALLATION


def installation_id() -> UUID:
    """The random number that tells this installation from every other; copies share it."""
    return Installation.objects.get(pk=INSTALLATION).uuid


def quarantined_since() -> datetime | None:
    """Since when (aware UTC) this copy is held back: it sends nothing. None: it is in use."""
    return Installation.objects.values_list("quarantined_at", flat=True).get(pk=INSTALLATION)


def hold_back(change: Change) -> bool:
    """Quarantine this copy from now on, in this change; whether it was not before."""
    free = Installation.objects.filter(pk=INSTALLATION, quarantined_at=None)
    return free.update(quarantined_at=change.at) == 1


def let_go(change: Change) -> bool:
    """End the quarantine in this change; whether there was one."""
    held = Installation.objects.filter(pk=INSTALLATION, quarantined_at__isnull=False)
    return held.update(quarantined_at=None) == 1
