"""The cast at their browsers. Django is imported late: settings are not ready at load time."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import World
    from tests.transports.web.pages import OldWorld, Pages


@pytest.fixture
def ana_at(world: "World") -> "Pages":
    """Ana runs the key room."""
    from tests.transports.web.pages import Pages

    return Pages(world.ana, world.slug)


@pytest.fixture
def bo_at(world: "World") -> "Pages":
    """Bo borrows."""
    from tests.transports.web.pages import Pages

    return Pages(world.bo, world.slug)


@pytest.fixture
def auditor_at(world: "World") -> "Pages":
    """Somebody who sees everything and changes nothing."""
    from keystead.people.roles import Role
    from tests.cast import member
    from tests.transports.web.pages import Pages

    return Pages(member(world.ana, "Dee", Role.AUDITOR), world.slug)


@pytest.fixture
def cy_at(world: "World") -> "Pages":
    """Cy is a stranger, at the address of Ana's workspace."""
    from tests.transports.web.pages import Pages

    return Pages(world.cy, world.slug)


@pytest.fixture
def old_world(demo: "World") -> "OldWorld":
    """A demonstration with a past."""
    from tests.transports.web import pages

    return pages.old_world(demo)
