"""Whatever happens in a key room, its journal says where every copy is.

Random sequences of verbs, some sensible and some not. After them the journal alone gives the same
whereabouts as the tables, every balance adds up, every copy's story is without gaps, and a refusal
has left nothing behind.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from keystead.custody import queries, replay
from keystead.custody.models import Incident, Loan, Stay
from keystead.custody.rules import MISSING_KINDS, Place
from keystead.hardware.models import IS_OPEN
from keystead.journal import verify
from keystead.journal.models import Head
from keystead.kernel.errors import KeysteadError
from keystead.keys.models import Copy, Ring
from keystead.keys.replay import details
from tests import cast
from tests.properties import key_room
from tests.properties.key_room import KeyRoom
from tests.support.databases import Database

SHARDS = 4
STEPS, EXAMPLES = 50, 56
"""Per shard on SQLite: in all more than 10,000 steps. On PostgreSQL, where a step takes longer, a
quarter of that."""

WAITS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=7),
    timedelta(hours=9),
    timedelta(days=3),
)


def known_to_tables(room: KeyRoom) -> dict[int, replay.Known]:
    """Where every copy is, and until when, as the tables have it."""
    rows = Stay.objects.filter(IS_OPEN, workspace_id=room.actor.workspace_id)
    found: dict[int, replay.Known] = {}
    for stay in rows.select_related("loan"):
        assert stay.copy_id not in found, "two open stays"
        loan = getattr(stay, "loan", None)
        place = Place(
            stay.state,
            stay.reason,
            stay.container_id,
            stay.position_id,
            stay.person_id,
            stay.space_id,
        )
        found[stay.copy_id] = replay.Known(
            place,
            loan.pk if loan else None,
            loan.due_at.isoformat() if loan and loan.due_at else None,
            loan.review_on.isoformat() if loan and loan.review_on else None,
        )
    return found


def in_utc(known: dict[int, replay.Known]) -> dict[int, replay.Known]:
    """The same with due times written alike, whatever zone a database or fact wrote them in."""

    def alike(text: str | None) -> str | None:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat() if text else None

    return {
        copy: replay.Known(k.place, k.loan_id, alike(k.due_at), k.review_on)
        for copy, k in known.items()
    }


def check_whereabouts(room: KeyRoom) -> None:
    told = replay.whereabouts(verify.bodies(room.actor.workspace_id))
    assert in_utc(told) == in_utc(known_to_tables(room))
    assert set(told) == set(room.copies)


def check_details(room: KeyRoom) -> None:
    """What is stamped on copies and where things belong is told by the journal, too."""
    told = details(verify.bodies(room.actor.workspace_id))
    copies = Copy.objects.filter(workspace_id=room.actor.workspace_id)
    rings = Ring.objects.filter(workspace_id=room.actor.workspace_id)
    assert told.marks == dict(copies.values_list("pk", "mark"))
    home = ("pk", "home_container_id", "home_position_id")
    assert told.homes == {pk: tuple(at) for pk, *at in copies.values_list(*home)}
    assert told.ring_homes == {pk: tuple(at) for pk, *at in rings.values_list(*home)}


def check_balances(room: KeyRoom) -> None:
    for balance in queries.balances(room.actor, room.keys).values():
        assert balance.adds_up
    assert queries.total_balance(room.actor).cut == len(room.copies)


def check_stories(room: KeyRoom) -> None:
    """Each copy has been somewhere at every instant since it was cut, and at one place only."""
    rows = Stay.objects.filter(workspace_id=room.actor.workspace_id, superseded_seq=None)
    stories: dict[int, list[Stay]] = {}
    for stay in rows.order_by("copy_id", "valid_from", "pk"):
        stories.setdefault(stay.copy_id, []).append(stay)
    for story in stories.values():
        story.sort(key=lambda s: (s.valid_from, s.valid_to is None, s.valid_to or room.now))
        assert [stay.valid_to for stay in story[:-1]] == [stay.valid_from for stay in story[1:]]
        assert story[-1].valid_to is None


def check_loans(room: KeyRoom) -> None:
    """A loan is open exactly while its copy is with its holder."""
    rows = Loan.objects.filter(workspace_id=room.actor.workspace_id, stay__superseded_seq=None)
    for loan in rows.select_related("stay"):
        assert loan.stay.state == "held"
        assert loan.back_at == loan.stay.valid_to
    held = Stay.objects.filter(IS_OPEN, workspace_id=room.actor.workspace_id, state="held")
    assert not held.filter(loan=None).exists()


def check_incidents(room: KeyRoom) -> None:
    """Every missing copy has one open report of its loss, and no other copy has one."""
    missing = Stay.objects.filter(IS_OPEN, workspace_id=room.actor.workspace_id, state="missing")
    reported = Incident.objects.filter(
        workspace_id=room.actor.workspace_id, closed_at=None, kind__in=MISSING_KINDS
    )
    assert sorted(missing.values_list("copy_id", flat=True)) == sorted(
        reported.values_list("copy_id", flat=True)
    )


COMPOSED = (key_room.undo_at_once, key_room.hand_ring_on)
"""Acts of two operations: the second may be refused when the first is done."""


class AnythingMayHappen(RuleBasedStateMachine):
    """Random acts in a room of its own."""

    account_id: ClassVar[int]
    steps: ClassVar[int]
    done: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.room = key_room.open_room(self.account_id)

    @rule(
        wait=st.sampled_from(WAITS),
        seed=st.integers(0, 2**32 - 1),
    )
    def step(self, wait: timedelta, seed: int) -> None:
        """Time passes, and something happens or is refused."""
        type(self).steps += 1
        self.room.now += wait
        # Numbers repeat themselves a lot when they are drawn; what comes of them should not.
        self.room.dice.seed(f"{seed} {self.head()}")
        act = self.room.dice.choice(key_room.ACTS)
        note(f"{self.room.now}: {act.__name__}")
        before = self.head()
        try:
            act(self.room)
        except KeysteadError:
            assert self.head() == before or act in COMPOSED
        else:
            self.done[act.__name__] += self.head() > before

    def head(self) -> int:
        """The number of the last entry."""
        return Head.objects.get(workspace_id=self.room.actor.workspace_id).sequence

    @invariant()
    def whereabouts_are_as_told(self) -> None:
        """Looking at everything after every step would take most of the time."""
        if self.steps % 8 == 0:
            self.look()

    def teardown(self) -> None:
        self.look()
        assert verify.verify(self.room.actor.workspace_id).holds

    def look(self) -> None:
        check_whereabouts(self.room)
        check_details(self.room)
        check_balances(self.room)
        check_stories(self.room)
        check_loans(self.room)
        check_incidents(self.room)


@pytest.mark.slow
@pytest.mark.db
@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_journal_alone_rebuilds_where_every_copy_is(shard: int, database: Database) -> None:
    examples = EXAMPLES if database.vendor == "sqlite" else EXAMPLES // 4

    class Shard(AnythingMayHappen):
        account_id = cast.found_world(is_demo=True).ana.account_id or 0
        steps = 0
        done: ClassVar = Counter[str]()

    run_state_machine_as_test(
        Shard,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Shard.steps >= examples * STEPS * 0.9
    assert Shard.done.total() > Shard.steps * 0.3
    assert set(+Shard.done) >= {act.__name__ for act in key_room.OFTEN}
