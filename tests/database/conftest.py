"""A database of these tests' own: a file, one small journal, no migrations."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from keystead.database.sqlite.base import DatabaseWrapper
from tests.database.programs import database

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

SCHEMA = (
    "CREATE TABLE entry (sequence INTEGER PRIMARY KEY, writer TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX entry_writer ON entry (writer, body)",
    "CREATE TABLE head (sequence INTEGER NOT NULL)",
    "INSERT INTO head VALUES (0)",
)
Connect = Callable[..., DatabaseWrapper]


@pytest.fixture
def connect(
    tmp_path: Path, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[Callable[..., DatabaseWrapper]]:
    """Makes connections to one file, each under an alias of its own; closed after the test."""
    made: list[str] = []

    def make(
        path: Path | str = tmp_path / "register.sqlite3", *, timeout: float = 60
    ) -> DatabaseWrapper:
        alias = f"own{len(made)}"
        described = {"default": {}, alias: database(Path(path), timeout)}
        if str(path) == ":memory:":
            described[alias]["NAME"] = ":memory:"
        connections.settings[alias] = connections.configure_settings(described)[alias]
        made.append(alias)
        connection = connections[alias]
        assert isinstance(connection, DatabaseWrapper)
        return connection

    with django_db_blocker.unblock():
        yield make
        for alias in made:
            connections[alias].close()
            del connections[alias], connections.settings[alias]


@pytest.fixture
def register(connect: Connect, tmp_path: Path) -> Path:
    """The path of a small journal with a head."""
    with connect().cursor() as cursor:
        for statement in SCHEMA:
            cursor.execute(statement)
    return tmp_path / "register.sqlite3"
