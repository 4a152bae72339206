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
from keystead.exchange import queries as exchange
from keystead.exchange.backup import scheduling
from keystead.journal import guards
from keystead.journal import queries as journal
from keystead.journal.installation import quarantined_since
from keystead.kernel.errors import KeysteadError

LITTLE_SPACE = 500 * 1024 * 1024
SILENT = timedelta(minutes=15)
YOUNG = timedelta(days=7)
"""So long a register does without backups before the doctor says so."""


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
        return [*findings, *_database(), *_worker(), *_backups()]
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


def _backups() -> Iterator[Finding]:
    if (held := quarantined_since()) is not None:
        says = _("this copy is held back since {when}: keystead quarantine")
        yield Finding("quarantine", says.format(when=f"{held:%Y-%m-%d %H:%M UTC}"), False)
    try:
        planned = scheduling.plan()
    except KeysteadError as refusal:
        yield Finding("backups", str(refusal.message), False)
        return
    if planned.to is None:
        yield _without_backups()
    elif not planned.recipients:
        yield Finding("backups", _("nobody could open them: keystead backup key"), False)
    elif not planned.to.is_dir():
        says = _("the folder {folder} is not there")
        yield Finding("backups", says.format(folder=planned.to), False)
    else:
        yield _last_backup(planned.to, planned.every)


def _without_backups() -> Finding:
    """No plan is well for a demonstration, and for a register so young that it loses little."""
    says = _("none are made: set KEYSTEAD_BACKUP_TO, then keystead backup key")
    last = exchange.last_backup()
    if last is not None and now() - last.made_at < YOUNG:
        says = _("none by itself; the last one is of {when}")
        return Finding("backups", says.format(when=f"{last.made_at:%Y-%m-%d %H:%M UTC}"))
    since = exchange.in_use_since()
    return Finding("backups", says, since is None or now() - since < YOUNG)


def _last_backup(folder: Path, every: timedelta) -> Finding:
    tried, last = exchange.last_attempt_at(), exchange.last_backup()
    if tried is not None and tried[1] is not None:
        says = _("the last one failed at {when}: {why}")
        return Finding(
            "backups", says.format(when=f"{tried[0]:%Y-%m-%d %H:%M UTC}", why=tried[1]), False
        )
    if last is None:
        since = exchange.in_use_since()
        is_well = since is None or now() - since < YOUNG
        return Finding("backups", _("none yet, into {folder}").format(folder=folder), is_well)
    is_fresh = now() - last.made_at < max(every * 2, timedelta(days=2))
    is_there = (folder / last.file_name).exists()
    says = _("the last one is of {when}, {file}, for {n} keys to open")
    if not is_there:
        says = _("the last one, of {when}, {file}, is no longer there")
    elif not last.is_good:
        says = _("the last one, of {when}, {file}, is of a journal that does not hold")
    words = says.format(
        when=f"{last.made_at:%Y-%m-%d %H:%M UTC}", file=folder / last.file_name, n=last.recipients
    )
    return Finding("backups", words, is_fresh and is_there and last.is_good)
