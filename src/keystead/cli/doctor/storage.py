"""The database: whether it answers, what it promises, and whether its guards are there."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.refusing import Refused
from keystead.cli.starting import require_database
from keystead.cli.words import translate as _
from keystead.journal import guards
from keystead.journal import queries as journal

SKEW = timedelta(seconds=30)
REASONS = (
    ("password authentication failed", _("Set the right password in KEYSTEAD_DATABASE_URL.")),
    ("no password supplied", _("Put the password into KEYSTEAD_DATABASE_URL, or into a file.")),
    ("does not exist", _("Create the database and its user, or correct KEYSTEAD_DATABASE_URL.")),
    ("refused", _("Start the database server, or correct host and port in KEYSTEAD_DATABASE_URL.")),
    ("resolve", _("Correct the host in KEYSTEAD_DATABASE_URL.")),
    ("timeout", _("See whether the database server can be reached from here.")),
    ("permission", _("Let this user read and write the file and its folder.")),
    ("unable to open", _("Let this user read and write the file and its folder.")),
    ("malformed", _("Stop Keystead and restore the last backup; keep the broken file.")),
    ("locked", _("Another program holds the file; stop it, or wait.")),
)
"""What the database's own words are about, and what to do then."""


def _answers() -> Iterator[Finding]:
    try:
        require_database()
    except Refused as refusal:
        yield _silent(refusal.message)
        return
    except DatabaseError as error:
        yield _silent(_("does not answer: {why}").format(why=error))
        return
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            yield Finding("database", f"PostgreSQL {cursor.fetchone()[0]}")


def _silent(says: str) -> Finding:
    told = says.lower()
    advice = next((advice for part, advice in REASONS if part in told), "")
    return Finding(
        "database",
        " ".join(says.split()),
        is_well=False,
        why=_("Without it nothing works."),
        do=advice or _("Start Keystead first (`keystead up`), or look at KEYSTEAD_DATABASE_URL."),
        ends_here=True,
    )


def _sqlite() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    from keystead.database.sqlite.report import report

    found = report(connections["default"])
    says = _("SQLite {version}, journal {mode}, synchronous {synchronous}").format(
        version=found.version, mode=found.journal_mode, synchronous=found.synchronous
    )
    if found.wrong:
        says += ". " + _("Not as promised: {what}").format(what=", ".join(found.wrong))
        yield Finding(
            "database",
            says,
            is_well=False,
            why=_("After a power cut the last entries may be gone, or the file broken."),
            do=_("See that the data folder is on a local disk, and start Keystead again."),
        )
    else:
        yield Finding("database", says)
    yield Finding("why", found.why)


def _postgresql() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    off = []
    with connection.cursor() as cursor:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"SHOW {setting}")
            if cursor.fetchone()[0] == "off":
                off.append(setting)
    if not off:
        yield Finding("durability", _("what is committed is on the disk"))
        return
    yield Finding(
        "durability",
        _("off: {names}").format(names=", ".join(off)),
        is_well=False,
        why=_("After a power cut the last entries may be gone, or the whole database broken."),
        do=_("Set them to on in postgresql.conf and reload the server."),
    )


def _eatmydata() -> Iterator[Finding]:
    maps = Path("/proc/self/maps")
    loaded = os.environ.get("LD_PRELOAD", "") + (maps.read_text() if maps.exists() else "")
    if "eatmydata" in loaded:
        yield Finding(
            "writing",
            _("eatmydata is loaded"),
            is_well=False,
            why=_("It says that everything is on the disk when it is not."),
            do=_("Start Keystead without eatmydata: look at LD_PRELOAD."),
        )


def _tables() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        yield Finding("tables", _("up to date"))
        return
    yield Finding(
        "tables",
        _("{n} changes are waiting").format(n=waiting),
        is_well=False,
        why=_("This version of Keystead needs them."),
        do=_("Run: keystead migrate"),
        ends_here=True,
    )


def _guards() -> Iterator[Finding]:
    if not (gone := guards.missing()):
        yield Finding("journal", _("every trigger that keeps it from being changed is there"))
        return
    says = _("NOT PROTECTED, entries can be changed or removed. Triggers missing: {names}")
    yield Finding(
        "journal",
        says.format(names=", ".join(gone)),
        is_well=False,
        why=_("What happened since they are gone may have been changed without a trace."),
        do=_("Check the journals with `keystead verify`, and restore a backup that has them."),
    )


def _workspaces() -> Iterator[Finding]:
    for workspace in journal.workspaces():
        yield Finding("workspace", f"{workspace.slug} ({workspace.time_zone})")


def _clock() -> Iterator[Finding]:
    here = now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs(cursor.fetchone()[0] - now())
        if apart > SKEW:
            yield _wrong_clock(
                _("{n} seconds away from the database's").format(n=int(apart.total_seconds()))
            )
            return
    newest = journal.newest_entry_at()
    if newest is not None and newest > here + SKEW:
        yield _wrong_clock(
            _("before the last entry, of {at}").format(at=f"{newest:%Y-%m-%d %H:%M}")
        )
        return
    yield Finding("clock", f"{here:%Y-%m-%d %H:%M:%S UTC}")


def _wrong_clock(says: str) -> Finding:
    return Finding(
        "clock",
        says,
        is_well=False,
        why=_("Entries get wrong times, and loans are called late that are not."),
        do=_("Let the system set its clock over the network."),
    )


CHECKS = (
    Check("writing", _eatmydata),
    Check("database", _answers),
    Check("database", _sqlite, needs_database=True),
    Check("durability", _postgresql, needs_database=True),
    Check("tables", _tables, needs_database=True),
    Check("journal", _guards, needs_database=True),
    Check("clock", _clock, needs_database=True),
    Check("workspace", _workspaces, needs_database=True),
)
