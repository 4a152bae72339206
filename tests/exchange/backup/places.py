"""Places to bring backups back to, and what is in them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from django.db import connections

from keystead.cli.acting import local_actor
from keystead.exchange.backup import keys
from keystead.exchange.backup.container import digest_of_rows
from keystead.exchange.backup.making import Made, make
from keystead.exchange.backup.restoring import Restored, restore
from keystead.exchange.backup.tables import schema
from keystead.kernel.actor import INSTALLATION
from tests.support.databases import PostgresSource, Source, forget_connection

ROOT = Path(__file__).resolve().parents[3]
KEY = keys.new_key()
"""Opens every backup of these tests."""

CHANGED_BY_QUARANTINE = {
    "journal.entry",
    "journal.mention",
    "journal.head",
    "journal.installation",
    "people.apitoken",
    "people.invitation",
}


def back_up(folder: Path) -> Made:
    """A backup of the database in use."""
    folder.mkdir(exist_ok=True)
    return make(local_actor(INSTALLATION), folder)


def bring_back(path: Path, **options: bool) -> Restored:
    """Bring it back into the database in use."""
    identities = keys.identities(KEY.identity)
    return restore(local_actor(INSTALLATION), path, identities, **options)


def contents() -> dict[str, tuple[int, str]]:
    """Rows and digest of every table."""
    return {label: digest_of_rows(table.rows("default")) for label, table in schema().items()}


def unchanged(found: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Only the tables that holding a copy back leaves alone."""
    return {label: one for label, one in found.items() if label not in CHANGED_BY_QUARANTINE}


_numbers = count(1)


@contextmanager
def empty_place(source: Source, folder: Path) -> Iterator[str]:
    """Point Django at a database that is not there yet, of the kind in use; its name."""
    if isinstance(source, PostgresSource):
        name = f"keystead_empty_{os.getpid()}_{next(_numbers)}"
        source._run("CREATE DATABASE {}", name)
    else:
        name = str(folder / f"place{next(_numbers)}" / "keystead.sqlite3")
        Path(name).parent.mkdir(parents=True)
    with pointing_at(name, source.url(name)):
        yield name
    if isinstance(source, PostgresSource):
        source.drop(name)


@contextmanager
def pointing_at(name: str, url: str) -> Iterator[None]:
    """Point Django, and later processes, at another database of the same kind."""
    settings = connections.settings["default"]
    before = settings["NAME"], os.environ["DATABASE_URL"]
    settings["NAME"], os.environ["DATABASE_URL"] = name, url
    forget_connection()
    try:
        yield
    finally:
        forget_connection()
        settings["NAME"], os.environ["DATABASE_URL"] = before


def keystead(
    *words: str, typed: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "keystead.cli", *words],
        env={**os.environ, **environment},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
