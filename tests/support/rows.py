"""What lies in the database, table by table."""

from collections.abc import Iterable

from django.db import connection

Contents = dict[str, list[str]]

OF_READING = ("people_tries",)
"""What reading itself may change: a count of tries. Sessions are left out, too."""


def contents(but: Iterable[str] = OF_READING) -> Contents:
    """Every row of every table but those of the sign-in's sessions and some others."""
    left_out = set(but)
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        tables = [t for t in names if "session" not in t and t not in left_out]
        found = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def changed(before: Contents, after: Contents) -> set[str]:
    """The tables in which something is different."""
    return {table for table in before if before[table] != after[table]}
