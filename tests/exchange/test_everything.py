"""Taking everything out: nothing is missing, nothing is secret, nothing calculates."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from threading import Thread
from typing import Any

import openpyxl
import pytest
from django.db import connections

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.database.reading import one_snapshot
from keystead.exchange import everything, exporting, imports
from keystead.exchange import queries as import_queries
from keystead.hardware import operations as hardware
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Forbidden, NotFound
from keystead.kernel.secret import Secret
from keystead.keys import queries as keys
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.roles import Role
from tests.cast import World, member
from tests.transports.api.things import things, token

pytestmark = pytest.mark.db
FORMULA = '=HYPERLINK("http://evil.example","x")'


def taken(actor: Actor, kind: everything.Format) -> bytes:
    """The bytes of an export."""
    with everything.take_out(actor, kind).file as file:
        return file.read()


def tables(data: bytes) -> dict[str, list[list[str]]]:
    """The CSV files of an export by name, each as its rows."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {
        name.removesuffix(".csv"): list(
            csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
        )
        for name in archive.namelist()
    }


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of a workbook by name."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def fill(world: World) -> None:
    """A register with everything in it: past and open loans, an incident, a code, odd names."""
    t = things(world.ana, world)
    hardware.record_code(world.ana, lock_id=t.lone_lock, name="Lid", value=Secret("4471-secret"))
    hardware.note_code_told(world.ana, code_id=t.code, person_id=world.bo_person)
    odd = people.add_person(world.ana, name=FORMULA)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=odd, purpose="+1 paint")
    custody.return_copies(world.ana, copy_ids=[world.copy])
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=odd)
    things(world.cy, world.elsewhere)


def test_every_kind_of_thing_is_in_every_file(world: World) -> None:
    fill(world)
    wanted = {"copies", *(sheet.name for sheet in everything.SHEETS)}
    found = tables(taken(world.ana, "csv"))
    assert set(found) == wanted
    book = sheets(taken(world.ana, "xlsx"))
    assert set(book) == {name.replace("-", " ").capitalize() for name in wanted}
    document = json.loads(taken(world.ana, "json"))
    assert (document["format"], document["version"]) == ("keystead-export", 1)
    for name in wanted:
        rows = found[name]
        assert len(rows) > 1, name
        assert len({len(row) for row in rows}) == 1
        assert len(book[name.replace("-", " ").capitalize()]) == len(rows)
        assert len(document[name.replace("-", "_")]) == len(rows) - 1
    assert [row["until"] is None for row in document["loans"]] == [False, True]


def test_no_secret_and_nothing_of_others_is_in_it(world: World) -> None:
    fill(world)
    secret = token(world.ana)
    everywhere = "\n".join(
        [
            taken(world.ana, "json").decode(),
            *(str(rows) for rows in tables(taken(world.ana, "csv")).values()),
            *(str(rows) for rows in sheets(taken(world.ana, "xlsx")).values()),
        ]
    )
    assert "4471" not in everywhere
    assert secret not in everywhere
    assert "Cy" not in {one["name"] for one in json.loads(taken(world.ana, "json"))["persons"]}
    document = json.loads(taken(world.ana, "json"))
    theirs = json.loads(taken(world.cy, "json"))
    for name in ("copy_records", "keys", "sites", "loans", "incidents", "rings", "tags", "codes"):
        key = "stay_id" if name == "loans" else "id"
        assert not {row[key] for row in document[name]} & {row[key] for row in theirs[name]}, name


def test_no_cell_is_a_formula(world: World) -> None:
    fill(world)
    for name, rows in tables(taken(world.ana, "csv")).items():
        for row in rows:
            assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row), name
    book = openpyxl.load_workbook(io.BytesIO(taken(world.ana, "xlsx")))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert FORMULA in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_who_may_not_export_gets_nothing_and_members_are_for_owners(world: World) -> None:
    with pytest.raises(Forbidden):
        everything.take_out(world.bo, "json")
    with pytest.raises(NotFound):
        everything.take_out(world.intruder, "json")
    auditor = member(world.ana, "Audrey", Role.AUDITOR)
    assert "members" not in json.loads(taken(auditor, "json"))
    assert len(json.loads(taken(world.ana, "json"))["members"]) == 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_taken_out_comes_in_again_and_changes_nothing(
    world: World, kind: everything.Format
) -> None:
    fill(world)
    data, name = taken(world.ana, kind), "everything.xlsx"
    if kind == "csv":
        archive = zipfile.ZipFile(io.BytesIO(data))
        data, name = archive.read("copies.csv"), "copies.csv"
    import_id = imports.upload(world.ana, data, name)
    plan = imports.plan_for(world.ana, imports.opened(world.ana, import_id))
    assert plan.is_ready, [doubt.sentence for doubt in plan.questions]
    assert import_queries.compare(world.ana, plan).changes_nothing
    before = len(keys.copies(world.ana)), len(people_queries.persons(world.ana))
    assert imports.start(world.ana, import_id).copies_made == 0
    assert (len(keys.copies(world.ana)), len(people_queries.persons(world.ana))) == before


def test_it_is_all_of_one_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world)
    plain = exporting.copy_rows

    def hand_out() -> None:
        try:
            custody.return_copies(world.ana, copy_ids=[world.copy])
            people.add_person(world.ana, name="Latecomer")
        finally:
            connections.close_all()

    def meanwhile(*args: Any, **kwargs: Any) -> Iterator[tuple[str, ...]]:
        rows = list(plain(*args, **kwargs))
        thread = Thread(target=hand_out)
        thread.start()
        thread.join(30)
        assert not thread.is_alive(), "the export kept somebody from writing"
        yield from rows

    monkeypatch.setattr(exporting, "copy_rows", meanwhile)
    document = json.loads(taken(world.ana, "json"))
    assert custody_queries.where_is(world.ana, world.copy).state == "stored"
    assert "Latecomer" not in {one["name"] for one in document["persons"]}
    assert [one["until"] is None for one in document["loans"]] == [False, True]


def test_a_snapshot_lets_nothing_be_read_before_it_and_ends(world: World) -> None:
    with one_snapshot():
        assert keys.copies(world.ana)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert custody_queries.where_is(world.ana, world.copy).state == "held"
