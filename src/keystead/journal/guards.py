"""Whether the database still refuses to change or shorten the journal."""

from django.db import connection

_SQLITE = (
    ("journal_entry", "journal_entry_in_order"),
    ("journal_entry", "journal_entry_no_update"),
    ("journal_entry", "journal_entry_no_delete"),
    ("journal_mention", "journal_mention_once"),
    ("journal_mention", "journal_mention_no_update"),
    ("journal_mention", "journal_mention_no_delete"),
)
_POSTGRESQL = (
    ("journal_entry", "journal_entry_in_order"),
    ("journal_entry", "journal_entry_fixed"),
    ("journal_entry", "journal_entry_no_truncate"),
    ("journal_mention", "journal_mention_fixed"),
    ("journal_mention", "journal_mention_no_truncate"),
)
_THERE = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)"
    ),
}


def expected() -> tuple[tuple[str, str], ...]:
    """Table and name of each trigger that the migrations make on the database in use."""
    return _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL


def missing() -> list[str]:
    """The triggers that are gone or switched off, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor])
        there = {(table, name) for table, name in cursor.fetchall()}
    return [name for table, name in expected() if (table, name) not in there]


def may_change() -> bool:
    """Whether the role in use (PostgreSQL) could change entries or take a trigger off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')"
            " OR pg_has_role(c.relowner, 'MEMBER')) FROM pg_class c"
            " WHERE c.relname IN ('journal_entry', 'journal_mention')"
            " AND pg_table_is_visible(c.oid)"
        )
        return bool(cursor.fetchone()[0])
