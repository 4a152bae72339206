"""When to tell whom what, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.kernel.errors import Invalid
from keystead.notify import rules
from keystead.notify.rules import Out

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONE = "Europe/London"


def outs(*hours: float) -> list[Out]:
    return [Out(n, n + 100, 7, AT + timedelta(hours=h)) for n, h in enumerate(hours)]


def test_what_is_due_soon_is_told_to_the_holder_only() -> None:
    (wanted,) = rules.about_loans(outs(3), [1, 2], at=AT)
    assert (wanted.person_id, wanted.kind, wanted.loan_id) == (7, rules.DUE_SOON, 0)


def test_what_is_late_is_told_to_the_holder_and_to_whoever_runs_the_keys() -> None:
    found = rules.about_loans(outs(-3), [1, 2], at=AT)
    assert [(w.person_id, w.kind) for w in found] == [(7, "late"), (1, "late"), (2, "late")]


def test_a_holder_who_runs_the_keys_is_told_once() -> None:
    assert len(rules.about_loans(outs(-3), [7], at=AT)) == 1


def test_a_place_as_holder_is_told_through_whoever_runs_the_keys() -> None:
    out = Out(1, 2, None, AT - timedelta(hours=1))
    assert [w.person_id for w in rules.about_loans([out], [1], at=AT)] == [1]


def test_an_extended_loan_is_another_subject() -> None:
    (before,), (after,) = (rules.about_loans(outs(h), [], at=AT) for h in (1, 2))
    assert before.subject != after.subject


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    times=st.lists(st.times(), min_size=1, max_size=6),
    zone=st.sampled_from(["Europe/London", "Pacific/Apia", "America/St_Johns", "UTC"]),
)
def test_the_last_hour_is_never_ahead_and_never_older_than_two_days(
    at: datetime, times: list[object], zone: str
) -> None:
    words = tuple(f"{one:%H:%M}" for one in times)
    hour = rules.last_hour(at, words, zone)
    assert at - timedelta(days=2) <= hour <= at


@pytest.mark.parametrize(
    ("kind", "made", "told", "expected"),
    [
        ("lost", 0, None, True),  # alarms do not wait
        ("lost", 0, 0, False),
        ("late", -1, None, True),  # came up before the last hour of digests
        ("late", 1, None, False),  # came up after it: waits for the next
        ("late", -48, -25, True),  # told yesterday
        ("late", -48, -2, False),  # told this morning already
        ("due-soon", -48, -25, False),  # once is enough
    ],
)
def test_each_kind_is_told_when_it_should(
    kind: str, made: int, told: int | None, expected: bool
) -> None:
    hour = AT
    found = rules.is_to_be_told(
        kind,
        made_at=AT + timedelta(hours=made),
        told_at=None if told is None else AT + timedelta(hours=told),
        hour=hour,
        zone=ZONE,
    )
    assert found is expected


@pytest.mark.parametrize("bad", [[], ["25:00"], ["noon"], ["07:30+01:00"], ["7"] * 0, [""]])
def test_times_that_are_none_are_refused(bad: list[str]) -> None:
    with pytest.raises(Invalid):
        rules.require_times(bad)


def test_times_are_kept_in_order_and_once() -> None:
    assert rules.require_times([" 17:30", "07:30", "17:30:00"]) == ("07:30", "17:30")
