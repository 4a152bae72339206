"""A register on the command line: told first, written when nothing is open; and taken out."""

import csv
import io
import json
from pathlib import Path

import pytest

from keystead.exchange import queries
from keystead.keys import queries as keys
from tests.cast import World
from tests.transports.cli.terminal import Commands, Typed

pytestmark = pytest.mark.db

DOUBTFUL = "Key,Copy,Holder\nQ1,1,Dan Doe\nQ1,1,Eve Eck\n"


@pytest.fixture
def doubtful(tmp_path: Path) -> str:
    path = tmp_path / "keys.csv"
    path.write_text(DOUBTFUL)
    return str(path)


def labels(world: World) -> set[str]:
    return {key.label for key in keys.keys(world.ana)}


def test_an_open_question_stops_it_and_says_how_to_go_on(
    typed: Typed, world: World, doubtful: str
) -> None:
    stopped = typed("import", doubtful)
    (item,) = queries.imports(world.ana)
    assert (stopped.exit_code, item.state) == (5, "staged")
    assert "? " in stopped.stdout
    assert f"keystead import --continue {item.id}" in stopped.stderr
    assert "Q1" not in labels(world)
    done = typed("import", "--continue", str(item.id), "--take-suggestions")
    assert done.exit_code == 0, done.output
    assert "Imported: 2 copies" in done.stdout
    assert "Q1" in labels(world)


def test_an_answer_is_enough(typed: Typed, world: World, doubtful: str) -> None:
    stopped = typed("import", doubtful, "--json")
    look = json.loads(stopped.stderr)["data"]["look"]
    words = [
        word
        for doubt in look["plan"]["doubts"]
        if doubt["blocks"]
        for word in ("--answer", f"{doubt['id']}={doubt['choices'][0]['value']}")
    ]
    done = typed("import", "--continue", str(look["item"]["id"]), *words)
    assert done.exit_code == 0, done.output


def test_suggestions_at_once(ana: Commands, world: World, doubtful: str) -> None:
    assert "Imported: 2 copies" in ana("import", doubtful, "--take-suggestions")
    assert "Q1" in labels(world)


def test_a_dry_run_tells_and_keeps_nothing(ana: Commands, world: World, doubtful: str) -> None:
    assert "Nothing was written." in ana("import", doubtful, "--dry-run", "--take-suggestions")
    assert [item.state for item in queries.imports(world.ana)] == ["discarded"]


def test_problems_discarding_and_undoing(typed: Typed, world: World, doubtful: str) -> None:
    typed("import", doubtful)
    number = str(queries.imports(world.ana)[0].id)
    assert "Sheet,Row,Column" in typed("import", "--problems", number).stdout
    assert typed("import", "--undo", number).exit_code == 5
    assert typed("import", "--discard", number).exit_code == 0
    assert typed("import", "--discard", "999999").exit_code == 3


def test_a_file_that_is_not_there_or_no_table_is_wrong_input(typed: Typed, tmp_path: Path) -> None:
    assert typed("import", str(tmp_path / "none.csv")).exit_code == 2
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7 ...")
    assert typed("import", str(tmp_path / "x.pdf")).exit_code == 2
    assert typed("import").exit_code == 2
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(200 * 2**20)
    assert typed("import", str(tmp_path / "big.csv")).exit_code == 2


def test_the_export_is_a_csv_file(ana: Commands) -> None:
    rows = list(csv.DictReader(io.StringIO(ana("export").removeprefix("\ufeff"))))
    assert [(row["Key"], row["Copy number"]) for row in rows] == [("AA", "1"), ("AA", "2")]
