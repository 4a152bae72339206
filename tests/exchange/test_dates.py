"""Dates as people write them."""

import datetime as dt

import pytest

from keystead.exchange.guessing.dates import Order, Orders, evidence, read
from tests.exchange.support import TODAY, doubt, doubts, plan_of

MONTH = Orders(Order.DAY_FIRST, Order.MONTH_FIRST)


def iso(text: str, orders: Orders | None = None) -> str:
    found = read(text, orders=orders or Orders(), today=TODAY)
    return found.when.iso if found.when else str(found.problem)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28.12.2025", "2025-12-28"),
        ("3.4.25", "2025-04-03"),
        ("2025-12-28 00:00:00", "2025-12-28"),
        ("2026-11-03T12:15", "2026-11-03 12:15"),
        ("3/4/2025", "2025-04-03"),
        ("3 March 2025", "2025-03-03"),
        ("3. März 2025", "2025-03-03"),
        ("Mar 3, 2025", "2025-03-03"),
        ("20251228", "2025-12-28"),
        ("28.12.2025 9:05 Uhr", "2025-12-28 09:05"),
        ("12/28/2025", "impossible"),
        ("31/02/2019", "impossible"),
        ("2025-02-29", "impossible"),
        ("29.02.2024", "2024-02-29"),
        ("unbekannt", "unknown"),
        ("n/a", "unknown"),
        ("???", "unknown"),
        ("before 2015", "vague"),
        ("ca. 2014", "vague"),
        ("soon", "unreadable"),
        ("12.12.2025 25:00", "impossible"),
        ("", "None"),
    ],
)
def test_a_date_cell_reads_as(text: str, expected: str) -> None:
    assert iso(text) == expected


def test_month_first_where_the_column_says_so() -> None:
    assert iso("12/28/2025", MONTH) == "2025-12-28"
    assert iso("3/4/2025", MONTH) == "2025-03-04"
    assert iso("3/4/2025 5:30 PM", MONTH) == "2025-03-04 17:30"


def test_dots_mean_day_first_also_beside_american_dates() -> None:
    assert iso("3.4.2025", MONTH) == "2025-04-03"


def test_two_digit_years_are_near_now() -> None:
    assert iso("04.01.27") == "2027-01-04"
    assert iso("11.11.17") == "2017-11-11"
    assert iso("11.11.68") == "1968-11-11"


def test_an_offset_is_kept() -> None:
    found = read("2026-11-03T12:15:00+01:00", orders=Orders(), today=TODAY).when
    assert found is not None
    assert found.offset == dt.timedelta(hours=1)


def test_a_spreadsheets_day_number_is_read_as_such() -> None:
    found = read("45000", orders=Orders(), today=TODAY)
    assert found.is_serial
    assert found.when is not None
    assert found.when.day == dt.date(2023, 3, 15)


def test_one_clear_date_decides_for_the_whole_column() -> None:
    assert evidence(["1/2/2025", "3/4/2025", "12/28/2025"]).order is Order.MONTH_FIRST
    assert evidence(["1/2/2025", "28/12/2025"]).order is Order.DAY_FIRST


def test_an_impossible_date_decides_nothing() -> None:
    assert evidence(["1/2/2025", "31/02/2019"]).needs_asking


def test_scenario_22_many_forms_in_one_column_are_read_and_bad_ones_do_not_drop_the_row() -> None:
    plan = plan_of(
        "Key,Key #,Holder,Issued\n"
        "AA1,1,Bo,28.12.2025\n"
        "AA1,2,Bo,12/28/2025\n"
        "AA1,3,Bo,2025-12-28 00:00:00\n"
        "AA1,4,Bo,\n"
        "AA1,5,Bo,unbekannt\n"
        "AA1,6,Bo,31/02/2019\n"
    )
    issued = [copy.issued.iso if copy.issued else None for copy in plan.copies]
    assert issued == ["2025-12-28", "2025-12-28", "2025-12-28", None, None, None]
    assert not doubts(plan, "date-order")
    assert doubt(plan, "date-unclear").rows == (6,)
    assert doubt(plan, "date-impossible").rows == (7,)
    assert "Issued: 31/02/2019" in plan.copies[5].remark


def test_scenario_22_ambiguous_dates_are_asked_once_for_the_column() -> None:
    text = "Key,Key #,Holder,Issued\nAA1,1,Bo,03/04/2025\nAA1,2,Bo,05/06/2025\n"
    question = doubt(plan_of(text), "date-order")
    assert question.blocks
    assert question.rows == (2, 3)
    assert question.text == "Dates such as 03/04/2025 in “Issued” can be read two ways."
    assert [choice.label % question.values for choice in question.choices] == [
        "The day comes first: 2025-04-03.",
        "The month comes first: 2025-03-04.",
    ]
    answered = plan_of(text, {question.id: "month-first"})
    assert [copy.issued.iso for copy in answered.copies if copy.issued] == [
        "2025-03-04",
        "2025-05-06",
    ]
    assert answered.is_ready


def test_a_return_still_to_come_is_a_doubt_and_the_row_is_kept() -> None:
    text = "Key,Key #,Holder,Issued,Returned\nAA1,1,Bo,2026-01-02,2028-07-02\n"
    plan = plan_of(text)
    found = doubt(plan, "return-in-future")
    assert (plan.copies[0].state, plan.copies[0].returned) == ("out", None)
    assert "Returned: 2028-07-02" in plan.copies[0].remark
    due = plan_of(text, {found.id: "due"}).copies[0]
    assert due.due is not None
    assert due.due.iso == "2028-07-02"


def test_a_day_number_can_be_refused() -> None:
    text = "Key,Holder,Issued\nAA1,Bo,45000\nAA2,Bo,2026-01-01\n"
    found = doubt(plan_of(text), "date-serial")
    assert found.consequence == "Read it as 2023-03-15."
    assert plan_of(text, {found.id: "drop"}).copies[0].issued is None
