"""Putting the rows of a backup into empty tables, in order, past every trigger that guards them."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from keystead.exchange.backup.container import Manifest, digest_of_rows
from keystead.exchange.backup.encoding import Plain
from keystead.exchange.backup.errors import RestoreFailed
from keystead.exchange.backup.sources import FileSource, sources
from keystead.exchange.backup.tables import Table
from keystead.kernel.words import said as _

AT_ONCE = 500
MUCH = 8 * 1024 * 1024
"""Rows and characters that are gathered before they are written together."""


class Loader:
    """Writes the rows it is told of into the tables of the default database.

    The reader tells things only in their order: a table before its rows, a file before its pieces.
    """

    _table: Table
    _source: FileSource

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._insert = ""
        self._waiting: list[list[Any]] = []
        self._gathered = 0
        self._name, self._pieces = "", list[bytes]()

    def begin(self, manifest: Manifest) -> None:
        """Nothing: the manifest was looked at before."""

    def table(self, label: str, columns: list[tuple[str, str]]) -> None:
        self._table = self._tables[label]
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field in self._table.fields)
        marks = ", ".join(["%s"] * len(self._table.fields))
        table = quote(self._table.model._meta.db_table)
        self._insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our names

    def row(self, values: list[Plain]) -> None:
        decoded = self._table.decoded(values)
        self._waiting.append(
            [
                _prepared(field, value, is_given=given is not None)
                for field, value, given in zip(self._table.fields, decoded, values, strict=True)
            ]
        )
        self._gathered += sum(len(value) for value in values if isinstance(value, str))
        if len(self._waiting) >= AT_ONCE or self._gathered >= MUCH:
            self._write()

    def end_table(self, label: str, rows: int, digest: str) -> None:
        self._write()

    def _write(self) -> None:
        if self._waiting:
            with connection.cursor() as cursor:
                cursor.executemany(self._insert, self._waiting)
            self._waiting, self._gathered = [], 0

    def file(self, source: str, name: str, size: int) -> None:
        self._source, self._name, self._pieces = sources()[source], name, []

    def piece(self, data: bytes) -> None:
        self._pieces.append(data)

    def end_file(self) -> None:
        self._source.keep(self._name, self._pieces)


def _prepared(field: models.Field[Any, Any], value: Any, *, is_given: bool) -> Any:
    if value is None and is_given:  # the JSON value null, which is not an empty column
        return field.get_db_prep_value(value, connection)
    return field.get_db_prep_save(value, connection)


def empty(tables: Mapping[str, Table]) -> None:
    """Take out the few rows that migrations put into a new database."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in reversed(list(tables.values())):
            cursor.execute(f"DELETE FROM {quote(table.model._meta.db_table)}")  # noqa: S608


def require_equal(tables: Mapping[str, Table], promised: Mapping[str, tuple[int, str]]) -> None:
    """Read everything back and compare. Raises RestoreFailed where a table differs."""
    for label, table in tables.items():
        if digest_of_rows(table.rows("default")) != promised[label]:
            raise RestoreFailed(
                _(
                    "The table %(table)s came out different from the backup. Everything was taken "
                    "back; nothing was changed.",
                    table=label,
                )
            )
