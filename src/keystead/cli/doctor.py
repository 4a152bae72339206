"""What `keystead doctor` looks at. Nothing here changes anything, or shows a secret."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

import keystead
from keystead import config
from keystead.cli.refusing import Refused
from keystead.cli.starting import require_database
from keystead.cli.words import translate as _
from keystead.journal import guards
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION

LITTLE_SPACE = 500 * 1024 * 1024
SILENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it says, and whether that is as it should be."""

    about: str
    says: str
    is_well: bool = True


def examine() -> list[Finding]:
    """Everything, the database last."""
    findings = [Finding("version", keystead.__version__), *_folder(), *_key(), *_network()]
    try:
        require_database()
        return [*findings, *_database(), *_worker()]
    except Refused as refusal:
        return [*findings, Finding("database", refusal.message, False)]
    except DatabaseError as error:
        return [
            *findings,
            Finding("database", _("does not answer: {why}").format(why=error), False),
        ]


def _folder() -> Iterator[Finding]:
    folder = config.data_folder()
    if not folder.is_dir():
        yield Finding(
            "data", _("{folder} is not there; `keystead up` makes it").format(folder=folder)
        )
        return
    is_private = not folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    says = str(folder) if is_private else _("{f} can be read by other users").format(f=folder)
    yield Finding("data", says, is_private)
    free = shutil.disk_usage(folder).free
    yield Finding("disk", _("{mb} MB free").format(mb=free // 1024**2), free > LITTLE_SPACE)


def _key() -> Iterator[Finding]:
    path: Path = config.vault_key_file()
    if not path.exists():
        yield Finding("vault key", _("{path} will be made when it is needed").format(path=path))
        return
    is_private = not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    says = str(path) if is_private else _("{path} can be read by others").format(path=path)
    yield Finding("vault key", says, is_private)


def _network() -> Iterator[Finding]:
    yield Finding("names", ", ".join(settings.ALLOWED_HOSTS))
    words = _("a proxy speaks it") if settings.BEHIND_TLS else _("no; for this machine only")
    yield Finding("https", words)


def _database() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            yield Finding("database", f"PostgreSQL {cursor.fetchone()[0]}")
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    says = _("{n} changes are waiting: run `keystead migrate`") if waiting else _("up to date")
    yield Finding("tables", says.format(n=waiting), not waiting)
    if not waiting:
        yield _guards()
        for workspace in journal.workspaces():
            yield Finding("workspace", f"{workspace.slug} ({workspace.time_zone})")
            if workspace.id == INSTALLATION:
                continue  # what it tells of clocks, the workspaces tell, too, and confirm
            if (alarm := journal.clock_alarm(workspace.id)) is not None:
                says = _(
                    "set from {before} to {after} (entry {n} of {slug}); "
                    "an owner confirms on Today that it is right"
                ).format(
                    before=f"{alarm.before:%Y-%m-%d %H:%M UTC}",
                    after=f"{alarm.after:%Y-%m-%d %H:%M UTC}",
                    n=alarm.sequence,
                    slug=workspace.slug,
                )
                yield Finding("clock", says, False)


def _guards() -> Finding:
    if gone := guards.missing():
        says = _("NOT PROTECTED, entries can be changed or removed. Triggers missing: {names}")
        return Finding("journal", says.format(names=", ".join(gone)), False)
    return Finding("journal", _("every trigger that keeps it from being changed is there"))


def _sqlite() -> Iterator[Finding]:
    from keystead.database.sqlite.report import report

    found = report(connections["default"])
    says = _("SQLite {version}, journal {mode}, synchronous {synchronous}").format(
        version=found.version, mode=found.journal_mode, synchronous=found.synchronous
    )
    if found.wrong:
        says += ". " + _("Not as promised: {what}").format(what=", ".join(found.wrong))
    yield Finding("database", says, not found.wrong)
    yield Finding("why", found.why)


def _worker() -> Iterator[Finding]:
    seen = journal.last_seen("worker")
    if seen is None:
        yield Finding("worker", _("has never run; `keystead up` starts it"), False)
        return
    is_alive = now() - seen < SILENT
    yield Finding(
        "worker", _("last seen {when}").format(when=f"{seen:%Y-%m-%d %H:%M UTC}"), is_alive
    )
