"""A vault key of one's own, for tests that replace it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import World
    from tests.support.databases import Database


@pytest.fixture
def world(database: "Database") -> "World":
    """The cast set up for each test, under its own vault key."""
    from tests import cast

    return cast.found_world()


@pytest.fixture
def key_file(tmp_path: Path) -> Iterator[Path]:
    """A new vault key, held by this process and named to others until the test ends."""
    from keystead.vault import keyring, source, wrapping

    before = os.environ["KEYSTEAD_VAULT_KEY_FILE"]
    path = tmp_path / "keys" / "vault.key"
    source.make(path, wrapping.new_key())
    os.environ["KEYSTEAD_VAULT_KEY_FILE"] = str(path)
    keyring.forget()
    keyring.load()
    yield path
    os.environ["KEYSTEAD_VAULT_KEY_FILE"] = before
    keyring.forget()
    keyring.load()
