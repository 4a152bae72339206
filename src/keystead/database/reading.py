"""Reading many things as of one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Within this block everything read is as it was at one moment. Nothing may be written.

    Writers are not kept waiting: SQLite reads its write-ahead log only as far as it went then,
    PostgreSQL the rows of then. Raises RuntimeError inside of a transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A snapshot begins before anything else was read.")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
