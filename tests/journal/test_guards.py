"""The triggers that keep the journal append-only, and noticing that one is gone."""

import pytest
from django.db import connection

from keystead.journal import guards
from tests.support.databases import Database

pytestmark = pytest.mark.db


def execute(sql: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def triggers(database: Database) -> set[tuple[str, str]]:
    """Every trigger on a table of the journal, with its table."""
    if database.vendor == "sqlite":
        sql = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    return {found for found in execute(sql) if found[0].startswith("journal_")}


def test_every_trigger_of_the_migrations_is_looked_for(database: Database) -> None:
    assert set(guards.expected()) == triggers(database)
    assert guards.missing() == []


def test_each_trigger_that_is_gone_is_named(database: Database) -> None:
    for table, name in guards.expected():
        execute(f"DROP TRIGGER {name}" + f" ON {table}" * (database.vendor == "postgresql"))
        assert name in guards.missing()
    assert guards.missing() == [name for _, name in guards.expected()]


def test_a_trigger_that_is_switched_off_is_missing(database: Database) -> None:
    if database.vendor == "sqlite":
        pytest.skip("SQLite cannot switch a trigger off.")
    for how in ("DISABLE", "ENABLE REPLICA"):
        execute(f"ALTER TABLE journal_entry {how} TRIGGER journal_entry_fixed")
        assert guards.missing() == ["journal_entry_fixed"]
    execute("ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_fixed")
    assert guards.missing() == []
