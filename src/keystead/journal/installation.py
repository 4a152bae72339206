"""What is true of the installation as a whole."""

from datetime import datetime
from uuid import UUID

from keystead.journal.models import Installation
from keystead.kernel.actor import INSTALLATION


def installation_id() -> UUID:
    """The random number that tells this installation from every other; copies share it."""
    return Installation.objects.get(pk=INSTALLATION).uuid


def quarantined_since() -> datetime | None:
    """Since when (aware UTC) this copy is held back: it sends nothing. None: it is in use."""
    return Installation.objects.values_list("quarantined_at", flat=True).get(pk=INSTALLATION)
