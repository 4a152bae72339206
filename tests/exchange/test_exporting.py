"""The register of copies as a file: what it holds, what it hides, and that it comes back as is."""

import csv
import io

import pytest

from keystead.custody import operations as custody
from keystead.exchange import exporting, imports
from keystead.hardware import operations as hardware
from keystead.journal import queries as journal
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Forbidden, NotFound
from keystead.kernel.secret import Secret
from keystead.keys import operations as keys
from tests.cast import World
from tests.exchange.support import register
from tests.exchange.test_importing import bring_in, copy_states

pytestmark = pytest.mark.db

REGISTERS = (
    "schluesselverzeichnis.csv",
    "family.csv",
    "letting-key-book.xlsx",
    "campus-keys.csv",
)


def exported(actor: Actor) -> bytes:
    return "".join(exporting.copies_csv(actor)).encode()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def check_that_it_comes_back_as_is(actor: Actor) -> None:
    before, content = copy_states(actor), exported(actor)
    sequence = journal.seal(actor).sequence
    applied = bring_in(actor, content, "copies.csv")
    assert (applied.keys_made, applied.copies_made, applied.persons_made) == (0, 0, 0)
    assert copy_states(actor) == before
    told = journal.entries(actor, limit=journal.seal(actor).sequence - sequence)
    assert {entry.name for entry in told} <= {
        "exchange.import-staged",
        "exchange.import-prepared",
        "exchange.import-finished",
    }
    assert exported(actor) == content


def test_a_copy_is_told_with_holder_home_and_ring(world: World) -> None:
    keys.add_ring(world.ana, name="Night", copy_ids=[world.other_copy])
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    out, inside = rows_of(exported(world.ana))
    assert (out["Key"], out["Copy number"], out["State"], out["Holder"]) == ("AA", "1", "out", "Bo")
    assert (inside["State"], inside["Cabinet"], inside["Hook"]) == ("in", "Cabinet", "2")
    assert (inside["Ring"], inside["Out since"]) == ("Night", "")


def test_spreadsheets_get_text_and_no_codes(world: World) -> None:
    key = keys.add_key(world.ana, name="=HYPERLINK(1)")
    custody.cut_copies(world.ana, key_id=key, count=1)
    hardware.record_code(world.ana, lock_id=world.lock, name="Panel", value=Secret("4471"))
    content = exported(world.ana)
    assert content.startswith("\ufeffKey,Name,Copy number,Mark,State".encode())
    assert rows_of(content)[-1]["Key"] == "'=HYPERLINK(1)"
    assert b"4471" not in content
    check_that_it_comes_back_as_is(world.ana)


def test_only_who_may_export_does(world: World) -> None:
    with pytest.raises(Forbidden):
        exporting.copies_csv(world.bo)
    with pytest.raises(NotFound):
        exporting.copies_csv(world.intruder)


def test_scenario_18_own_export_reimported_changes_nothing(world: World) -> None:
    key = keys.add_key(world.ana, symbol="GS 2", name="General")
    copies = custody.cut_copies(world.ana, key_id=key, numbers=[4, 7, 9])
    keys.change_copy(world.ana, copy_id=copies[0], version=1, mark="17")
    custody.report_missing(world.ana, copy_ids=copies[1:2], note="not at the count")
    custody.check_out(world.ana, copy_ids=copies[2:], person_id=world.bo_person)
    custody.destroy_copies(world.ana, copy_ids=[world.other_copy])
    check_that_it_comes_back_as_is(world.ana)


@pytest.mark.parametrize("name", REGISTERS)
def test_scenario_18_an_imported_register_exported_and_reimported_stays(
    world: World, name: str
) -> None:
    bring_in(world.ana, register(name), name)
    check_that_it_comes_back_as_is(world.ana)


def test_an_export_is_read_into_an_empty_register(world: World) -> None:
    bring_in(world.ana, register("family.csv"), "family.csv")
    content = exported(world.ana)
    bring_in(world.cy, content, "copies.csv")
    missing = set(copy_states(world.ana)) - set(copy_states(world.cy))
    assert missing == set()


def test_a_table_of_somebody_else_is_read_as_it_is(world: World) -> None:
    import_id = imports.upload(world.ana, b"Key,Mark\nAA,'1\n", "x.csv")
    (table,) = imports.opened(world.ana, import_id).book.tables
    assert not exporting.is_own(table)
    assert table.at(2).cells == ("AA", "'1")
