"""A connection of the SQLite backend: what passes the gate, what does not, and its settings."""

import sqlite3
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.db import IntegrityError, NotSupportedError, OperationalError, transaction
from django.db.backends.utils import CursorWrapper

from keystead.database.sqlite import GateTimeout
from keystead.database.sqlite.base import DatabaseWrapper
from tests.database.conftest import Connect
from tests.database.programs import Program

PROMISED = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": 7000,
}


def ask(cursor: CursorWrapper, query: str) -> object:
    cursor.execute(query)
    return cursor.fetchone()[0]


def settings(connection: DatabaseWrapper) -> dict[str, object]:
    with connection.cursor() as cursor:
        return {name: ask(cursor, f"PRAGMA {name}") for name in PROMISED}


def count(connection: DatabaseWrapper) -> object:
    with connection.cursor() as cursor:
        return ask(cursor, "SELECT count(*) FROM entry")


def write(connection: DatabaseWrapper, sequence: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO entry VALUES (%s, 'ana', '')", [sequence])


def is_held(connection: DatabaseWrapper) -> bool:
    return connection.gate is not None and connection.gate.is_held


@pytest.mark.usefixtures("register")
def test_every_connection_has_the_promised_settings(connect: Connect) -> None:
    connection, found = connect(timeout=7), list[dict[str, object]]()
    found.append(settings(connection))
    connection.close()
    found.append(settings(connection))  # a new one under the same name

    def in_a_thread() -> None:
        other = connect(timeout=7)
        found.append(settings(other))
        other.close()

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    assert found == [PROMISED] * 3


def test_a_connection_of_another_process_has_them_too(register: Path) -> None:
    with Program("pragmas", register) as other:
        assert other.finish() == ["wal", "2", "1", "1"]


def test_a_transaction_holds_the_gate_to_its_end(connect: Connect, register: Path) -> None:
    connection = connect()
    with transaction.atomic(using=connection.alias):
        write(connection, 1)
        with Program("impatient", register) as other:
            assert other.finish() == ["GateTimeout"]
    with Program("impatient", register) as other:
        assert other.finish() == ["written"]
    assert count(connection) == 2


def test_a_savepoint_neither_takes_nor_frees_the_gate(connect: Connect, register: Path) -> None:
    connection, other = connect(), connect(timeout=0.05)
    with transaction.atomic(using=connection.alias):
        with transaction.atomic(using=connection.alias):
            write(connection, 1)
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=connection.alias):
            raise ZeroDivisionError
        assert is_held(connection)
        with pytest.raises(GateTimeout), transaction.atomic(using=other.alias):
            pass
    assert not is_held(connection)
    write(other, 2)


@pytest.mark.usefixtures("register")
def test_an_error_in_a_transaction_frees_the_gate(connect: Connect) -> None:
    connection, other = connect(), connect()
    with transaction.atomic(using=connection.alias):
        write(connection, 1)
    with pytest.raises(IntegrityError), transaction.atomic(using=connection.alias):
        write(connection, 1)
    write(other, 2)
    assert count(connection) == 2


@pytest.mark.usefixtures("register")
def test_a_commit_that_fails_frees_the_gate(connect: Connect) -> None:
    connection, other = connect(), connect()
    with other.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, entry INTEGER NOT NULL"
            " REFERENCES entry DEFERRABLE INITIALLY DEFERRED)"
        )
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO note VALUES (1, 99)")
    assert not is_held(connection)
    write(other, 1)


@pytest.mark.usefixtures("register")
def test_closing_a_connection_frees_the_gate(connect: Connect) -> None:
    connection, other = connect(), connect()
    with transaction.atomic(using=connection.alias):
        write(connection, 1)
        connection.close()
        write(other, 1)
    assert count(other) == 1


@pytest.mark.usefixtures("register")
def test_a_transaction_that_cannot_begin_frees_the_gate(connect: Connect, register: Path) -> None:
    connection = connect(timeout=0.05)
    with closing(sqlite3.connect(register, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), transaction.atomic(connection.alias):
            pass
        assert not is_held(connection)
    write(connection, 1)


@pytest.mark.usefixtures("register")
def test_reading_waits_for_no_writer(connect: Connect) -> None:
    writer, reader = connect(), connect(timeout=0.05)
    write(writer, 1)
    with transaction.atomic(using=writer.alias):
        write(writer, 2)
        assert count(reader) == 1
    assert count(reader) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO entry VALUES (9, 'bo', '')",
        "  update entry set body = ''",
        "DELETE FROM entry",
        "REPLACE INTO entry VALUES (9, 'bo', '')",
        "WITH one AS (SELECT 9 AS n) INSERT INTO entry SELECT n, 'bo', '' FROM one",
        "CREATE TABLE more (id INTEGER)",
        "PRAGMA wal_checkpoint(PASSIVE)",
        "PRAGMA journal_mode = WAL",
        "VACUUM",
        "/* why */ DELETE FROM entry",
    ],
)
@pytest.mark.usefixtures("register")
def test_a_single_writing_statement_passes_the_gate(connect: Connect, statement: str) -> None:
    holder, connection = connect(), connect(timeout=0.05)
    with connection.cursor() as cursor:
        with transaction.atomic(using=holder.alias), pytest.raises(GateTimeout):
            cursor.execute(statement)
        cursor.execute(statement)
        assert not is_held(connection)


@pytest.mark.usefixtures("register")
def test_many_rows_at_once_pass_the_gate(connect: Connect) -> None:
    holder, connection = connect(), connect(timeout=0.05)
    rows = [(number, "bo", "") for number in range(1, 4)]
    with connection.cursor() as cursor:
        with transaction.atomic(using=holder.alias), pytest.raises(GateTimeout):
            cursor.executemany("INSERT INTO entry VALUES (%s, %s, %s)", rows)
        cursor.executemany("INSERT INTO entry VALUES (%s, %s, %s)", rows)
    assert (count(connection), is_held(connection)) == (3, False)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM entry",
        "WITH one AS (SELECT 1 AS n) SELECT n FROM one",
        "EXPLAIN SELECT 1",
        "PRAGMA foreign_keys",
        "PRAGMA journal_mode",
        "VALUES (1)",
    ],
)
@pytest.mark.usefixtures("register")
def test_a_single_reading_statement_does_not(connect: Connect, statement: str) -> None:
    holder, connection = connect(), connect(timeout=0.05)
    with transaction.atomic(using=holder.alias), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_snapshot_for_a_backup_waits_for_no_writer(
    connect: Connect, register: Path, tmp_path: Path
) -> None:
    holder, connection = connect(), connect(timeout=0.05)
    write(holder, 1)
    with transaction.atomic(using=holder.alias), connection.cursor() as cursor:
        write(holder, 2)
        cursor.execute("VACUUM INTO %s", [str(tmp_path / "snapshot.sqlite3")])
    with closing(sqlite3.connect(tmp_path / "snapshot.sqlite3")) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM entry").fetchone() == (1,)


@pytest.mark.usefixtures("register")
def test_transactions_without_the_gate_are_refused(connect: Connect) -> None:
    connection = connect()
    connection.ensure_connection()
    with pytest.raises(NotSupportedError):
        connection.set_autocommit(False)
    write(connection, 1)


def test_several_programs_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    with ExitStack() as stack:
        programs = [stack.enter_context(Program("first", path)) for _ in range(4)]
        assert [program.hear() for program in programs] == ["ready"] * 4
        for program in programs:
            program.tell()
        assert [program.finish() for program in programs] == [["wal"]] * 4


def test_a_database_in_another_journal_mode_is_switched(connect: Connect, tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE entry (sequence INTEGER)")
    with connect(path).cursor() as cursor:
        assert ask(cursor, "PRAGMA journal_mode") == "wal"


def test_a_database_that_cannot_be_switched_is_refused(connect: Connect, tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as reader:
        reader.executescript("CREATE TABLE entry (n); INSERT INTO entry VALUES (1); BEGIN;")
        reader.execute("SELECT * FROM entry").fetchone()
        connection = connect(path, timeout=0.05)
        with pytest.raises(OperationalError, match=r"locked|refuses WAL"):
            connection.ensure_connection()
    connection.ensure_connection()


def test_a_database_in_memory_needs_no_gate(connect: Connect) -> None:
    connection = connect(":memory:")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE entry (sequence INTEGER)")
    assert (connection.gate, count(connection)) == (None, 0)
