"""Fills an empty migrated PostgreSQL with the rows of a seeded SQLite file.

    python -m tests.bench.fill seeded.sqlite3     into the database of DATABASE_URL

Rows go in by COPY, past no trigger and no constraint.
"""

import os
import sqlite3
import sys
from importlib import import_module

import django
import psycopg
from psycopg.sql import SQL, Identifier, Literal


def fill(source: str, url: str) -> None:
    """Copy every table, each in its own transaction."""
    rows = import_module("tests.bench.seed.rows")
    seeded = sqlite3.connect(f"file:{source}?immutable=1", uri=True)
    with psycopg.connect(url, autocommit=True, options="-c timezone=UTC") as target:
        # The installation comes with the migrations, and with the seeded rows.
        target.execute("DELETE FROM journal_installation")
        target.execute("DELETE FROM journal_head")
        target.execute("DELETE FROM journal_workspace")
        for model in rows.tables():
            copy(seeded, target, model._meta.db_table, rows.columns(model))
    seeded.close()


def copy(
    seeded: sqlite3.Connection, target: psycopg.Connection, table: str, columns: list[str]
) -> None:
    """Copy one table, and let its ids go on after the last one."""
    names = ", ".join(f'"{name}"' for name in columns)
    found = seeded.execute(f'SELECT {names} FROM "{table}" ORDER BY rowid')
    into = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(table), SQL(", ").join(map(Identifier, columns))
    )
    with target.cursor() as cursor, cursor.copy(into) as stream:
        for row in found:
            stream.write_row(row)
    if "id" in columns:
        last = SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
        target.execute(last.format(Literal(table), Identifier(table)))


if __name__ == "__main__":
    django.setup()
    fill(sys.argv[1], os.environ["DATABASE_URL"])
