"""A clock that is set: told in the journal, shown to owners, confirmed by one of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from keystead.journal import clock, operations
from keystead.journal import queries as journal
from keystead.journal.clock import SLACK, Jump, Watch, jump
from keystead.journal.models import Head
from keystead.kernel.errors import Forbidden
from keystead.people import operations as people
from tests.cast import World

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(minutes=4)

SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the machine's clock."""

    def to(at: datetime) -> None:
        monkeypatch.setattr("keystead.journal.clock.now", lambda: at)

    return to


class Steady:
    """A clock that only counts."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_time_that_passes_is_no_jump() -> None:
    count = Steady()
    watch = Watch(count)
    watch.look(NOON)
    count.seconds += HOUR.total_seconds()
    watch.look(NOON + HOUR + MOMENT)
    assert watch.forward is None


def test_a_clock_that_goes_faster_than_time_was_set_forward() -> None:
    count = Steady()
    watch = Watch(count)
    watch.look(NOON)
    count.seconds += 60
    watch.look(NOON + HOUR)
    assert watch.forward == Jump(NOON + timedelta(minutes=1), NOON + HOUR)
    watch.look(NOON + HOUR)
    assert watch.forward is not None, "remembered for every workspace of this process"


def test_without_a_steady_clock_nothing_is_said_about_forward() -> None:
    watch = Watch(lambda: None)
    watch.look(NOON)
    watch.look(NOON + 9 * HOUR)
    assert watch.forward is None


def test_a_journal_is_told_of_a_jump_forward_once() -> None:
    count = Steady()
    watch = Watch(count)
    watch.look(NOON)
    told = jump(watch, NOON, NOON + HOUR)
    assert told == Jump(NOON, NOON + HOUR)
    assert jump(watch, NOON + HOUR, NOON + HOUR) is None, "its last entry is from after it"
    assert jump(watch, NOON - HOUR, NOON + HOUR) == told, "another one was not told yet"
    assert jump(watch, None, NOON + HOUR) is None, "and an empty one has nothing to doubt"


def test_the_steady_clock_of_this_machine_counts() -> None:
    first = clock.steady()
    second = clock.steady()
    assert first is None or (second is not None and second >= first)


@pytest.mark.db
def test_a_clock_set_back_is_told_before_what_is_recorded_next(
    world: World, set_clock: SetClock
) -> None:
    before = Head.objects.get(workspace_id=world.workspace).at
    assert before is not None
    set_clock(before - HOUR)
    people.add_firm(world.ana, name="Locks")
    firm, told = journal.entries(world.ana, limit=2)
    assert (firm.name, told.name) == ("people.firm-added", "journal.clock-jumped")
    assert told.account_id is None, "the system says so, not whoever happens to act"
    assert (told.payload["direction"], told.payload["minutes"]) == ("back", 60)
    assert datetime.fromisoformat(told.payload["before_at"]) == before
    assert firm.at == before - HOUR, "and the clock is believed"
    assert journal.verify(world.ana).holds
    people.add_firm(world.ana, name="Keys")
    assert journal.entries(world.ana, limit=2)[1].name == "people.firm-added", "told once"


@pytest.mark.db
def test_a_clock_set_back_by_moments_is_no_alarm(world: World, set_clock: SetClock) -> None:
    before = Head.objects.get(workspace_id=world.workspace).at
    assert before is not None
    set_clock(before - SLACK + timedelta(seconds=1))
    people.add_firm(world.ana, name="Locks")
    (firm,) = journal.entries(world.ana, limit=1)
    assert firm.at == before
    assert journal.clock_alarm(world.workspace) is None


@pytest.mark.db
def test_a_clock_set_forward_is_told_by_the_process_that_saw_it(
    world: World, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "WATCH", Watch(Steady()))
    people.add_firm(world.ana, name="Locks")
    before = Head.objects.get(workspace_id=world.workspace).at
    assert before is not None
    set_clock(before + HOUR)
    people.add_firm(world.ana, name="Keys")
    told = journal.entries(world.ana, limit=2)[1]
    assert (told.name, told.payload["direction"]) == ("journal.clock-jumped", "forward")
    people.add_firm(world.cy, name="Elsewhere")
    assert journal.entries(world.cy, limit=2)[1].name == "journal.clock-jumped"


@pytest.mark.db
def test_an_owner_confirms_and_later_entries_begin_from_there(
    world: World, set_clock: SetClock
) -> None:
    before = Head.objects.get(workspace_id=world.workspace).at
    assert before is not None
    set_clock(before - HOUR)
    people.add_firm(world.ana, name="Locks")
    alarm = journal.clock_alarm(world.workspace)
    assert alarm is not None
    assert (alarm.before, alarm.after) == (before, before - HOUR)
    set_clock(before - HOUR - MOMENT)
    with pytest.raises(Forbidden):
        operations.confirm_clock(world.bo)
    operations.confirm_clock(world.ana)
    assert journal.clock_alarm(world.workspace) is None
    (told,) = journal.entries(world.ana, limit=1)
    assert told.payload == {"jumped_sequence": alarm.sequence}
    assert told.at == before - HOUR - MOMENT, "the floor is where the clock is"
    operations.confirm_clock(world.ana)
    assert journal.seal(world.ana).sequence == told.sequence, "nothing to confirm twice"


@pytest.mark.db
def test_a_refusal_or_a_repetition_does_not_lose_the_jump(
    world: World, set_clock: SetClock
) -> None:
    """What changes nothing is no entry; the jump is told with the next one, or by itself."""
    before = Head.objects.get(workspace_id=world.workspace).at
    assert before is not None
    set_clock(before - HOUR)
    sealed = journal.seal(world.ana)
    with pytest.raises(Forbidden):
        people.add_firm(world.bo, name="Locks")
    assert journal.seal(world.ana) == sealed
    operations.confirm_clock(world.ana)
    assert journal.entries(world.ana, limit=1)[0].name.startswith("journal.clock-")
