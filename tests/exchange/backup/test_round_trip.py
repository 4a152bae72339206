"""What goes into a backup comes out of it: the same rows, on either database."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given

from keystead.custody import operations as custody
from keystead.exchange import queries
from keystead.exchange.backup import keys, sources
from keystead.exchange.backup.checking import check
from keystead.exchange.backup.tables import LEFT_OUT, schema
from keystead.journal import queries as journal
from keystead.journal.verify import verify
from keystead.people import operations as people
from keystead.people.models import Firm
from tests import cast
from tests.cast import World
from tests.exchange.backup import datasets, places
from tests.support.databases import Database, Source, fresh_database

pytestmark = pytest.mark.db


def round_trip(source: Source, folder: Path, odd: dict[str, Any]) -> None:
    """A world with odd rows, saved and brought back elsewhere."""
    with fresh_database(source):
        datasets.fill(cast.found_world(), odd)
        before, ends = places.contents(), queries.checkpoints()
        made = places.back_up(folder)
        with places.empty_place(source, folder):
            restored = places.bring_back(made.path)
            assert places.unchanged(places.contents()) == places.unchanged(before)
            assert restored.checked.tables == before
            assert list(restored.checked.checkpoints) == ends
            for end in ends:
                verdict = verify(end.workspace_id, (end.sequence, bytes.fromhex(end.digest)))
                assert verdict.holds, verdict


def suited(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@suited(5)
@given(odd=datasets.ODD)
def test_what_was_saved_comes_back(
    database: Database, database_source: Source, to: Path, odd: dict[str, Any]
) -> None:
    round_trip(database_source, to, odd)


@pytest.mark.audit
@suited(50)
@given(odd=datasets.ODD)
def test_what_was_saved_comes_back_fifty_times(
    database: Database, database_source: Source, to: Path, odd: dict[str, Any]
) -> None:
    round_trip(database_source, to, odd)


def test_a_register_moves_between_databases(
    world: World, database: Database, database_source: Source, to: Path, tmp_path: Path
) -> None:
    """Each time by the command line alone; on PostgreSQL to SQLite and back again."""
    key, before, ends = tmp_path / "key", places.contents(), queries.checkpoints()
    key.write_text(places.KEY.identity.reveal())
    sqlite = f"sqlite://{tmp_path}/moved.sqlite3"
    path = places.back_up(to).path
    done = places.keystead("restore", str(path), "--key", str(key), DATABASE_URL=sqlite)
    assert done.returncode == 0, done.stderr
    again = tmp_path / "again"
    again.mkdir()
    saved = places.keystead("backup", "--to", str(again), "--json", DATABASE_URL=sqlite)
    assert saved.returncode == 0, saved.stderr
    with places.empty_place(database_source, tmp_path):
        places.bring_back(Path(json.loads(saved.stdout)["path"]))
        assert places.unchanged(places.contents()) == places.unchanged(before)
        for end in ends:
            assert verify(end.workspace_id, (end.sequence, bytes.fromhex(end.digest))).holds


def test_numbers_once_given_are_not_given_again(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    last = Firm.objects.create(workspace_id=world.workspace, name="Gone")
    number = last.pk
    last.delete()
    made = places.back_up(to)
    with places.empty_place(database_source, tmp_path):
        places.bring_back(made.path)
        firm = people.add_firm(world.ana, name="New")
        assert firm == number + 1


def test_a_brought_back_register_goes_on(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    made = places.back_up(to)
    with places.empty_place(database_source, tmp_path):
        places.bring_back(made.path)
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
        assert journal.verify(world.ana).holds


def test_a_backup_under_load_is_of_one_moment(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    """The chains, the heads and the rows fit each other, or it would be refused."""
    stop, written = Event(), list[int]()

    def write() -> None:
        while not stop.is_set():
            written.append(people.add_firm(world.ana, name=f"Firm {len(written)}"))
        connection.close()

    writer = Thread(target=write)
    writer.start()
    try:
        made = [places.back_up(to) for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    assert written
    for one in made:
        check(one.path, keys.identities(places.KEY.identity))
    with places.empty_place(database_source, tmp_path):
        places.bring_back(made[-1].path)
        told = [
            e for e in journal.entries(world.ana, limit=100_000) if e.name == "people.firm-added"
        ]
        assert len(told) == Firm.objects.filter(workspace_id=world.workspace).count()


def test_a_data_folder_may_be_called_anything(
    world: World, to: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "Schlüssel & co? 100% #1"
    odd.mkdir()
    monkeypatch.setenv("KEYSTEAD_DATA", str(odd))
    assert check(places.back_up(to).path, keys.identities(places.KEY.identity)).rows


class Shelf:
    """Files of some context, kept in memory."""

    name = "shelf"

    def __init__(self, *contents: bytes) -> None:
        self.kept = {hashlib.sha256(one).hexdigest(): one for one in contents}

    def files(self) -> Iterator[tuple[str, int]]:
        yield from ((name, len(one)) for name, one in self.kept.items())

    def read(self, name: str) -> Iterable[bytes]:
        whole = self.kept[name]
        return (whole[n : n + 1000] for n in range(0, len(whole), 1000))

    def keep(self, name: str, pieces: Iterable[bytes]) -> None:
        self.kept[name] = b"".join(pieces)


def test_files_come_along(world: World, database_source: Source, to: Path, tmp_path: Path) -> None:
    shelf, other = Shelf(b"", b"plan", os.urandom(300_000)), Shelf()
    sources.register(shelf)
    try:
        made = places.back_up(to)
        sources.register(other)
        with places.empty_place(database_source, tmp_path):
            assert places.bring_back(made.path).checked.files == 3
    finally:
        sources.forget("shelf")
    assert other.kept == shelf.kept


def test_every_table_is_saved_or_left_out_for_a_reason() -> None:
    """A new table has to be thought of: its kinds, or why it stays behind."""
    elsewhere = {"auth", "contenttypes", "sessions", "usersessions", "account", "mfa"}
    tables = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }
    forgotten = tables - set(schema()) - set(LEFT_OUT)
    assert {label for label in forgotten if label.split(".")[0] not in elsewhere} == set()
    assert {"account.emailaddress", "people.account", "journal.entry"} <= set(schema())
