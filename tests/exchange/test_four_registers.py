"""The four registers as people keep them, planned without an answer: counts and doubts.

The numbers were counted from the files by other means (a spreadsheet's filters, a ten-line
script), not copied from the result.
"""

from collections import Counter

import pytest

from keystead.exchange.planning.records import Flag, Outcome, State
from tests.exchange.support import doubt, doubts, in_row, plan_register


def test_campus_keys_copies_and_people() -> None:
    plan = plan_register("campus-keys.csv")
    # 318 spellings of keys are 283 keys; five rows have no key and become one each.
    assert len(plan.keys) == 283 + 5
    # 947 rows below the heading: one is blank, one is a heading inside the table.
    assert len(plan.copies) == 945
    assert [row.number for row in plan.outcomes(Outcome.BLANK)] == [42]
    assert [row.number for row in plan.outcomes(Outcome.SECTION)] == [202]
    assert len(plan.holders) == 122
    assert {space.path[-1] for space in plan.spaces[1:]} == {
        "Gym",
        "Library",
        "Old Main",
        "Power Plant",
        "Residence A",
        "Residence B",
        "Science Hall",
    }
    assert len(plan.access_points) == 625
    assert {box.name for box in plan.containers} == {"safe", "C1", "C2", "C3", "Key cabinet"}
    assert plan.codes == ()


def test_campus_whereabouts() -> None:
    plan = plan_register("campus-keys.csv")
    assert Counter(copy.state for copy in plan.copies) == {
        State.OUT: 517,
        State.IN: 336,
        State.UNKNOWN: 69,
        State.LOST: 14,
        State.MISSING: 6,
        State.STOLEN: 3,
    }
    assert Counter(flag for copy in plan.copies for flag in copy.flags) == {
        Flag.DO_NOT_ISSUE: 7,
        Flag.UNCLEAR: 7,
        Flag.RESERVED: 4,
        Flag.BROKEN: 4,
        Flag.OLD_CYLINDER: 2,
    }
    assert all(copy.holder for copy in plan.copies if copy.state is State.OUT)


def test_campus_doubts() -> None:
    plan = plan_register("campus-keys.csv")
    assert Counter(one.kind for one in plan.questions) == {
        "same-place": 2,
        "duplicate": 6,
        "no-key": 1,
    }
    assert Counter(one.kind for one in plan.doubts if not one.blocks) == {
        "symbol-spelling": 33,
        "return-in-future": 12,
        "remark-says": 8,
        "opens-unknown": 7,
        "many-doors": 3,
        "date-unclear": 3,
        "same-word": 2,
        "remark-unclear": 2,
        "date-in-future": 2,
        "departments": 1,
        "shared-hook": 1,
        "nowhere": 1,
        "date-impossible": 1,
        "formula": 1,
        "section": 1,
    }
    assert doubt(plan, "no-key").rows == (90, 477, 684, 889, 915)
    assert doubt(plan, "date-impossible").rows == (136, 723)
    assert doubt(plan, "formula").rows == (140, 293, 496, 693, 845)
    assert len(doubt(plan, "nowhere").rows) == 69
    assert doubt(plan, "shared-hook").text.startswith("117 hooks are given to more than one key")
    assert doubt(plan, "departments").text.startswith("111 people")


def test_campus_rows_in_detail() -> None:
    plan = plan_register("campus-keys.csv")
    (first,) = in_row(plan, 2)
    assert (first.key.symbol, first.number, first.state) == ("BD16", "5", State.OUT)
    assert first.holder is not None
    # Row 2 says IT; the last row with his name says Security.
    assert (first.holder.name, first.holder.department) == ("Jean-Luc Y\u0131lmaz", "Security")
    assert first.issued is not None
    assert first.due is not None
    assert (first.issued.iso, first.due.iso) == ("2024-02-16", "2024-06-15")
    assert first.home is not None
    assert first.home.container.name == "safe"
    assert first.remark == "Deposit: $20"
    (back,) = in_row(plan, 3)
    assert (back.key.symbol, back.number, back.state) == ("AC28", "2", State.IN)
    assert back.returned is not None
    assert back.returned.iso == "2015-04-24"
    (hung,) = in_row(plan, 7)
    assert hung.home is not None
    assert (hung.home.container.name, hung.home.position) == ("C2", "54")
    (formula,) = in_row(plan, 140)
    assert 'Comments: =HYPERLINK("http://x")' in formula.remark


def test_campus_spellings_of_one_key_are_one_key_and_listed() -> None:
    plan = plan_register("campus-keys.csv")
    assert {copy.key.symbol for copy in plan.copies if copy.key.identity == "bd1"} == {"BD1"}
    spellings = {one.found for one in doubts(plan, "symbol-spelling")}
    assert "bd1" in spellings
    assert all(one.found != one.values["other"] for one in doubts(plan, "symbol-spelling"))


def test_the_german_register() -> None:
    plan = plan_register("schluesselverzeichnis.csv")
    assert len(plan.keys) == 35
    # 65 rows of one piece, 30 of two, 25 of three.
    assert len(plan.copies) == 65 + 2 * 30 + 3 * 25
    assert Counter(copy.state for copy in plan.copies) == {
        State.OUT: 120,
        State.LOST: 46,
        State.IN: 24,
        State.UNKNOWN: 10,
    }
    assert Counter(holder.kind.value for holder in plan.holders) == {
        "person": 36,
        "role": 6,
        "firm": 3,
    }
    assert [point.name for point in plan.access_points] == [
        "Heizungsraum",
        "Haupteingang",
        "Aufzug (Triebwerk)",
        "Tiefgarage Tor",
        "Keller",
        "Büro 1.OG li.",
        "Küche, Teeküche",
    ]
    assert len(plan.opens["gs 2"]) == 7


def test_the_german_registers_doubts() -> None:
    plan = plan_register("schluesselverzeichnis.csv")
    assert Counter((one.kind, len(one.rows)) for one in plan.questions) == {
        ("back-but-gone", 5): 1,
        ("return-unknown", 25): 1,
        ("duplicate-made", 16): 1,
        ("out-without-holder", 4): 1,
    }
    assert len(doubt(plan, "one-number-many-pieces").rows) == 55
    assert len(doubt(plan, "handed-over").rows) == 27
    assert doubt(plan, "damaged-text").found == "Jean-Luc Y?lmaz"
    assert {one.found for one in doubts(plan, "role")} == {"Hausmeister", "Feuerwehr"}
    assert len(doubts(plan, "same-name")) == 4
    assert len(doubts(plan, "same-person")) == 6
    assert sum(len(one.rows) for one in doubts(plan, "firm-as-holder")) == 20 + 11
    assert len(doubts(plan, "return-in-future")) == 3
    assert len(plan.doubts) == 28


def test_german_rows_in_detail() -> None:
    plan = plan_register("schluesselverzeichnis.csv")
    three = in_row(plan, 2)
    assert [copy.number for copy in three] == ["5-1/1", "5-1/2", "5-1/3"]
    assert {(c.holder.name, c.holder.firm) for c in three if c.holder} == {
        ("Hausmeister", "Reinigung Blitz")
    }
    assert three[0].remark == "Bemerkung: Übergabe an Nachmieter"
    assert Flag.SIGNED in three[0].flags
    (lost,) = in_row(plan, 3)
    assert lost.state is State.LOST
    assert lost.holder is not None
    assert lost.holder.name == "Lena Tanaka"


def test_the_letting_book() -> None:
    plan = plan_register("letting-key-book.xlsx")
    assert len(plan.rings) == 180
    # 25 sets of 4, 27 of 3, 36 of 2, 35 "3 + fob", 24 "2 yale 1 mortice", 33 without a count.
    assert len(plan.copies) == 25 * 4 + 27 * 3 + 36 * 2 + 35 * 4 + 24 * 3 + 33
    assert len(plan.keys) == 180 + 35 + 24
    assert Counter(copy.state for copy in plan.copies) == {
        State.IN: 214,
        State.OUT: 157,
        State.RETURNED_TO_OWNER: 65,
        State.MISSING: 62,
    }
    # Row 86 and row 165 are two sets for 73 Mill Lane, Flat 10.
    doors = [point for point in plan.access_points if point.kind == "door"]
    assert len(doors) == 179
    # 48 people, and the landlord, whom 21 sets went back to.
    assert Counter(holder.kind.value for holder in plan.holders) == {"person": 48, "role": 1}
    assert plan.is_ready


def test_the_letting_books_codes_are_taken_out_and_sealed() -> None:
    plan = plan_register("letting-key-book.xlsx")
    # 31 notes "alarm 4471", and the sheet "Alarm codes".
    assert len(plan.codes) == 32
    assert {code.value.reveal() for code in plan.codes if code.value} == {"4471"}
    points = [code.access_point for code in plan.codes if code.access_point]
    assert {point.kind for point in points} == {"alarm-panel"}
    assert len({point.identity for point in points}) == 32
    assert "4471" not in repr(plan)
    assert not any("4471" in copy.remark for copy in plan.copies)
    assert in_row(plan, 11)[0].remark == "Set: A\nNotes: alarm ••••"
    assert [one.sheet for one in doubts(plan, "code-found")] == ["Alarm codes", "Key book"]


def test_letting_rows_in_detail() -> None:
    plan = plan_register("letting-key-book.xlsx")
    out = in_row(plan, 10)
    assert [(copy.key.symbol, copy.number) for copy in out] == [("6", "1"), ("6", "2"), ("6", "3")]
    assert out[0].ring is not None
    assert out[0].holder is not None
    assert out[0].issued is not None
    assert (out[0].holder.name, out[0].purpose) == ("Dieter Kowalski", "viewing")
    assert out[0].issued.iso == "2026-11-03 12:15"
    assert [copy.key.symbol for copy in in_row(plan, 7)] == ["3", "3", "3", "3 fob"]
    assert in_row(plan, 7)[3].key.kind == "fob"
    assert [(c.key.symbol, c.number) for c in in_row(plan, 12)] == [
        ("008 yale", "1"),
        ("008 yale", "2"),
        ("008 mortice", "1"),
    ]
    assert [row.number for row in plan.outcomes(Outcome.HEADING)] == [1, 2, 4, 1]


def test_the_family() -> None:
    plan = plan_register("family.csv")
    assert [key.label for key in plan.keys] == [
        "Front door",
        "Back door",
        "Shed padlock",
        "Car (Skoda)",
        "Bike lock",
        "Garage remote",
        "Gran's flat",
    ]
    assert len(plan.copies) == 14
    assert Counter(copy.state for copy in plan.copies) == {
        State.IN: 7,
        State.OUT: 6,
        State.UNKNOWN: 1,
    }
    assert [holder.name for holder in plan.holders] == [
        "Mum",
        "Dad",
        "Ben",
        "Mrs Okafor",
        "Aunt Jo",
    ]
    assert plan.is_ready
    assert [one.kind for one in plan.doubts] == ["knows-code", "whereabouts-unknown"]


def test_the_familys_rows_in_detail() -> None:
    plan = plan_register("family.csv")
    front = in_row(plan, 2)
    assert [copy.holder.name for copy in front if copy.holder] == [
        "Mum",
        "Dad",
        "Ben",
        "Mrs Okafor",
    ]
    assert [copy.holder.note for copy in front if copy.holder][2] == "school bag"
    assert [copy.holder.relation for copy in front if copy.holder][3] == "neighbour"
    back = in_row(plan, 3)
    assert [copy.home.container.name for copy in back if copy.home] == [
        "hook in kitchen",
        "lockbox at side gate",
    ]
    (code,) = plan.codes
    assert code.container is not None
    assert (code.container.kind, code.value, code.knowers[0].name) == ("lockbox", None, "Aunt Jo")
    assert [copy.state for copy in in_row(plan, 4)] == [State.IN, State.UNKNOWN]
    assert [point.kind for point in plan.access_points] == [
        "door",
        "door",
        "padlock",
        "vehicle",
        "vehicle",
        "door",
        "door",
    ]
    assert {key.label: key.kind for key in plan.keys}["Garage remote"] == "remote"


@pytest.mark.parametrize(
    "name",
    ["campus-keys.csv", "schluesselverzeichnis.csv", "letting-key-book.xlsx", "family.csv"],
)
def test_taking_every_suggestion_makes_a_plan_ready_and_changes_nothing_in_it(name: str) -> None:
    plan = plan_register(name)
    again = plan_register(name, plan.suggested().choices)
    assert again.is_ready
    assert again.rows == plan.rows


@pytest.mark.parametrize(
    "name",
    ["campus-keys.csv", "schluesselverzeichnis.csv", "letting-key-book.xlsx", "family.csv"],
)
def test_scenario_18_the_same_file_gives_the_same_records_with_the_same_identities(
    name: str,
) -> None:
    plan, again = plan_register(name), plan_register(name)
    assert plan == again
    identities = [copy.identity for copy in plan.copies]
    assert len(set(identities)) == len(identities)
    marks = [(row.fingerprint, row.occurrence) for row in plan.outcomes(Outcome.PLANNED)]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize(
    "name",
    ["campus-keys.csv", "schluesselverzeichnis.csv", "letting-key-book.xlsx", "family.csv"],
)
def test_every_doubt_can_be_read_aloud(name: str) -> None:
    for one in plan_register(name).doubts:
        assert "%" not in one.text
        assert one.consequence
        assert one.rows
        assert one.default in {choice.value for choice in one.choices}
        assert all(choice.label % one.values for choice in one.choices)
