"""A register over the API: upload, look, answer, write; and files that are none."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from keystead.exchange import queries
from keystead.keys import queries as keys
from tests.cast import World
from tests.exchange.support import register
from tests.transports.api.things import Caller, Upload, caller

pytestmark = pytest.mark.db

DOUBTFUL = b"Key,Copy,Holder,Notes\nQ1,1,Dan Doe,alarm 4471\nQ1,1,Eve Eck,\n"


def uploaded(someone: Caller, content: bytes, name: str = "keys.csv") -> Any:
    answer = someone("POST", "/imports", Upload(name, content))
    assert answer.status_code == 201, answer.content
    return json.loads(answer.content)


def test_questions_are_told_answered_and_then_the_register_is_written(world: World) -> None:
    ana = caller(world)
    look = uploaded(ana, DOUBTFUL)
    here = f"/imports/{look['item']['id']}"
    assert not look["plan"]["is_ready"]
    assert "4471" not in json.dumps(look)
    refused = ana("POST", f"{here}/apply")
    assert (refused.status_code, json.loads(refused.content)["code"]) == (
        409,
        "import-questions-open",
    )
    open_ones = [d for d in look["plan"]["doubts"] if d["blocks"]]
    answers = {d["id"]: d["choices"][0]["value"] for d in open_ones}
    body = {"version": look["item"]["version"], "answers": answers}
    assert json.loads(ana("PUT", f"{here}/answers", body).content)["plan"]["is_ready"]
    headers = {"Idempotency-Key": "once"}
    first, second = (ana("POST", f"{here}/apply", headers=headers) for _ in range(2))
    assert (first.status_code, first.content) == (200, second.content)
    assert "Q1" in {key.label for key in keys.keys(world.ana)}
    over = ana.get(here)
    assert (over["item"]["state"], over["plan"]) == ("finished", None)


def test_suggestions_answer_everything(world: World) -> None:
    ana = caller(world)
    look = uploaded(ana, register("campus-keys.csv"), "campus-keys.csv")
    body = {"version": look["item"]["version"], "take_suggestions": True}
    answer = ana("PUT", f"/imports/{look['item']['id']}/answers", body)
    assert json.loads(answer.content)["plan"]["is_ready"]


def test_the_problems_come_as_csv(world: World) -> None:
    ana = caller(world)
    look = uploaded(ana, DOUBTFUL)
    answer = ana("GET", f"/imports/{look['item']['id']}/problems")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Sheet", "Row"]
    assert b"4471" not in answer.content


def test_columns_that_do_not_fit_are_refused(world: World) -> None:
    ana = caller(world)
    look = uploaded(ana, DOUBTFUL)
    sheet = {"purpose": "register", "header": 1, "fields": ["key", "nonsense"]}
    body = {"version": look["item"]["version"], "sheets": [sheet]}
    answer = ana("PUT", f"/imports/{look['item']['id']}/columns", body)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "import-layout")


def test_a_file_thrown_away_is_over(world: World) -> None:
    ana = caller(world)
    here = f"/imports/{uploaded(ana, DOUBTFUL)['item']['id']}"
    assert [ana("POST", f"{here}/discard").status_code for _ in range(2)] == [204, 204]
    refused = ana("POST", f"{here}/apply")
    assert (refused.status_code, json.loads(refused.content)["code"]) == (409, "import-ended")


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (210 * 2**20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("wide.csv", ",".join(["a"] * 10_000).encode(), "import-file-too-large"),
        ("quote.csv", b'Key,Copy\nQ1,"1\nQ2,2\n', "import-quote-never-closed"),
        ("nul.csv", b"Key,Copy\nQ1\x00,1\n", "import-not-a-table"),
        ("binary.csv", bytes(range(256)) * 40, "import-not-a-table"),
        ("bomb.xlsx", bomb, "import-unsafe-workbook"),
        ("big.csv", b"Key,Copy\n" + b"Q1,1\n" * (21 * 2**20 // 5), "import-file-too-large"),
        ("empty.csv", b"", None),
    ],
    ids=["wide", "quote", "nul", "binary", "bomb", "big", "empty"],
)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    world: World, name: str, content: Any, code: str | None
) -> None:
    answer = caller(world)(
        "POST", "/imports", Upload(name, content() if callable(content) else content)
    )
    told = json.loads(answer.content)
    assert answer.status_code == 422, told
    assert code is None or told["code"] == code, told
    assert queries.imports(world.ana) == []


def test_all_copies_come_as_csv(world: World) -> None:
    answer = caller(world, read_only=True)("GET", "/copies.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="copies.csv"'
    text = b"".join(answer).decode("utf-8-sig")  # it is streamed
    assert [row["Copy number"] for row in csv.DictReader(io.StringIO(text))] == ["1", "2"]
