"""Past the triggers: what somebody with the database file, or the owner's password, can do."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

import psycopg

from keystead.journal import chain
from tests.support.databases import Database


class Raw(Protocol):
    """As much of a bare driver's connection as a tamperer needs."""

    def execute(self, query: str, params: Any = ..., /) -> Any: ...


@contextmanager
def bare(database: Database) -> Iterator[Raw]:
    """A connection that knows nothing of Keystead: no gate, no recursive triggers."""
    if database.vendor == "sqlite":
        path = database.url.removeprefix("sqlite://")
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.text_factory = bytes
            yield raw
    else:
        with psycopg.connect(database.url, autocommit=True) as raw_pg:
            yield raw_pg


def disarm(raw: Raw, database: Database) -> None:
    """Take the triggers and constraints off."""
    if database.vendor == "sqlite":
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f'DROP TRIGGER "{name.decode()}"')
    else:
        raw.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        raw.execute("ALTER TABLE journal_mention DISABLE TRIGGER USER")
        raw.execute("ALTER TABLE journal_entry DROP CONSTRAINT IF EXISTS journal_entry_order")


def marks(database: Database, query: str) -> str:
    """A query with question marks as the driver wants it."""
    return query if database.vendor == "sqlite" else query.replace("?", "%s")


def truncate(database: Database, workspace_id: int, last: int) -> None:
    """Cut a journal off after an entry, so well that it fits itself: mentions and head, too."""
    with bare(database) as raw:
        disarm(raw, database)
        here = f"workspace_id = {workspace_id}"
        raw.execute(f"DELETE FROM journal_mention WHERE {here} AND sequence > {last}")
        raw.execute(f"DELETE FROM journal_entry WHERE {here} AND sequence > {last}")
        found = raw.execute(
            f"SELECT digest FROM journal_entry WHERE {here} AND sequence = {last}"
        ).fetchone()
        digest = bytes(found[0]) if found else chain.GENESIS
        query = f"UPDATE journal_head SET sequence = ?, digest = ? WHERE {here}"
        raw.execute(marks(database, query), (last, digest))


def rewrite(database: Database, workspace_id: int, old: str, new: str) -> None:
    """Replace a text in every entry and compute everything anew: the journal fits itself."""
    with bare(database) as raw:
        disarm(raw, database)
        here = f"workspace_id = {workspace_id}"
        rows = raw.execute(
            f"SELECT sequence, body FROM journal_entry WHERE {here} ORDER BY sequence"
        ).fetchall()
        digest = chain.GENESIS
        for sequence, body in rows:
            text = (body.decode() if isinstance(body, bytes) else body).replace(old, new)
            assert json.loads(text)
            digest = chain.link(digest, text.encode())
            query = (
                "UPDATE journal_entry SET body = ?, digest = ?"
                f" WHERE {here} AND sequence = {sequence}"
            )
            raw.execute(marks(database, query), (text, digest))
        raw.execute(marks(database, f"UPDATE journal_head SET digest = ? WHERE {here}"), (digest,))
