"""Passwords that are cheap to compare, and a count of how often they were."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cast import World
    from tests.support.databases import Database


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.support.hashing.Counted"]


@pytest.fixture
def world(database: "Database") -> "World":
    """The cast set up for each test, with these passwords."""
    from tests import cast

    return cast.found_world()


@pytest.fixture
def evaluated(database: "Database") -> Callable[[], int]:
    """How many passwords were compared or hashed since the last call."""
    from tests.support.hashing import Counted

    def since() -> int:
        found, Counted.evaluated = Counted.evaluated, 0
        return found

    return since
