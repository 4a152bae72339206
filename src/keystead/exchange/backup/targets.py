"""Where a backup may be brought back to: an empty place, and how it becomes true at once."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import OperationalError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now

from keystead.exchange.backup.errors import PlaceInUse, PlaceNotEmpty
from keystead.exchange.backup.folder import sync
from keystead.exchange.backup.states import State
from keystead.exchange.backup.tables import labels
from keystead.kernel.words import said as _

BESIDE = ("-wal", "-shm", "-journal", "-gate")
MIGRATING = 5396
"""The advisory lock of PostgreSQL under which tables are brought up to date; see cli/starting."""


@contextmanager
def target(state: State, *, replace_demonstration: bool) -> Iterator[bool]:
    """Within the block the default database is the place to load into; whether it has tables.

    Leaving the block makes it true, all at once; an exception leaves what was there before.
    Raises PlaceNotEmpty or PlaceInUse, before anything is written.
    """
    if connection.vendor == "sqlite":
        with _new_file(replace_demonstration=replace_demonstration):
            yield False
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATING])
        yield _require_empty_server(state)


@contextmanager
def _new_file(*, replace_demonstration: bool) -> Iterator[None]:
    """A new SQLite file beside the old one, which takes its place at the end by one rename."""
    path = Path(str(connection.settings_dict["NAME"])).absolute()
    if path.exists():
        _require_empty(replace_demonstration=replace_demonstration)
        _retire(path)
    for left in path.parent.glob(f"{path.name}-restoring-*"):  # of a killed process
        left.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}-restoring-{secrets.token_hex(4)}")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with _pointing_at(draft):
            yield
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
        _sync_file(draft)
        if path.exists():
            _retire(path)
        draft.replace(path)
        sync(path.parent)
    finally:
        for name in ("", *BESIDE):
            Path(f"{draft}{name}").unlink(missing_ok=True)


@contextmanager
def _pointing_at(path: Path) -> Iterator[None]:
    settings = connections.settings["default"]
    before = settings["NAME"]
    _forget_connection()
    settings["NAME"] = str(path)
    try:
        yield
    finally:
        _forget_connection()
        settings["NAME"] = before


def _forget_connection() -> None:
    connections["default"].close()
    with suppress(AttributeError):
        del connections["default"]


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _retire(path: Path) -> None:
    """Leave nothing beside the old file that SQLite would take for part of the new one.

    That works only while nobody else has it open, and so tells whether somebody has.
    """
    connection.close()
    try:
        with closing(sqlite3.connect(path, timeout=2, isolation_level=None)) as old:
            (mode,) = old.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error:
        raise _in_use() from None
    if mode != "delete" or any(Path(f"{path}{name}").exists() for name in ("-wal", "-journal")):
        raise _in_use()


def _in_use() -> PlaceInUse:
    return PlaceInUse(
        _("Keystead, or another program, has this database open. Stop it, then try again.")
    )


def _count(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def _require_empty(*, replace_demonstration: bool) -> set[str]:
    """The names of the tables there are. Raises PlaceNotEmpty or PlaceInUse."""
    try:
        names = set(connection.introspection.table_names())
    except OperationalError:
        raise _in_use() from None
    if not names:
        return names
    if not {"journal_entry", "people_account", "journal_workspace"} <= names:
        raise PlaceNotEmpty(
            _("This database belongs to another program. Name an empty one, or a new data folder.")
        )
    _require_nobody_works()
    workspaces = _count("SELECT COUNT(*) FROM journal_workspace WHERE id <> 0")
    if not workspaces and not _count("SELECT COUNT(*) FROM people_account"):
        return names
    real = "SELECT COUNT(*) FROM journal_workspace WHERE id <> 0 AND NOT is_demo"
    if not workspaces or _count(real) or connection.vendor != "sqlite":
        raise PlaceNotEmpty(
            _(
                "There is a register here already, and it is never overwritten. Bring the backup "
                "back into a new data folder (KEYSTEAD_DATA) or a new database (DATABASE_URL); "
                "look at it there; then use it instead of this one."
            )
        )
    if not replace_demonstration:
        raise PlaceNotEmpty(
            _("There is a demonstration here. Add --replace-demonstration to throw it away.")
        )
    return names


def _require_nobody_works() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM journal_lease WHERE until > %s", [now()])
        if cursor.fetchone()[0]:
            raise _in_use()


def _require_empty_server(state: State) -> bool:
    """Whether the tables are there already, as the backup has them. Raises otherwise."""
    names = _require_empty(replace_demonstration=False)
    if not names:
        return False
    ours = labels()
    applied = set(MigrationRecorder(connection).applied_migrations())
    if {node for node in applied if node[0] in ours} != state.applied:
        raise PlaceInUse(
            _(
                "The tables here are of another version than those in the backup. Make a new, "
                "empty database (CREATE DATABASE) and name it in DATABASE_URL."
            )
        )
    if _count("SELECT COUNT(*) FROM journal_entry"):
        raise PlaceNotEmpty(
            _(
                "The journal here has begun already. Make a new, empty database "
                "(CREATE DATABASE) and name it in DATABASE_URL."
            )
        )
    return True
