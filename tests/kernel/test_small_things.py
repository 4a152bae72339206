"""Secrets, facts, texts, clocks: the words every context shares."""

import json
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.kernel import clock, text
from keystead.kernel.errors import Invalid
from keystead.kernel.fact import Fact, mentions
from keystead.kernel.secret import MASK, Secret


@given(st.text(min_size=5, alphabet="0123456789abcdef"))
def test_a_secret_never_shows_itself(value: str) -> None:
    secret = Secret(value)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>20}", f"{[secret]}"):
        assert value not in shown
    assert repr(secret) == MASK
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)
    assert secret.reveal() == value


def test_a_fact_points_at_what_it_is_about() -> None:
    payload = {
        "copy_id": 3,
        "from_person_id": 7,
        "person_id": 9,
        "access_point_id": None,
        "past_knower_person_ids": [7, 8],
        "number": 4,
        "loan_id": 1,
        "to_space_id": 2,
    }
    assert set(mentions(payload, import_id=5)) == {
        ("copy", 3),
        ("person", 7),
        ("person", 8),
        ("person", 9),
        ("space", 2),
        ("import", 5),
    }


def test_a_fact_refuses_what_it_cannot_keep() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Leaky(Fact):
        name: ClassVar[str] = "test.leaky"
        sentence: ClassVar[str] = "leaked"
        code: Secret

    with pytest.raises(TypeError):
        Leaky(code=Secret("1234")).payload()


@pytest.mark.parametrize("bad", ["a\nb", "a\x00b", "\u202eabc", "a\u2028b", "a\ud800", "\udfff"])
def test_control_characters_are_refused(bad: str) -> None:
    with pytest.raises(Invalid):
        text.line(bad, field="name")


def test_texts_people_take_for_the_same_fold_to_the_same() -> None:
    assert text.folded(" Straße  12 ") == text.folded("STRASSE 12")


def test_a_text_is_measured_after_folding() -> None:
    assert text.folded_line("ﷺ" * 5, field="name", longest=90) == text.folded("ﷺ" * 5)
    with pytest.raises(Invalid) as refusal:
        text.folded_line("ﷺ" * 20, field="name", longest=160)
    assert refusal.value.data["field"] == "name"


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        (datetime(2026, 8, 1, 15, 0), "Europe/London", datetime(2026, 8, 1, 14, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 30), "Europe/London", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30), "Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (
            datetime(2026, 10, 4, 2, 15),
            "Australia/Lord_Howe",
            datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
        ),
    ],
    ids=["summer", "a gap moves to its end", "twice means the first", "half an hour"],
)
def test_wall_clock_times_have_one_meaning(local: datetime, zone: str, utc: datetime) -> None:
    assert clock.local_to_utc(local, zone) == utc
