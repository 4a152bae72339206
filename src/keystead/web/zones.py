"""The zone a page speaks in: the site's where its things are kept at one, else the workspace's."""

from django.utils import timezone

from keystead.hardware import queries as hardware
from keystead.places import queries as places
from keystead.web.http import Request
from keystead.web.picking import Picked


def of_container(request: Request, container_id: int | None) -> None:
    """From here on times are told in the zone of the site where this container stands."""
    if container_id is None:
        return
    site_id = hardware.container(request.actor, container_id).site_id
    of_site(request, site_id)


def of_site(request: Request, site_id: int) -> None:
    """From here on times are told in the zone of this site."""
    timezone.activate(places.zone_of_site(request.actor, site_id))


def of_picked(request: Request, picked: Picked) -> None:
    """The zone of the one container all of these belong into, if there is just one."""
    homes = {piece.copy.home_container_id for piece in picked.pieces}
    if len(homes) == 1 and (home := homes.pop()) is not None:
        of_container(request, home)
