"""The highest number each table ever gave to a row, so that none is given again."""

from collections.abc import Mapping

from django.core.management.color import no_style
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

from keystead.exchange.backup.tables import Table


def _numbered(table: Table) -> bool:
    return isinstance(table.model._meta.pk, models.AutoField)  # the bigger one is one, too


def last_ids(tables: Mapping[str, Table], using: str) -> dict[str, int]:
    """The highest number given, by label of the table; tables without such numbers are left out."""
    found = {}
    with connections[using].cursor() as cursor:
        for label, table in tables.items():
            if _numbered(table):
                found[label] = _last(cursor, table, connections[using].vendor)
    return found


def _column(table: Table) -> str:
    return str(table.model._meta.pk.column)


def _last(cursor: CursorWrapper, table: Table, vendor: str) -> int:
    name = table.model._meta.db_table
    if vendor == "sqlite":
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
    else:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{name}"', _column(table)])
        (sequence,) = cursor.fetchone()
        cursor.execute(
            f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608
        )
    row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def go_on_after(tables: Mapping[str, Table], lasts: Mapping[str, int], using: str) -> None:
    """Let each table give its next row a number above all it ever gave."""
    connection = connections[using]
    numbered = {label: table for label, table in tables.items() if _numbered(table)}
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(
            no_style(), [table.model for table in numbered.values()]
        ):
            cursor.execute(sql)
        for label, table in numbered.items():
            _raise(cursor, table, lasts.get(label, 0), connection.vendor)


def _raise(cursor: CursorWrapper, table: Table, last: int, vendor: str) -> None:
    name = table.model._meta.db_table
    if last <= _last(cursor, table, vendor):
        return
    if vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])
        return
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{name}"', _column(table), last]
    )
