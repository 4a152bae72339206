"""Codes in notes: recognised, sealed values, masks of one width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.exchange import codes
from keystead.exchange.tables import Row, fingerprint


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("alarm 4471", "alarm ••••"),
        ("Alarm: 4471, ring doorbell", "Alarm: ••••, ring doorbell"),
        ("Code 12345678", "Code ••••"),
        ("PIN=0815#", "PIN=••••"),
        ("gate code is 22-31", "gate code is ••••"),
        ("Türcode 9911", "Türcode ••••"),
        ("Kennwort: Rosenheim1", "Kennwort: ••••"),
        ("Kennwort ist Sonne", "Kennwort ist ••••"),
        ("PIN für die Haustür 0815", "PIN für die Haustür ••••"),
        ("4471 (alarm)", "•••• (alarm)"),
        ("combination 12-34-56", "combination ••••"),
        ("Zahlenschloss 482", "Zahlenschloss ••••"),
        ("key safe 1234, alarm 5678", "key safe ••••, alarm ••••"),
    ],
)
def test_a_code_is_found_and_masked(text: str, masked: str) -> None:
    assert codes.masked(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "stolen w/ bag, police rpt 18-2231",
        "LOST 2019",
        "code with Aunt Jo",
        "tel 0664 1234567",
        "key code AC28",
        "alarm tested 12.05.2019",
        "Kennwort bei Ana",
        "password protected",
        "safe, hook 12",
        "room 4471",
        "",
    ],
)
def test_other_numbers_and_words_are_left_alone(text: str) -> None:
    assert codes.masked(text) == text


def test_the_value_is_a_secret_that_does_not_show() -> None:
    (hit,) = codes.found_in("alarm 4471")
    assert hit.value.reveal() == "4471"
    assert hit.is_alarm
    assert "4471" not in repr(hit)


def test_the_fingerprint_of_a_row_does_not_give_a_code_away() -> None:
    one, other = Row(2, ("AA1", "alarm 4471")), Row(2, ("AA1", "alarm 9902"))
    assert fingerprint(one) == fingerprint(other)
    secret = frozenset({1})
    assert fingerprint(Row(2, ("AA1", "4471")), secret) == fingerprint(Row(2, ("AA1", "9")), secret)
    assert fingerprint(Row(2, ("AA1", "x"))) != fingerprint(Row(2, ("AA1", "y")))


@given(st.text(max_size=200))
def test_masking_never_fails_and_masks_what_is_found(text: str) -> None:
    shown = codes.masked(text)
    assert len(codes.found_in(text)) <= shown.count("••••")
    assert codes.masked(shown).count("••••") >= shown.count("••••")


@pytest.mark.parametrize(
    "piece", ["code for a ", "1 ", "alarm nr ", "code is ", "1111 code ", "kennwort ", "code "]
)
def test_a_long_text_of_near_matches_is_masked_too(piece: str) -> None:
    text = piece * (9_900 // len(piece)) + "alarm 4471"
    assert codes.masked(text).endswith("••••")
