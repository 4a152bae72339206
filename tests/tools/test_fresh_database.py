"""What tests with a database rely on."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from keystead.journal.models import Lease
from tests.support.databases import Database

LATER = datetime(2100, 1, 1, tzinfo=UTC)
WRITE = """
import django
django.setup()
from django.utils.timezone import now
from keystead.journal.models import Lease
Lease.objects.create(name="process", holder="x", until=now(), seen_at=now())
"""


def write(name: str) -> None:
    Lease.objects.create(name=name, holder="x", until=LATER, seen_at=LATER)


@pytest.mark.db
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_database(turn: int) -> None:
    assert not Lease.objects.exists()
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
    assert set(Lease.objects.values_list("name", flat=True)) == {"thread", "process"}


def test_a_test_that_asks_for_no_database_has_none() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Lease.objects.exists()
