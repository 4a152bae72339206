"""What the embedded database is set to, and why: for `keystead doctor`."""

from dataclasses import dataclass
from pathlib import Path
from sqlite3 import sqlite_version, sqlite_version_info

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from keystead.database.sqlite.base import DatabaseWrapper

Version = tuple[int, int, int]

FULL = 2
PROMISED = {
    "journal_mode": "wal",
    "synchronous": FULL,
    "foreign_keys": 1,
    "recursive_triggers": 1,
}


@dataclass(frozen=True, slots=True)
class Report:
    """One connection's settings as SQLite states them; `wrong` names those not as promised."""

    version: str
    has_wal_reset_bug: bool
    journal_mode: str
    synchronous: str
    foreign_keys: bool
    recursive_triggers: bool
    waiting_s: float
    gate: Path | None
    wrong: tuple[str, ...]
    why: str


def has_wal_reset_bug(version: Version) -> bool:
    """Whether a commit racing with a checkpoint can corrupt a WAL database.

    True from 3.7.0 to 3.51.2, but for the corrected 3.44.6 and 3.50.7 lines. A distribution may
    have mended an older number; that cannot be seen, so it counts as having the bug.
    """
    mended = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return (3, 7, 0) <= version < (3, 51, 3) and not mended


def report(connection: BaseDatabaseWrapper) -> Report:
    """Ask the database behind `connection` for its settings. Raises TypeError if not SQLite."""
    if not isinstance(connection, DatabaseWrapper):
        raise TypeError("Only a database of keystead.database.sqlite has this report.")
    with connection.cursor() as cursor:

        def pragma(name: str) -> str | int:
            value: str | int = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            return value

        found = {name: pragma(name) for name in (*PROMISED, "busy_timeout")}
    buggy = has_wal_reset_bug(sqlite_version_info)
    return Report(
        version=sqlite_version,
        has_wal_reset_bug=buggy,
        journal_mode=str(found["journal_mode"]),
        synchronous=("OFF", "NORMAL", "FULL", "EXTRA")[int(found["synchronous"])],
        foreign_keys=bool(found["foreign_keys"]),
        recursive_triggers=bool(found["recursive_triggers"]),
        waiting_s=int(found["busy_timeout"]) / 1000,
        gate=None if connection.gate is None else connection.gate.path,
        wrong=tuple(name for name, value in PROMISED.items() if found[name] != value),
        why=_why(buggy),
    )


def _why(buggy: bool) -> str:
    if not buggy:
        return _(
            "Write-ahead logging: readers never wait. Writers queue at the write gate, so that "
            "none waits much longer than the others."
        )
    return _(
        "Write-ahead logging: readers never wait. This SQLite can damage a database when one "
        "program commits in the very moment in which another checkpoints; Keystead does both "
        "only behind its write gate, one program at a time. Let no other program write to, or "
        "checkpoint, the database while Keystead runs. An upgrade to SQLite 3.51.3 ends this."
    )
