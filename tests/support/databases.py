"""A fresh database for each test that asks for one, copied from a migrated template.

Tests need real commits (operations refuse to run inside another transaction), and the journal's
triggers refuse to delete: so nothing is rolled back or flushed. A copy takes milliseconds on
SQLite and a fraction of a second on PostgreSQL.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal, LiteralString, Protocol
from urllib.parse import urlsplit

import psycopg
from django.core.cache import cache
from django.db import connections
from psycopg.sql import SQL, Identifier

from tests.support.environment import SERVER

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
CACHE = ROOT / ".cache" / "databases"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
KEPT_SECONDS = 24 * 3600
Vendor = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class Database:
    """The database of one test. `url` lets other processes in; threads need nothing special."""

    url: str
    vendor: Vendor


class Source(Protocol):
    """Makes databases for tests."""

    vendor: Vendor

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        ...

    def create(self, number: int, like: str | None = None) -> str:
        """A migrated database, empty or a copy of another; its name as Django's settings want it.

        Nobody may be connected to the one that is copied.
        """
        ...

    def drop(self, name: str) -> None:
        """Remove it, whoever is still connected."""
        ...


def fingerprint() -> str:
    """A hash of everything a migrated database depends on."""
    migrations = sorted(SOURCE.glob("keystead/*/migrations/*.py"))
    imported = {
        found
        for path in migrations
        for module in re.findall(r"^(?:from|import) (keystead[\w.]*)", path.read_text(), re.M)
        for found in SOURCE.glob(module.replace(".", "/") + "*.py")
    }
    others = [*SOURCE.glob("keystead/database/**/*.py"), SOURCE / "keystead" / "settings.py"]
    digest = hashlib.sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for path in sorted({*migrations, *imported, *others}):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def migrate(url: str) -> None:
    """Bring an empty database up to date, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The template database could not be migrated:\n{done.stderr}")


class SqliteSource:
    """Copies a template file; each database has a folder of its own."""

    vendor: Vendor = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = CACHE / f"{fingerprint()}.sqlite3"
        CACHE.mkdir(parents=True, exist_ok=True)
        with (CACHE / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.template.exists():
                self._build()

    def _build(self) -> None:
        for old in CACHE.glob("*.sqlite3*"):
            if old.stat().st_mtime < time.time() - KEPT_SECONDS:  # another run may need it
                old.unlink()
        half_made = self.template.with_suffix(".sqlite3-half-made")
        migrate(self.url(str(half_made)))
        half_made.rename(self.template)

    def url(self, name: str) -> str:
        return f"sqlite://{name}"

    def create(self, number: int, like: str | None = None) -> str:
        folder = self.folder / f"{WORKER}-{number}"
        folder.mkdir(parents=True)
        return str(shutil.copyfile(like or self.template, folder / "keystead.sqlite3"))

    def drop(self, name: str) -> None:
        shutil.rmtree(Path(name).parent)


class PostgresSource:
    """Lets the server copy a template database."""

    vendor: Vendor = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server
        self.template = f"keystead_template_{fingerprint()}"
        self.connection = psycopg.connect(server, autocommit=True)
        self.connection.execute("SELECT pg_advisory_lock(5397)")
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not self.connection.execute(there, [self.template]).fetchone():
            self._build()
        self.connection.execute("SELECT pg_advisory_unlock(5397)")

    def _run(self, statement: LiteralString, *names: str) -> None:
        self.connection.execute(SQL(statement).format(*map(Identifier, names)))

    def _build(self) -> None:
        half_made = "keystead_half_made"
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", half_made)
        self._run("CREATE DATABASE {}", half_made)
        migrate(self.url(half_made))
        self._run("ALTER DATABASE {} RENAME TO {}", half_made, self.template)

    def url(self, name: str) -> str:
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def create(self, number: int, like: str | None = None) -> str:
        name = f"keystead_test_{WORKER}_{os.getpid()}_{number}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, like or self.template)
        return name

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", name)


def source(folder: Path) -> Source:
    """The source the environment asks for: PostgreSQL if it names a server, else SQLite."""
    server = os.environ.get(SERVER)
    return PostgresSource(server) if server else SqliteSource(folder)


_numbers = count(1)


@contextmanager
def fresh_database(source: Source, like: str | None = None) -> Iterator[Database]:
    """A new database, empty or a copy of another, that Django uses while this lasts.

    It is used in this thread, in later ones and in later processes.
    """
    name = None
    try:
        with kept_database(source, like) as name:
            yield Database(source.url(name), source.vendor)
    finally:
        if name:
            source.drop(name)


@contextmanager
def kept_database(source: Source, like: str | None = None) -> Iterator[str]:
    """The same, by its name, and it stays when nobody is connected any more: others may copy it."""
    name = source.create(next(_numbers), like)
    from keystead.vault import keyring  # its tables need Django's applications

    settings = connections.settings["default"]
    before = settings["NAME"], os.environ["DATABASE_URL"]
    settings["NAME"], os.environ["DATABASE_URL"] = name, source.url(name)
    forget_connection()
    cache.clear()
    keyring.forget()  # what another test's vault key opened is of no use here
    keyring.load()
    try:
        yield name
    finally:
        forget_connection()
        settings["NAME"], os.environ["DATABASE_URL"] = before


def forget_connection() -> None:
    """Close this thread's connection and let the next use begin with a new one."""
    connections["default"].close()
    del connections["default"]
