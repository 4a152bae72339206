"""To which sites whereabouts and incidents belong: those of their copies and rings."""

from keystead.custody.models import Incident, Stay
from keystead.hardware.models import IS_OPEN
from keystead.journal import reach
from keystead.journal.reach import Ground, Rows
from keystead.keys.models import Copy, Ring


def _kept(ground: Ground) -> Rows:
    """Copies that lie in a container there now."""
    return ground.at(Stay.objects.filter(IS_OPEN), "container__site_id").values("copy_id")


def _held(ground: Ground) -> Rows:
    """Copies that a place there has now."""
    return ground.at(Stay.objects.filter(IS_OPEN), "space__site_id").values("copy_id")


def _incidents_of_copies(ground: Ground) -> Rows:
    rows = Incident.everything.filter(workspace_id=ground.workspace_id)
    return rows.filter(copy_id__in=ground.ids(Copy)).values("pk")


def _incidents_of_rings(ground: Ground) -> Rows:
    rows = Incident.everything.filter(workspace_id=ground.workspace_id)
    return rows.filter(ring_id__in=ground.ids(Ring)).values("pk")


def declare() -> None:
    """Tell it to whoever looks after a site."""
    reach.tie(Copy, _kept, lasts=False)
    reach.tie(Copy, _held, lasts=False)
    reach.follow(Stay, "copy_id", Copy)
    reach.tie(Incident, _incidents_of_copies, kind="incident")
    reach.tie(Incident, _incidents_of_rings)
