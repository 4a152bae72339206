"""A live server on loopback for each test that asks, and the command line signed in to it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import World
    from tests.transports.cli.terminal import Commands, Typed


@pytest.fixture(autouse=True)
def _own_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("LANG", "en")


@pytest.fixture
def url(world: "World") -> Iterator[str]:
    """The address of a server on the world's database."""
    from tests.support.serving import serving

    with serving() as address:
        yield address


@pytest.fixture
def anonymous() -> "Typed":
    """Types a command, signed in to nothing."""
    from tests.transports.cli import terminal

    return terminal.typing


@pytest.fixture
def typed(world: "World", url: str, anonymous: "Typed") -> "Typed":
    """Types a command as Ana."""
    from tests.transports.api.things import token
    from tests.transports.cli import terminal

    terminal.sign_in(anonymous, url, world.slug, token(world.ana))
    return anonymous


@pytest.fixture
def ana(typed: "Typed") -> "Commands":
    """Ana at her terminal."""
    from tests.transports.cli import terminal

    return terminal.Commands(typed)
