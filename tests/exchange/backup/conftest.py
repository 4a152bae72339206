"""A data folder and recipients of each test's own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty data folder, and a key that opens backups."""
    from tests.exchange.backup import places

    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("KEYSTEAD_DATA", str(folder))
    monkeypatch.setenv("KEYSTEAD_BACKUP_RECIPIENTS", places.KEY.recipient)
    return folder


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """The folder for backups."""
    folder = tmp_path / "to"
    folder.mkdir()
    return folder
