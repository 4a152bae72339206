"""What `keystead doctor` looks at. Nothing here changes anything, or shows a secret."""

import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

import keystead
from keystead import config
from keystead.cli.finding import Finding
from keystead.cli.refusing import Refused
from keystead.cli.starting import require_database
from keystead.cli.vault_doctor import keys_in_database, vault_key
from keystead.cli.words import translate as _
from keystead.journal import checkpoints, guards, outside
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, system

LITTLE_SPACE = 500 * 1024 * 1024
SILENT = timedelta(minutes=15)


def examine() -> list[Finding]:
    """Everything, the database last."""
    findings = [Finding("version", keystead.__version__), *_folder(), *vault_key(), *_network()]
    try:
        require_database()
        return [*findings, *_database(), *keys_in_database(), *_worker()]
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
        yield from _sealing()


def _guards() -> Finding:
    if gone := guards.missing():
        says = _("NOT PROTECTED, entries can be changed or removed. Triggers missing: {names}")
        return Finding("journal", says.format(names=", ".join(gone)), False)
    return Finding("journal", f"{_('every trigger is there')}; {_who_can_change_it()}")


def _who_can_change_it() -> str:
    if connection.vendor == "sqlite":
        return _("on SQLite whoever may write to the file could take them off")
    if guards.may_change():
        return _("but this role could take them off; see SECURITY.md for one that cannot")
    return _("and this role may neither change the journal nor take them off")


def _sealing() -> Iterator[Finding]:
    """Checkpoints: where they go, and what is wrong with each journal's."""
    kinds = [place.kind for place in outside.places()]
    says = ", ".join(kinds) or _(
        "go nowhere, so a journal cut short would not be noticed. Set KEYSTEAD_CHECKPOINTS"
    )
    folder = config.checkpoint_folder()
    is_there = folder is None or folder.is_dir()
    if not is_there:
        says = _("the folder {folder} is not there").format(folder=folder)
    yield Finding("checkpoints", says, is_there)
    for workspace in journal.workspaces():
        found = checkpoints.sealing(system(workspace.id, "doctor", local=True))
        if wrong := _wrong_with(found, is_wanted=bool(kinds)):
            yield Finding("checkpoints", f"{workspace.slug}: {'; '.join(wrong)}", False)
        elif found.last:
            when = f"{found.last.at:%Y-%m-%d %H:%M UTC}"
            says = _("{slug}: sealed up to entry {number}, {when}").format(
                slug=workspace.slug, number=found.last.sequence, when=when
            )
            yield Finding("checkpoints", says)


def _wrong_with(found: checkpoints.Sealing, *, is_wanted: bool) -> list[str]:
    wrong = []
    if found.first_bad is not None:
        said = _("ALARM, entry {number} does not hold, nothing is signed any more")
        wrong.append(said.format(number=found.first_bad))
    if found.failed:
        wrong.append(
            _("the last one did not go into: {where}").format(where=", ".join(found.failed))
        )
    if is_wanted and found.is_overdue:
        wrong.append(
            _("overdue since {since}").format(since=f"{found.waiting_since:%Y-%m-%d %H:%M}")
        )
    return wrong


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
