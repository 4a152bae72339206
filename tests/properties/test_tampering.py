"""A journal that was tampered with: the database refuses it, or verification names the place."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings

from keystead.custody import operations as custody
from keystead.journal import chain
from keystead.journal.verify import verify
from tests.cast import World
from tests.support.databases import Database
from tests.support.tampering import bare, disarm

pytestmark = pytest.mark.db


@pytest.fixture
def journal(world: World) -> World:
    """A workspace with some thirty entries."""
    for _ in range(5):
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
        custody.return_copies(world.ana, copy_ids=[world.copy])
    assert verify(world.workspace).holds
    return world


LAST = 31
OTHERS = "at, name, account_id, channel, body, digest FROM journal_entry"
COLUMNS = "workspace_id, sequence, at, name, account_id, channel, body, digest"
REFUSED = {
    "changed": "UPDATE journal_entry SET name = 'x' WHERE sequence = 7",
    "rehashed": "UPDATE journal_entry SET digest = digest WHERE sequence = 7",
    "renumbered": "UPDATE journal_entry SET sequence = 900 WHERE sequence = 7",
    "deleted": "DELETE FROM journal_entry WHERE sequence = 7",
    "the last deleted": "DELETE FROM journal_entry WHERE sequence = 20",
    "skipped ahead": f"INSERT INTO journal_entry ({COLUMNS}) SELECT workspace_id, sequence + 90,"
    f" {OTHERS} WHERE sequence = 7",
    "inserted before the first": f"INSERT INTO journal_entry ({COLUMNS}) SELECT workspace_id, 0,"
    f" {OTHERS} WHERE sequence = 7",
    "said of another thing": "UPDATE journal_mention SET thing_id = 77 WHERE sequence = 7",
    "said of nothing": "DELETE FROM journal_mention WHERE sequence = 7",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses_to_change_the_journal(
    statement: str, journal: World, database: Database
) -> None:
    with pytest.raises(DatabaseError, match="journal"), transaction.atomic():
        connection.cursor().execute(statement)
    with bare(database) as raw, pytest.raises((sqlite3.Error, psycopg.Error), match="journal"):
        raw.execute(statement)
    assert verify(journal.workspace).holds


def test_truncating_is_refused(journal: World, database: Database) -> None:
    if database.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("journal_entry", "journal_mention"):
        with bare(database) as raw, pytest.raises(psycopg.Error, match="journal"):
            raw.execute(f"TRUNCATE {table} CASCADE")


REPLACED = {
    "with the same number": "sequence",
    "with the next number": "(SELECT MAX(sequence) + 1 FROM journal_entry WHERE workspace_id = 1)",
}


@pytest.mark.parametrize("sequence", REPLACED.values(), ids=REPLACED)
def test_replacing_an_entry_is_refused_or_located(
    sequence: str, journal: World, database: Database
) -> None:
    """INSERT OR REPLACE passes by plain triggers on SQLite; PostgreSQL has no such thing."""
    if database.vendor != "sqlite":
        pytest.skip("PostgreSQL cannot replace rows")
    statement = (
        f"INSERT OR REPLACE INTO journal_entry (id, {COLUMNS})"
        f" SELECT id, workspace_id, {sequence}, at, 'x', account_id, channel, body, digest"
        " FROM journal_entry WHERE sequence = 7 AND workspace_id = 1"
    )
    with pytest.raises(DatabaseError, match="journal"), transaction.atomic():
        connection.cursor().execute(statement)
    assert verify(journal.workspace).holds
    with bare(database) as raw:
        try:
            raw.execute(statement)
        except sqlite3.Error:
            assert verify(journal.workspace).holds
        else:
            assert verify(journal.workspace).first_bad == 7


LOCATED: dict[str, tuple[int, tuple[str, ...]]] = {
    "deleted": (7, ("DELETE FROM journal_entry WHERE workspace_id = 1 AND sequence = 7",)),
    "the last deleted": (
        31,
        ("DELETE FROM journal_entry WHERE workspace_id = 1 AND sequence = 31",),
    ),
    "the rest deleted": (
        7,
        ("DELETE FROM journal_entry WHERE workspace_id = 1 AND sequence >= 7",),
    ),
    "all deleted": (1, ("DELETE FROM journal_entry WHERE workspace_id = 1",)),
    "inserted after the last": (
        32,
        (
            f"INSERT INTO journal_entry ({COLUMNS}) SELECT workspace_id, 32, at, name, account_id,"
            " channel, body, digest FROM journal_entry WHERE workspace_id = 1 AND sequence = 7",
        ),
    ),
    "inserted before the first": (
        0,
        (
            f"INSERT INTO journal_entry ({COLUMNS}) SELECT workspace_id, 0, at, name, account_id,"
            " channel, body, digest FROM journal_entry WHERE workspace_id = 1 AND sequence = 7",
        ),
    ),
    "reordered": (
        7,
        (
            "UPDATE journal_entry SET sequence = -7 WHERE workspace_id = 1 AND sequence = 7",
            "UPDATE journal_entry SET sequence = 7 WHERE workspace_id = 1 AND sequence = 8",
            "UPDATE journal_entry SET sequence = 8 WHERE workspace_id = 1 AND sequence = -7",
        ),
    ),
    "moved to another workspace": (
        31,
        (
            "UPDATE journal_entry SET workspace_id = 2, sequence = 900 WHERE workspace_id = 1"
            " AND sequence = 31",
        ),
    ),
    "mentioned too much": (
        7,
        (
            "INSERT INTO journal_mention (workspace_id, kind, thing_id, sequence)"
            " VALUES (1, 'copy', 900, 7)",
        ),
    ),
    "mentioned before it happens": (
        90,
        (
            "INSERT INTO journal_mention (workspace_id, kind, thing_id, sequence)"
            " VALUES (1, 'copy', 1, 90)",
        ),
    ),
    "mentioned too little": (
        7,
        ("DELETE FROM journal_mention WHERE workspace_id = 1 AND sequence = 7",),
    ),
    "head set back": (
        31,
        ("UPDATE journal_head SET sequence = 30 WHERE workspace_id = 1",),
    ),
    "head deleted": (32, ("DELETE FROM journal_head WHERE workspace_id = 1",)),
    "no text": (7, ("UPDATE journal_entry SET body = '' WHERE workspace_id = 1 AND sequence = 7",)),
    "no time": (
        7,
        ("UPDATE journal_entry SET at = '0001-01-01' WHERE workspace_id = 1 AND sequence = 7",),
    ),
}


@pytest.mark.parametrize(("first_bad", "statements"), LOCATED.values(), ids=LOCATED)
def test_what_was_done_without_triggers_is_located(
    first_bad: int, statements: tuple[str, ...], journal: World, database: Database
) -> None:
    assert verify(journal.workspace).entries == LAST
    with bare(database) as raw:
        disarm(raw, database)
        for statement in statements:
            raw.execute(statement)
    assert verify(journal.workspace).first_bad == first_bad


def test_a_journal_with_recomputed_seals_does_not_match_its_head(
    journal: World, database: Database
) -> None:
    """Whoever rewrites the last entry with a fresh hash forgets the head."""
    with bare(database) as raw:
        disarm(raw, database)
        rows = "SELECT body, digest FROM journal_entry WHERE workspace_id = 1 AND sequence = "
        _, previous = raw.execute(rows + "30").fetchone()
        body, _ = raw.execute(rows + "31").fetchone()
        text = (body if isinstance(body, bytes) else body.encode()).replace(b"AA", b"AB")
        mark = "?" if database.vendor == "sqlite" else "%s"
        raw.execute(
            f"UPDATE journal_entry SET body = {mark}, digest = {mark}"
            " WHERE workspace_id = 1 AND sequence = 31",
            (text.decode(), chain.link(bytes(previous), text)),
        )
    assert not verify(journal.workspace).holds


def value(column: str, database: Database) -> str:
    """A placeholder that stores the bytes of a text as they are, good UTF-8 or not."""
    if database.vendor != "sqlite":
        return "%s"
    return "?" if column in {"digest", "account_id"} else "CAST(? AS TEXT)"


def changed(before: Any, place: int, flip: int) -> Any:
    """The value with one byte (character, number, microsecond) changed."""
    if isinstance(before, bytes | memoryview):
        found = bytearray(before)
        found[place % len(found)] ^= flip
        return bytes(found)
    if isinstance(before, str):
        at = place % len(before)
        return before[:at] + chr((ord(before[at]) + flip) % 0xD000 or 1) + before[at + 1 :]
    if isinstance(before, datetime):
        return before + timedelta(microseconds=flip)
    return (before or 0) ^ flip


@pytest.mark.slow
def test_any_changed_byte_is_located(journal: World, database: Database) -> None:
    """Whatever byte of whatever column changes, verification names that entry."""
    with bare(database) as raw:
        disarm(raw, database)

        @settings(
            max_examples=400 if database.vendor == "sqlite" else 100,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            sequence=st.integers(1, LAST),
            column=st.sampled_from(("name", "channel", "body", "digest", "account_id", "at")),
            place=st.integers(0, 5000),
            flip=st.integers(1, 255),
        )
        def change_one_byte(sequence: int, column: str, place: int, flip: int) -> None:
            where = f"WHERE workspace_id = 1 AND sequence = {sequence}"
            write = f"UPDATE journal_entry SET {column} = {value(column, database)} {where}"
            (before,) = raw.execute(f"SELECT {column} FROM journal_entry {where}").fetchone()
            raw.execute(write, (changed(before, place, flip),))
            verdict = verify(journal.workspace)
            raw.execute(write, (before,))
            assert verdict.first_bad == sequence
            assert verify(journal.workspace).holds

        change_one_byte()


def test_any_changed_mention_is_located(journal: World, database: Database) -> None:
    """The story of a thing comes from the mentions: they must say what the entries say."""
    with bare(database) as raw:
        disarm(raw, database)
        rows = raw.execute("SELECT id, sequence FROM journal_mention WHERE workspace_id = 1")
        for row, sequence in rows.fetchall():
            for column, other in (("thing_id", "thing_id + 1000"), ("kind", "'else'")):
                (before,) = raw.execute(
                    f"SELECT {column} FROM journal_mention WHERE id = {row}"
                ).fetchone()
                raw.execute(f"UPDATE journal_mention SET {column} = {other} WHERE id = {row}")
                verdict = verify(journal.workspace)
                back = f"UPDATE journal_mention SET {column} = {value(column, database)}"
                raw.execute(f"{back} WHERE id = {row}", (before,))
                assert verdict.first_bad == sequence
        assert verify(journal.workspace).holds
