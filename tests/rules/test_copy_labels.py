"""How typed labels of copies are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.keys import rules


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("AA·3", [("aa", 3)]),
        ("AA1-3", [("aa1", 3)]),
        ("Back door 2", [("back door", 2)]),
        ("AA3", [("aa", 3)]),
        ("AA13", [("aa", 13), ("aa1", 3)]),
        ("AA103", [("aa", 103), ("aa10", 3)]),
        ("AA", []),
        ("12", [("1", 2)]),
        ("", []),
        ("AA·0", [("aa", 0)]),
    ],
)
def test_a_label_is_read_in_every_way_it_can_mean(
    text: str, readings: list[tuple[str, int]]
) -> None:
    assert list(rules.readings(text)) == readings


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    for label, number in rules.readings(text):
        assert label
        assert 0 <= number < 10_000_000


@given(st.text(alphabet="ABCXYZäß", min_size=1, max_size=8), st.integers(1, 999_999))
def test_a_printed_label_is_always_among_its_readings(label: str, number: int) -> None:
    wanted = next(rules.readings(f"{label}·1"))[0]
    assert (wanted, number) in list(rules.readings(rules.copy_label(label, number)))
