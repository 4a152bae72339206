"""Taking containers and places out of use, once no copy and nothing else is left there."""

from keystead.custody.errors import StillInUse
from keystead.custody.models import Stay
from keystead.hardware import operations as hardware
from keystead.hardware.models import IS_OPEN, Container
from keystead.journal.operation import Change, operation
from keystead.journal.rows import one, within
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys import operations as keys
from keystead.places import operations as places
from keystead.places.models import Site, Space


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_container(change: Change, *, container_id: int) -> None:
    """Take an empty container out of use. Raises StillInUse while copies are in it."""
    one(change, Container, container_id, "container")
    inside = within(change, Stay).filter(IS_OPEN, container_id=container_id).count()
    if inside:
        raise StillInUse(
            _("There are still %(inside)s keys in it. Move them first.", inside=inside),
            container_id=container_id,
        )
    hardware.retire_container(change, container_id=container_id)
    keys.forget_home(change, container_id=container_id)


@operation(Right.EDIT_REGISTER)
def retire_site(change: Change, *, site_id: int) -> None:
    """Take a site out of use. Raises StillInUse, naming what is still in force on it."""
    site = one(change, Site, site_id, "site")
    places.require_nothing_left(
        site.name, within(change, Container).filter(site=site, retired_at=None)
    )
    places.retire_site(change, site_id=site_id)


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_space(change: Change, *, space_id: int) -> None:
    """Take a space out of use. Raises StillInUse while copies are there or anything is in it."""
    space = one(change, Space, space_id, "space")
    held = within(change, Stay).filter(IS_OPEN, space_id=space_id).count()
    if held:
        raise StillInUse(
            _(
                "%(name)s still has %(held)s keys. Take them back first.",
                name=space.name,
                held=held,
            ),
            space_id=space_id,
        )
    places.require_nothing_left(
        space.name, within(change, Container).filter(space=space, retired_at=None)
    )
    places.retire_space(change, space_id=space_id)
