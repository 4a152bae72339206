"""What scenarios share: the cast in a workspace whose clock may be set."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import World
    from tests.support.databases import Database


@pytest.fixture
def demo(database: "Database") -> "World":
    """The cast in a demonstration, where actors may act at any time."""
    from tests import cast

    return cast.found_world(is_demo=True)
