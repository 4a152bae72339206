"""Reading everything as it was at one moment, while others go on writing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection, connections, transaction

ALIAS = "snapshot"


@contextmanager
def snapshot(work: Path) -> Iterator[str]:
    """The alias of a database that stands still.

    PostgreSQL: one read-only transaction. SQLite: a copy made by VACUUM INTO, which holds up no
    writer, in the private folder `work`; the copy is gone afterwards. A copy that a killed
    process left there is removed first.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield "default"
        return
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
    try:
        path = work / "snapshot.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        with opened(path):
            yield ALIAS
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """A SQLite file to read, under `ALIAS`, with Django's plain backend."""
    described = {
        "default": connections.settings["default"],
        ALIAS: {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"file:{quote(str(path))}?mode=ro&immutable=1",
            "OPTIONS": {"uri": True},
        },
    }
    connections.settings[ALIAS] = connections.configure_settings(described)[ALIAS]
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.settings[ALIAS]
