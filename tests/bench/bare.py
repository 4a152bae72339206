"""The bare driver: what the database alone takes for the statements Keystead sends.

Imports nothing of Django, so that a client of the baseline starts at once.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as Keystead sent it: `%s` for values, which may be Slots."""

    sql: str
    values: tuple[Any, ...]
    is_inside: bool = False
    """Inside the transaction, not before it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that differs from one time to the next."""

    name: str


@cache
def for_sqlite(sql: str) -> str:
    """The statement with the marks SQLite knows."""
    return sql.replace("%s", "?").replace("%%", "%")


class Bare:
    """A connection of sqlite3 with Keystead's pragmas and its write gate, or of psycopg."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite:")
        if self.is_sqlite:
            path = unquote(urlsplit(url).path)
            self._gate = os.open(f"{path}-gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._sqlite = sqlite3.connect(path, isolation_level=None, timeout=20)
            for pragma in ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
                self._sqlite.execute(f"PRAGMA {pragma}")
        else:
            self._postgres = psycopg.connect(url, autocommit=True, options="-c timezone=UTC")

    def close(self) -> None:
        """End the connection."""
        if self.is_sqlite:
            self._sqlite.close()
            os.close(self._gate)
        else:
            self._postgres.close()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Send a statement, prepared by the driver; all rows it gives."""
        if self.is_sqlite:
            return self._sqlite.execute(for_sqlite(sql), values).fetchall()
        with self._postgres.cursor() as cursor:
            cursor.execute(sql.encode(), values, prepare=True)
            return cursor.fetchall() if cursor.description else []

    def begin(self) -> None:
        """Pass the gate and begin to write."""
        if self.is_sqlite:
            fcntl.flock(self._gate, fcntl.LOCK_EX)
        self.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")

    def commit(self) -> None:
        """Make it durable and free the gate."""
        self.execute("COMMIT")
        if self.is_sqlite:
            fcntl.flock(self._gate, fcntl.LOCK_UN)

    def seconds(self, statements: Sequence[Statement]) -> float:
        """How long it takes to send these statements and fetch what they give."""
        began = time.perf_counter()
        for statement in statements:
            self.execute(statement.sql, statement.values)
        return time.perf_counter() - began
