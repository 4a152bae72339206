"""What `keystead doctor` is told about the embedded database."""

from pathlib import Path
from sqlite3 import sqlite_version

import pytest
from django.db.backends.dummy.base import DatabaseWrapper as Dummy

from keystead.database.sqlite import has_wal_reset_bug, report
from tests.database.conftest import Connect


def test_the_report_states_what_is_used_and_why(connect: Connect, register: Path) -> None:
    found = report(connect(timeout=7))
    assert found.version == sqlite_version
    assert (found.journal_mode, found.synchronous) == ("wal", "FULL")
    assert found.foreign_keys
    assert found.recursive_triggers
    assert found.waiting_s == 7
    assert found.gate == register.with_name("register.sqlite3-gate")
    assert found.wrong == ()
    assert "write gate" in found.why


@pytest.mark.usefixtures("register")
def test_the_report_names_a_setting_that_is_not_as_promised(connect: Connect) -> None:
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = OFF")
    found = report(connection)
    assert (found.wrong, found.synchronous) == (("synchronous", "foreign_keys"), "NORMAL")


def test_there_is_no_report_about_another_database() -> None:
    with pytest.raises(TypeError):
        report(Dummy({}))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 1), False),
    ],
)
def test_versions_with_the_wal_reset_bug_are_known(
    version: tuple[int, int, int], expected: bool
) -> None:
    assert has_wal_reset_bug(version) is expected
