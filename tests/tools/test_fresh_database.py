"""What tests with a database rely on."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction

from tests.support.databases import Database

LATER = datetime(2100, 1, 1, tzinfo=UTC)
WRITE = """
import django
django.setup()
from django.contrib.sessions.models import Session
Session.objects.create(session_key="process", expire_date="2100-01-01T00:00:00Z")
"""


def write(name: str) -> None:
    Session.objects.create(session_key=name, expire_date=LATER)


@pytest.mark.db
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_database(turn: int) -> None:
    assert not Session.objects.exists()
    with transaction.atomic(durable=True):
        write(f"turn {turn}")


@pytest.mark.db
def test_threads_and_processes_share_the_database_of_their_test(database: Database) -> None:
    def write_and_leave() -> None:
        write("thread")
        connections.close_all()

    thread = Thread(target=write_and_leave)
    thread.start()
    thread.join()
    subprocess.run([sys.executable, "-c", WRITE], check=True)
    assert os.environ["DATABASE_URL"] == database.url
    assert connection.vendor == database.vendor
    assert set(Session.objects.values_list("session_key", flat=True)) == {"thread", "process"}


def test_a_test_that_asks_for_no_database_has_none() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Session.objects.exists()
