"""Until when, from now on, on the command line."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.custody import queries
from tests.cast import World
from tests.transports.cli.terminal import Commands, Typed


@pytest.mark.parametrize(
    ("typed_due", "ahead"),
    [
        ("2h", timedelta(hours=2)),
        ("2 hours", timedelta(hours=2)),
        ("in 90 min", timedelta(minutes=90)),
    ],
)
def test_a_due_time_may_be_said_from_now_on(
    ana: Commands, world: World, typed_due: str, ahead: timedelta
) -> None:
    before = now().replace(second=0, microsecond=0)
    ana("check-out", "AA·1", "--to", "Bo", "--due", typed_due)
    due = queries.where_is(world.ana, world.copy).due_at
    assert due is not None
    assert before + ahead <= due <= now() + ahead


def test_a_purpose_can_be_made_required_and_is_then_asked_for(
    ana: Commands, typed: Typed, world: World
) -> None:
    assert ana("purpose", "required").startswith("From now on nothing goes out")
    refused = typed("check-out", "AA·1", "--to", "Bo")
    assert refused.exit_code == 2
    assert "Say what for" in refused.output
    assert queries.where_is(world.ana, world.copy).state == "stored"
    ana("check-out", "AA·1", "--to", "Bo", "--purpose", "job 12")
    assert queries.where_is(world.ana, world.copy).purpose == "job 12"


def test_where_it_was_left_and_its_meter_stand_in_its_history(ana: Commands) -> None:
    ana("check-out", "AA·1", "--to", "Bo")
    ana("return", "AA·1", "--left-at", "car park B", "--meter", "48 211 km")
    history = ana("history", "AA·1")
    assert "car park B" in history
    assert "48 211 km" in history
