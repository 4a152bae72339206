"""A vault key of one's own, for tests that replace it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


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
