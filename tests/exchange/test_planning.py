"""Rules of planning on small tables."""

import pytest

from keystead.exchange.errors import LayoutMismatch, NothingToImport, UnknownAnswer
from keystead.exchange.guessing import Field, Layout, Purpose, guess
from keystead.exchange.planning import Answers, Settings, Source, make_plan
from keystead.exchange.planning.catalogue import CATALOGUE
from keystead.exchange.planning.records import Outcome, State
from tests.exchange.support import TODAY, doubt, doubts, only_copy, plan_of, table, workbook

TWICE = "Key,Key #,Holder\nAA1,3,Ana\nAA1,1,Bo\nAA1,#3,Cy\n"


def test_scenario_19_a_file_without_a_valid_row_is_an_error_with_row_numbers() -> None:
    with pytest.raises(NothingToImport, match="2, 3") as refusal:
        plan_of("Key,Key #,Holder\n,,Bo\n,,Cy\n", {"no-key:*": "skip"})
    assert refusal.value.data["rows"] == [2, 3]


@pytest.mark.parametrize("text", ["Colour,Size\nred,3\nblue,4\n", "Key,Door\n\n\n", "Key,Door\n"])
def test_scenario_19_a_file_about_something_else_is_an_error(text: str) -> None:
    with pytest.raises(NothingToImport, match="None of the rows"):
        plan_of(text)


def test_scenario_21_the_same_number_twice_is_a_conflict_and_never_merged() -> None:
    plan = plan_of(TWICE)
    question = doubt(plan, "duplicate")
    assert question.blocks
    assert question.rows == (2, 4)
    assert question.text == "Copy 3 of key AA1 is in the file more than once: rows 2, 4."
    assert [copy.number for copy in plan.copies] == ["3", "1", "4"]
    assert [copy.holder.name for copy in plan.copies if copy.holder] == ["Ana", "Bo", "Cy"]


def test_scenario_21_a_conflict_can_be_settled_by_leaving_the_later_row_out() -> None:
    question = doubt(plan_of(TWICE), "duplicate")
    plan = plan_of(TWICE, {question.id: "skip"})
    assert [copy.number for copy in plan.copies] == ["3", "1"]
    assert [row.number for row in plan.outcomes(Outcome.LEFT_OUT)] == [4]
    assert plan.is_ready


def test_scenario_21_rows_without_a_key_are_listed_and_never_become_one_key() -> None:
    plan = plan_of("Key,Key #,Hook\nAA1,1,4\n,,5\n,,6\n,,6\n")
    assert doubt(plan, "no-key").rows == (3, 4, 5)
    assert len({copy.key.identity for copy in plan.copies}) == 4
    assert not plan.is_ready


def test_scenario_21_a_blank_copy_number_gets_the_next_free_one() -> None:
    plan = plan_of("Key,Key #,Hook\nAA1,,4\nAA1,7,5\nAA1,,6\n")
    assert [copy.number for copy in plan.copies] == ["8", "7", "9"]
    assert doubt(plan, "no-number").rows == (2, 4)


def test_scenario_21_sets_of_the_same_property_stay_apart() -> None:
    plan = plan_of("Key no,Property,Keys in set\nHP1,1 Mill Lane,2\nHP2,1 Mill Lane,2\n")
    assert [ring.name for ring in plan.rings] == ["HP1", "HP2"]
    assert len(plan.copies) == 4
    assert len(plan.access_points) == 1


def test_scenario_21_the_same_set_number_twice_is_a_conflict() -> None:
    plan = plan_of("Key no,Property,Keys in set\nHP1,1 Mill Lane,1\nHP1,2 Mill Lane,1\n")
    assert doubt(plan, "duplicate").rows == (2, 3)
    assert [ring.name for ring in plan.rings] == ["HP1", "HP1 (2)"]


def test_rows_without_a_number_column_are_copies_of_their_own() -> None:
    plan = plan_of("Key,Holder\nFront door,Ana\nFront door,Bo\n")
    assert [(c.key.name, c.number) for c in plan.copies] == [
        ("Front door", "1"),
        ("Front door", "2"),
    ]
    assert plan.is_ready


def test_a_number_that_names_another_key_is_asked() -> None:
    text = "Key,Key #,Hook\nAC28,AC29-1,4\nAC29,2,5\n"
    question = doubt(plan_of(text), "number-of-other-key")
    assert plan_of(text).copies[0].identity == ("ac28", "ac29-1")
    assert plan_of(text, {question.id: "number"}).copies[0].identity == ("ac29", "1")


def test_symbols_that_look_alike_are_asked_and_kept_apart_until_then() -> None:
    text = "Key no,Property,Keys in set\n8,1 Mill Lane,1\n008,2 Mill Lane,1\n"
    plan = plan_of(text)
    question = doubt(plan, "symbol-lookalike")
    assert question.blocks
    assert [ring.name for ring in plan.rings] == ["8", "008"]


def test_spellings_of_a_place_become_one_only_as_answered() -> None:
    text = "Key,Building,Room\nAA1,Sci. Hall,1\nAA2,Science Hall,1\n"
    question = doubt(plan_of(text), "same-place")
    same = plan_of(text, {question.id: "same"})
    different = plan_of(text, {question.id: "different"})
    assert [space.path[-1] for space in same.spaces[1:]] == ["Science Hall"]
    assert [space.path[-1] for space in different.spaces[1:]] == ["Sci. Hall", "Science Hall"]
    assert (len(same.access_points), len(different.access_points)) == (1, 2)


def test_places_that_differ_in_case_only_can_stay_two() -> None:
    text = "Key,Building,Room\nAA1,OLD MAIN,1\nAA2,Old Main,1\n"
    question = doubt(plan_of(text), "same-place")
    different = plan_of(text, {question.id: "different"})
    assert len({space.identity for space in different.spaces}) == 3


def test_an_answer_for_one_row_wins_over_the_one_for_all() -> None:
    text = "Key,Key #,Holder,Issued\nAA1,1,,2020-01-02\nAA1,2,,2020-01-02\n"
    question = doubt(plan_of(text), "out-without-holder")
    plan = plan_of(text, {question.id: "unknown", f"{question.id}@3": "in"})
    assert [copy.state for copy in plan.copies] == [State.UNKNOWN, State.IN]
    assert plan.is_ready


def test_one_answer_can_settle_all_doubts_of_a_kind() -> None:
    plan = plan_of("Key,Key #\nAA1,1\nAA1,1\nAA2,5\nAA2,5\n", {"duplicate:*": "skip"})
    assert [copy.identity for copy in plan.copies] == [("aa1", "1"), ("aa2", "5")]
    assert plan.is_ready


def test_an_answer_that_is_no_option_is_refused() -> None:
    with pytest.raises(UnknownAnswer):
        plan_of(TWICE, {"duplicate:*": "merge"})


def test_nobody_is_out_with_nobody() -> None:
    plan = plan_of("Key,Status,Holder\nAA1,out,\nAA2,out,Bo\n")
    assert [copy.state for copy in plan.copies] == [State.UNKNOWN, State.OUT]
    assert doubt(plan, "out-without-holder").blocks


def test_lost_keeps_its_last_holder_and_the_text() -> None:
    copy = only_copy(plan_of("Key,Holder,Issued,Notes\nAA1,Bo,2020-01-02,lost - see J. 3/14\n"))
    assert (copy.state, copy.holder and copy.holder.name) == (State.LOST, "Bo")
    assert copy.remark == "Notes: lost - see J. 3/14"


def test_a_remark_can_be_kept_a_remark() -> None:
    text = "Key,Hook,Notes\nAA1,4,LOST\n"
    found = doubt(plan_of(text), "remark-says")
    assert found.text == "“LOST” is read as: lost."
    copy = only_copy(plan_of(text, {found.id: "remark"}))
    assert (copy.state, copy.remark) == (State.IN, "Notes: LOST")


def test_one_number_for_many_pieces_can_be_one_copy() -> None:
    text = "Key,Key #,Stück,Hook\nGS 2,5-1,3,4\n"
    found = doubt(plan_of(text), "one-number-many-pieces")
    assert len(plan_of(text).copies) == 3
    copy = only_copy(plan_of(text, {found.id: "one"}))
    assert (copy.number, copy.remark) == ("5-1", "Stück: 3")


def test_pieces_of_a_set_can_be_different_keys() -> None:
    text = "Key no,Property,Keys in set\nHP1,1 Mill Lane,3\n"
    found = doubt(plan_of(text), "set-of-pieces")
    plan = plan_of(text, {found.id: "different"})
    assert [copy.key.symbol for copy in plan.copies] == ["HP1/1", "HP1/2", "HP1/3"]
    assert len(plan.rings) == 1


def test_more_copies_than_places_are_unknown_and_asked() -> None:
    text = 'Key,Copies,Where\nFront door,3,Mum\nBack door,1,"Mum, Dad"\n'
    plan = plan_of(text)
    assert [copy.state for copy in plan.copies] == [
        State.OUT,
        State.UNKNOWN,
        State.UNKNOWN,
        State.OUT,
    ]
    assert len(doubts(plan, "whereabouts-count")) == 2
    places = plan_of(text, {"whereabouts-count:*": "places"})
    assert len(places.copies) == 1 + 2


def test_a_code_in_any_cell_is_taken_out() -> None:
    plan = plan_of("Key,Opens,Where\nAA1,Side gate (code 4471),lockbox at gate (code 9902)\n")
    assert {code.value.reveal() for code in plan.codes if code.value} == {"4471", "9902"}
    assert plan.access_points[0].name == "Side gate (code ••••)"
    assert not {"4471", "9902"} & set(repr(plan).replace("(", " ").split())


def test_a_code_can_be_left_out_or_kept_as_text() -> None:
    text = "Key,Hook,Notes\nAA1,4,alarm 4471\n"
    found = doubt(plan_of(text), "code-found")
    assert "4471" not in f"{found}"
    assert plan_of(text, {found.id: "drop"}).codes == ()
    kept = plan_of(text, {found.id: "text"})
    assert (kept.codes, only_copy(kept).remark) == ((), "Notes: alarm 4471")


def test_codes_never_show_in_doubts() -> None:
    plan = plan_of("Key,Holder,Status\nAA1,Bo,alarm 4471 broken?\nAA2,Bo,in\n")
    assert "4471" not in "".join(f"{one}{one.text}{one.consequence}" for one in plan.doubts)


def test_text_beside_the_table_is_kept() -> None:
    plan = plan_of("Key,Hook,\nAA1,4,blue ribbon\n")
    assert only_copy(plan).remark == "C: blue ribbon"
    assert doubt(plan, "beside-the-table").rows == (2,)


def test_a_repeated_heading_is_no_key() -> None:
    plan = plan_of("Key,Hook\nAA1,4\nKey,Hook\nAA2,5\n")
    assert [copy.key.symbol for copy in plan.copies] == ["AA1", "AA2"]
    assert doubt(plan, "heading-again").rows == (3,)


def test_long_and_odd_names_are_cut_and_kept() -> None:
    plan = plan_of(f"Key,Holder\n{'A' * 160},{'B' * 300}\n=cmd|x,Bo\n\u202eevil\u2028,Cy\n")
    first, formula, turned = plan.copies
    assert (len(first.key.name), first.holder and len(first.holder.name)) == (120, 120)
    assert "B" * 300 in first.remark
    assert formula.key.label == "=cmd|x"
    assert doubt(plan, "formula").rows == (3,)
    assert turned.key.label == "evil"


def test_the_same_name_in_two_firms_is_two_people_unless_answered() -> None:
    text = "Key,With\nAA1,Hugo Becker\nAA2,Hugo Becker (Ace Plumbing)\n"
    found = doubt(plan_of(text), "same-person")
    assert len(plan_of(text).holders) == 2
    assert [h.firm for h in plan_of(text, {found.id: "same"}).holders] == ["Ace Plumbing"]


def test_a_list_of_doors_without_keys_names_keys_by_their_door() -> None:
    plan = plan_of("Tür;Inhaber\nKeller;Ana\nKeller;Bo\nDachboden;Cy\n")
    assert [(copy.key.label, copy.number) for copy in plan.copies] == [
        ("Keller", "1"),
        ("Keller", "2"),
        ("Dachboden", "1"),
    ]


def test_sheets_of_one_workbook_share_their_numbers() -> None:
    plan = plan_of(
        workbook(
            East=[["Key", "Key #", "Hook"], ["AA1", 1, 4]],
            West=[["Key", "Key #", "Hook"], ["AA1", 1, 5]],
        )
    )
    assert doubt(plan, "duplicate").sheet == "West"
    assert [copy.number for copy in plan.copies] == ["1", "2"]


def test_a_layout_that_does_not_fit_is_refused() -> None:
    found = table("Key,Hook\nAA1,4\n")
    narrow = Layout(Purpose.REGISTER, 1, (Field.KEY,))
    with pytest.raises(LayoutMismatch):
        make_plan([Source(found, narrow)], Settings(today=TODAY))
    below = Layout(Purpose.REGISTER, 9, (Field.KEY, Field.HOOK))
    with pytest.raises(LayoutMismatch):
        make_plan([Source(found, below)], Settings(today=TODAY))


def test_the_person_may_map_columns_otherwise() -> None:
    found = table("Name,Ort\nAA1,4\nAA2,5\n")
    layout = Layout(Purpose.REGISTER, 1, (Field.KEY, Field.HOOK))
    plan = make_plan([Source(found, layout)], Settings(today=TODAY), Answers())
    assert [(c.key.label, c.home and c.home.position) for c in plan.copies] == [
        ("AA1", "4"),
        ("AA2", "5"),
    ]


def test_an_ignored_sheet_plans_nothing() -> None:
    found = table("Key,Hook\nAA1,4\n")
    ignored = Layout(Purpose.IGNORE, 1, guess(found).fields)
    with pytest.raises(NothingToImport):
        make_plan([Source(found, ignored)], Settings(today=TODAY))


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_kind_of_doubt_offers_something(kind: str) -> None:
    known = CATALOGUE[kind]
    assert known.choices
    values = [value for value, _ in known.choices]
    assert len(set(values)) == len(values)
    assert not known.is_question or known.has_more or len(values) > 1
