"""What the log does not say: stretches between paper entries, and times no entry covers."""

from datetime import UTC, datetime

from keystead.custody.rules import Noted, unrecorded


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def spell(
    state: str, start: int, end: int | None, handling: int, *, is_late: bool = False
) -> Noted:
    return Noted(state, day(start), day(end) if end else None, handling, is_late)


PAPER = [
    spell("stored", 1, 3, 1),
    spell("held", 3, 5, 8, is_late=True),
    spell("stored", 5, 8, 1),
    spell("held", 8, 9, 9, is_late=True),
    spell("stored", 9, None, 1),
]


def test_between_two_paper_entries_nobody_wrote_down_where_it_was() -> None:
    assert unrecorded(PAPER) == [(day(5), day(8))]
    assert unrecorded(reversed(PAPER)) == [(day(5), day(8))]


def test_a_return_that_was_written_down_leaves_no_hole() -> None:
    back = spell("stored", 5, 8, 10, is_late=True)
    assert unrecorded([*PAPER[:2], back, *PAPER[3:]]) == []


def test_one_paper_entry_leaves_none() -> None:
    assert unrecorded([*PAPER[:2], spell("stored", 5, None, 1)]) == []


def test_a_loan_recorded_as_it_happened_ends_what_was_believed() -> None:
    at_the_desk = spell("held", 8, 9, 9)
    assert unrecorded([*PAPER[:3], at_the_desk, spell("stored", 9, None, 11)]) == []


def test_two_paper_entries_that_follow_each_other_leave_none() -> None:
    second = spell("held", 5, 6, 9, is_late=True)
    assert unrecorded([*PAPER[:2], second, spell("stored", 6, None, 1)]) == []


def test_a_time_no_entry_covers_is_not_recorded() -> None:
    assert unrecorded([spell("held", 1, 2, 1), spell("stored", 4, None, 2)]) == [(day(2), day(4))]
    assert unrecorded([]) == []
