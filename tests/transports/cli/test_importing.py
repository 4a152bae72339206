"""A register on the command line: told first, written when nothing is open; and taken out."""

import csv
import io
import json
from pathlib import Path

import pytest

from keystead.cli import importing
from keystead.exchange import imports, queries
from keystead.keys import queries as keys
from keystead.worker import steps
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


def test_a_big_register_is_waited_for(
    typed: Typed, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    monkeypatch.setattr(importing, "PAUSE", 0.01)
    monkeypatch.setattr("time.sleep", lambda _: steps.carry_out_imports(lambda: None))
    path = tmp_path / "big.csv"
    path.write_text("Key,Copy\nQ1,1\nQ2,1\nQ3,1\n")
    done = typed("import", str(path), "--json")
    told = json.loads(done.stdout)
    assert (told["is_finished"], told["copies_made"], done.stderr) == (True, 3, "")


def test_everything_is_written_into_a_new_file_for_oneself(
    ana: Commands, typed: Typed, tmp_path: Path
) -> None:
    target = tmp_path
    for kind in ("csv", "xlsx", "json"):
        target = tmp_path / f"keys.{kind}"
        told = ana.json("export", "--everything", kind, "--to", str(target))
        assert told == {"file": str(target), "bytes": target.stat().st_size, "kind": kind}
        assert target.stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "keys.json").read_text())["format"] == "keystead-export"
    again = typed("export", "--everything", "json", "--to", str(target))
    assert again.exit_code == 2
    assert typed("export", "--everything", "json").exit_code == 2
    copies = tmp_path / "copies.csv"
    ana("export", "--to", str(copies))
    assert copies.read_text(encoding="utf-8-sig").startswith("Key,Name,")


def test_a_file_that_is_not_given_is_not_left_behind(typed: Typed, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "keys.json"
    assert typed("export", "--everything", "json", "--to", str(target)).exit_code == 2
    assert list(tmp_path.iterdir()) == []
