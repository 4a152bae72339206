"""Statements of Keystead become a script that the bare driver can send about other things."""

import pytest

from tests.bench.bare import Slot, Statement
from tests.bench.checkout import filled
from tests.bench.recording import plain, with_slots


def test_values_in_arrays_become_slots_and_are_filled_again() -> None:
    sent = [
        Statement(
            "INSERT … UNNEST((%s)::bigint[], (%s)::varchar[])", ([812, 7], ["copy", "person"])
        ),
        Statement("SELECT %s", (812,)),
    ]
    first, second = with_slots(sent, {"copy": 812, "person": 7})
    assert first.values == ([Slot("copy"), Slot("person")], ["copy", "person"])
    assert filled(first.values, {"copy": 5, "person": 6}) == [[5, 6], ["copy", "person"]]
    assert filled(second.values, {"copy": 5, "person": 6}) == [5]


def test_a_slot_that_only_an_array_has_counts_as_used() -> None:
    [statement] = with_slots([Statement("%s", ([7, 8],))], {"person": 7})
    assert statement.values == ([Slot("person"), 8],)


@pytest.mark.parametrize("slots", [{"copy": 1, "other": 1}, {"copy": 1, "person": 3}])
def test_slots_that_cannot_be_told_apart_or_found_are_refused(slots: dict[str, int]) -> None:
    with pytest.raises(RuntimeError, match="without a value of their own"):
        with_slots([Statement("%s", ([1, 2],))], slots)


def test_arrays_can_be_sent_to_another_process() -> None:
    assert plain([memoryview(b"ab"), True, 3]) == [b"ab", True, 3]
