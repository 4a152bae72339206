"""What people get to see: previews and the file of problems."""

import csv
import io

import pytest

from keystead.exchange.guessing import guess
from keystead.exchange.planning.records import Outcome
from keystead.exchange.previewing import preview
from keystead.exchange.problems import escaped, problems_csv
from tests.exchange.support import book, doubt, plan_of, plan_register, register, table


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_problems_name_sheet_row_and_column() -> None:
    found = lines(problems_csv(plan_register("campus-keys.csv")))
    assert found[0] == [
        "Sheet",
        "Row",
        "Column",
        "Question or notice",
        "Found",
        "Problem",
        "What happens",
    ]
    line = next(one for one in found if one[1] == "136" and "calendar" in one[5])
    assert line == [
        "campus-keys.csv",
        "136",
        "Date Issued",
        "notice",
        "31/02/2019",
        "31/02/2019 is not a day of the calendar.",
        "Leave the date empty and keep “31/02/2019” in the remark.",
    ]
    rows = [int(one[1]) for one in found[1:]]
    assert rows == sorted(rows)


def test_formulas_in_problems_are_text_for_a_spreadsheet() -> None:
    found = lines(problems_csv(plan_register("campus-keys.csv")))
    cells = [cell for line in found[1:] for cell in line]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\uff1d1", "\r=1", "\n=1"]
)
def test_every_start_of_a_formula_is_escaped(text: str) -> None:
    assert escaped(text) == f"'{text}"


def test_codes_do_not_show_in_problems() -> None:
    text = problems_csv(plan_register("letting-key-book.xlsx"))
    assert "A code stands in “Notes”." in text
    assert "4471" not in text


def test_rows_left_out_are_listed() -> None:
    text = "Key,Key #\nAA1,1\nAA1,1\n"
    question = doubt(plan_of(text), "duplicate")
    found = lines(problems_csv(plan_of(text, {question.id: "skip"})))
    assert ["register.csv", "3", "", "", "", "The row was left out.", ""] in found
    assert next(line for line in found if "more than once" in line[5])[3] == "answered"


def test_problems_speak_the_readers_language() -> None:
    plan = plan_of("Key,Key #,Hook\nAA1,,4\n")
    text = problems_csv(plan, lambda sentence: sentence.replace("Row", "Zeile"))
    assert text.startswith("Sheet,Zeile,")


def test_a_preview_masks_codes_in_notes_and_in_columns_of_codes() -> None:
    for one in book(register("letting-key-book.xlsx")).tables:
        shown = preview(one, guess(one), limit=200)
        assert "4471" not in repr(shown)
        assert "••••" in "".join(cell for row in shown.rows for cell in row.cells)


def test_a_preview_shows_rows_with_their_doubts() -> None:
    plan = plan_register("campus-keys.csv")
    found = table(register("campus-keys.csv"), "campus-keys.csv")
    shown = preview(found, guess(found), plan, first=190, limit=20)
    assert [row.number for row in shown.rows] == list(range(190, 210))
    by_number = {row.number: row for row in shown.rows}
    assert by_number[202].outcome is Outcome.SECTION
    assert "duplicate" in {one.kind for one in by_number[193].doubts}
    assert shown.row_count == 948
    assert shown.columns[0].heading == "Key Code"
