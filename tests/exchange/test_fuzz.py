"""Whatever is uploaded: a plan or a clear refusal, nothing else."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from keystead.exchange.guessing import Field, Layout, Purpose, guess
from keystead.exchange.planning import Answers, Settings, Source, make_plan
from keystead.exchange.planning.records import Outcome, State
from keystead.exchange.previewing import preview
from keystead.exchange.problems import problems_csv
from keystead.exchange.reading import read
from keystead.exchange.tables import make_table
from keystead.kernel.errors import Invalid
from tests.exchange.support import TODAY, register

CELLS = st.one_of(
    st.sampled_from(
        [
            *(
                "AA1",
                "aa1",
                "AC28-2",
                "#2",
                "2",
                "all",
                "3xx",
                "144-205",
                "332, 245",
                "safe",
                "C2/54",
            ),
            *(
                "31/02/2019",
                "03/04/2025",
                "28.12.2025",
                "unbekannt",
                "before 2015",
                "45000",
                "0",
                "-1",
            ),
            *(
                "LOST",
                "verloren!",
                "alarm 4471",
                "in",
                "OUT",
                "?",
                "x",
                "Y?lmaz",
                "$ 20",
                "%s %(x)s",
            ),
            *(
                "Hausmeister",
                "Fa. Köhler",
                "Tanaka, Lena",
                "Hugo Becker (Ace Plumbing)",
                "Ana / Bo",
            ),
            *("3 + fob", "2 yale 1 mortice", '=HYPERLINK("x")', "Übergabe an Nachmieter", "28"),
            "Mum, Ben (school bag), hook in kitchen; lockbox (code with Jo)",
            "Duplikat nachgemacht; ohne Genehmigung",
        ]
    ),
    st.text(max_size=30),
    st.just(""),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=12)
FIELDS = st.sampled_from(list(Field))


def look_through(data: bytes) -> None:
    """Everything that happens to an upload before it is applied."""
    try:
        found = read(data, "register.csv")
        layouts = [guess(one) for one in found.tables]
        for one, layout in zip(found.tables, layouts, strict=True):
            preview(one, layout)
        sources = [Source(*pair) for pair in zip(found.tables, layouts, strict=True)]
        problems_csv(make_plan(sources, Settings(today=TODAY)))
    except Invalid as refusal:
        said = refusal.message
    else:
        return
    if not said.endswith("."):
        raise AssertionError(said)


@given(st.binary(max_size=400))
@example(b"PK\x03\x04" + bytes(40))
@example(b"\xff\xfea")
@example(b"\xff\xfe\x00\x00")
def test_any_bytes_are_planned_or_refused(data: bytes) -> None:
    look_through(data)


@given(st.text(max_size=400))
def test_any_text_is_planned_or_refused(text: str) -> None:
    look_through(text.encode("utf-8", "replace"))


@given(st.integers(0, 9000), st.binary(max_size=6))
def test_a_damaged_register_is_planned_or_refused(at: int, patch: bytes) -> None:
    data = bytearray(register("schluesselverzeichnis.csv"))
    data[at : at + len(patch)] = patch
    look_through(bytes(data))


@given(ROWS)
def test_any_table_is_planned_or_refused(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([["Key", "Key #", "Where", "Issued", "Notes"], *rows])
    look_through(file.getvalue().encode("utf-8", "replace"))


@settings(max_examples=300)
@given(ROWS, st.lists(FIELDS, min_size=8, max_size=8), st.booleans(), st.data())
def test_any_layout_gives_a_sound_plan_or_a_refusal(
    rows: list[list[str]], fields: list[Field], rows_are_sets: bool, data: st.DataObject
) -> None:
    table = make_table("t", rows)
    layout = Layout(
        data.draw(st.sampled_from(list(Purpose))),
        data.draw(st.sampled_from([None, 1])),
        tuple(fields[: table.width]),
        rows_are_sets,
    )
    sources, today = [Source(table, layout)], Settings(today=TODAY)
    try:
        plan = make_plan(sources, today)
    except Invalid:
        return
    identities = [copy.identity for copy in plan.copies]
    assert len(set(identities)) == len(identities)
    assert all(copy.holder for copy in plan.copies if copy.state is State.OUT)
    assert all(one.rows and one.text and one.consequence for one in plan.doubts)
    assert {row.number for row in plan.rows} == {row.number for row in table.rows}
    for code in plan.codes:
        if code.value is not None and code.value.reveal() == "4471":
            assert code.value.reveal() not in repr([plan, plan.rows, plan.copies, plan.doubts])
    again = make_plan(sources, today, plan.suggested())
    assert again.is_ready
    assert again.rows == plan.rows


@given(ROWS, st.data())
def test_any_choice_of_answers_gives_a_ready_plan_or_a_refusal(
    rows: list[list[str]], data: st.DataObject
) -> None:
    table = make_table("t", [["Key", "Key #", "Where", "Issued", "Returned", "Notes"], *rows])
    sources, answers = [Source(table, guess(table))], dict[str, str]()
    try:
        plan = make_plan(sources, Settings(today=TODAY), Answers(answers))
        for _round in range(5):
            for one in plan.questions:
                answers[one.id] = data.draw(st.sampled_from([c.value for c in one.choices]))
            plan = make_plan(sources, Settings(today=TODAY), Answers(answers))
    except Invalid:
        return
    assert plan.is_ready
    assert all(row.copies or row.codes for row in plan.rows if row.outcome is Outcome.PLANNED)
