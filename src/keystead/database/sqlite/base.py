"""Django's SQLite backend with a write gate, and settings that keep what was promised.

Why so: docs/adr/0002-sqlite-journal-mode.md.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Self

from django.db.backends.sqlite3 import base
from django.db.utils import NotSupportedError, OperationalError

from keystead.database.sqlite.gate import WriteGate

GATE_SUFFIX = "-gate"
WAITING_S = 10.0

# Everything else may write, so outside a transaction it passes the gate on its own.
READS = re.compile(
    r"\s*(?:SELECT|VALUES|EXPLAIN|BEGIN|COMMIT|END|ROLLBACK|ATTACH|DETACH)\b"
    r"|\s*PRAGMA\b(?!.*\b(?:wal_checkpoint|optimize|incremental_vacuum|journal_mode\s*[=(]))"
    r"|\s*WITH\b(?!.*\b(?:INSERT|UPDATE|DELETE|REPLACE)\b)"
    r"|\s*VACUUM\b.*\bINTO\b",
    re.IGNORECASE | re.DOTALL,
)


class GatedCursor(base.SQLiteCursorWrapper):
    """A cursor that takes the write gate for a writing statement outside any transaction."""

    def __init__(self, gate: WriteGate, connection: Connection) -> None:
        super().__init__(connection)
        self._gate = gate

    def execute(self, query: str, params: Any = None) -> Self:
        with self._passage(query):
            super().execute(query, params)
        return self

    def executemany(self, query: str, param_list: Iterable[Any]) -> Self:
        with self._passage(query):
            super().executemany(query, param_list)
        return self

    def _passage(self, query: str) -> AbstractContextManager[None]:
        if self.connection.in_transaction or READS.match(query):
            return nullcontext()
        return self._gate.held()


if TYPE_CHECKING:

    class Django(base.DatabaseWrapper):
        """Django's wrapper with the hooks that its type stubs leave out."""

        def create_cursor(self, name: str | None = None) -> base.SQLiteCursorWrapper: ...
        def _start_transaction_under_autocommit(self) -> None: ...
        def _set_autocommit(self, autocommit: bool) -> None: ...
        def _commit(self) -> None: ...
        def _rollback(self) -> None: ...
        def _close(self) -> None: ...

else:
    Django = base.DatabaseWrapper


class DatabaseWrapper(Django):
    """A connection whose every write passes the gate, begins at once and is durable at commit.

    Reading outside a transaction takes no gate. OPTIONS: `timeout`, in seconds, for the gate and
    again for SQLite's own lock. Raises OperationalError, as GateTimeout, when others hold it too
    long. Not covered: BEGIN sent as raw SQL, and what bypasses Django's cursors.
    """

    gate: WriteGate | None = None

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        parameters.setdefault("timeout", WAITING_S)
        self.transaction_mode = "IMMEDIATE"
        return parameters

    def get_new_connection(self, conn_params: Mapping[str, Any]) -> Connection:
        connection: Connection = super().get_new_connection(conn_params)
        try:
            if not self.is_in_memory_db():
                path = Path(str(conn_params["database"]) + GATE_SUFFIX)
                self.gate = WriteGate(path, float(conn_params["timeout"]))
                _use_wal(connection, self.gate)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA recursive_triggers = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def create_cursor(self, name: str | None = None) -> base.SQLiteCursorWrapper:
        if self.gate is None:
            return super().create_cursor(name)
        cursor: GatedCursor = self.connection.cursor(
            factory=functools.partial(GatedCursor, self.gate)
        )
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.gate is not None:
            self.gate.enter()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_gate()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit:
            raise NotSupportedError("Use transaction.atomic(): it passes the write gate.")
        super()._set_autocommit(autocommit)

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._leave_gate()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self.gate is not None:
                self.gate.leave(for_good=True)

    def _leave_gate(self) -> None:
        """Free the gate, unless the transaction is still open (a commit that failed)."""
        if self.gate is not None and not (self.connection and self.connection.in_transaction):
            self.gate.leave()


def _use_wal(connection: Connection, gate: WriteGate) -> None:
    """Switch the file to write-ahead logging, once in its life. Raises OperationalError."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode == "wal":
        return
    with gate.held():
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise OperationalError(
            f"SQLite keeps this database in journal mode {mode!r} and refuses WAL. "
            "Is the folder on a network drive, or does another program have the database open?"
        )
