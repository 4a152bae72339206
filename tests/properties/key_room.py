"""A key room in which random things happen: each act is something a person may do there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from keystead.custody import operations as custody
from keystead.custody.models import Stay
from keystead.custody.operations import CheckedOut, Returned
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.hardware.models import IS_OPEN
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.keys import operations as keys
from keystead.keys.models import Copy, Ring
from keystead.people import access
from keystead.people import operations as people
from keystead.places import operations as places

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY = timedelta(days=1)

Words = dict[str, Any]
"""Keyword arguments of a verb; they are drawn at random, so their types are not known here."""


@dataclass(slots=True)
class KeyRoom:
    """A workspace of its own: its ids, its clock, and the dice that choose among them."""

    actor: Actor
    site: int
    space: int
    boxes: list[int]
    hooks: list[tuple[int, int]]
    people: list[int]
    keys: list[int]
    now: datetime = BEGIN
    dice: Random = field(default_factory=Random)
    copies: list[int] = field(default_factory=list)
    rings: list[int] = field(default_factory=list)
    handlings: list[int] = field(default_factory=list)
    incidents: list[int] = field(default_factory=list)

    @property
    def ana(self) -> Actor:
        """Who acts, at the room's time."""
        return replace(self.actor, at=self.now)

    def odds(self, one_in: int) -> bool:
        """True once in so many times."""
        return self.dice.randrange(one_in) == 0

    def ago(self) -> datetime:
        """Some time in the last three days."""
        return self.now - timedelta(hours=self.dice.choice((0, 1, 5, 30, 60)))

    def some(self, state: str, most: int = 3) -> list[int]:
        """Some copies that are stored, held or missing; now and then just any copies."""
        rows = Stay.objects.filter(IS_OPEN, workspace_id=self.actor.workspace_id, state=state)
        fitting = sorted(rows.values_list("copy_id", flat=True))
        if not fitting or self.odds(8):
            fitting = self.copies
        return self.dice.sample(fitting, min(self.dice.randint(1, most), len(fitting)))

    def one(self, state: str) -> int:
        """One copy that is stored, held or missing; now and then just any copy."""
        return self.some(state, 1)[0]

    def ring(self) -> list[int]:
        """A ring."""
        return [self.dice.choice(self.rings)]

    def place(self) -> Words:
        """A box, or a box and its hook, or no place at all."""
        if self.odds(4):
            return {}
        box, hook = self.dice.choice(self.hooks)
        return {"container_id": box, "position_id": hook if self.odds(2) else None}

    def home(self) -> Words:
        """Where something belongs: as `place`, for verbs that speak of homes."""
        return {f"home_{name}": value for name, value in self.place().items()}

    def holder(self) -> Words:
        """A person, or now and then a place."""
        return {"space_id": self.space} if self.odds(8) else {"person_id": self.somebody()}

    def somebody(self) -> int:
        """A person."""
        return self.dice.choice(self.people)

    def until(self) -> Words:
        """Some way to say for how long, sensible or not."""
        sensible: list[Words] = [
            {},
            {"due_at": self.now + DAY},
            {"due_at": self.now + 10 * DAY},
            {"review_on": (self.now + 90 * DAY).date()},
        ]
        nonsense: list[Words] = [
            {"due_at": self.now - DAY},
            {"due_at": self.now + DAY, "review_on": (self.now + DAY).date()},
        ]
        return self.dice.choice(nonsense if self.odds(12) else sensible)

    def keep(self, done: CheckedOut | Returned) -> None:
        """Remember a handling that may be undone."""
        if done.handling is not None:
            self.handlings.append(done.handling)


def open_room(account_id: int) -> KeyRoom:
    """Begin a workspace with two boxes, three people, two keys, four copies and a ring."""
    slug = people.create_workspace(
        Actor(workspace_id=INSTALLATION, channel="web", account_id=account_id),
        owner_name="Ana",
        workspace_name="Room",
        template="empty",
        time_zone="Europe/London",
        locale="en",
        is_demo=True,
    )
    ana = replace(access.actor_for(account_id, slug, "web"), at=BEGIN)
    site = places.add_site(ana, name="House")
    boxes = [
        hardware.add_container(ana, site_id=site, name=name, positions=2)
        for name in ("Cabinet", "Safe")
    ]
    room = KeyRoom(
        actor=ana,
        site=site,
        space=places.add_space(ana, site_id=site, name="Store"),
        boxes=boxes,
        hooks=[(box, hook.id) for box in boxes for hook in hardware_queries.positions(ana, box)],
        people=[people.add_person(ana, name=name) for name in ("Bo", "Cy", "Di")],
        keys=[keys.add_key(ana, symbol=symbol) for symbol in ("AA", "AB")],
    )
    for key in room.keys:
        room.copies += custody.cut_copies(ana, key_id=key, count=2, container_id=boxes[0])
    room.rings.append(keys.add_ring(ana, name="Ring", copy_ids=room.copies[1:3]))
    return room


Act = Callable[[KeyRoom], object]


def cut(room: KeyRoom) -> None:
    if len(room.copies) < 12:
        key = room.dice.choice(room.keys)
        made = custody.cut_copies(
            room.ana, key_id=key, count=room.dice.randint(1, 2), **room.place()
        )
        room.copies += made


def check_out(room: KeyRoom) -> None:
    room.keep(
        custody.check_out(room.ana, copy_ids=room.some("stored"), **room.holder(), **room.until())
    )


def check_out_ring(room: KeyRoom) -> None:
    room.keep(custody.check_out(room.ana, ring_ids=room.ring(), **room.holder(), **room.until()))


def check_out_later(room: KeyRoom) -> None:
    done = custody.check_out(
        room.ana, copy_ids=room.some("stored", 2), **room.holder(), occurred_at=room.ago()
    )
    room.keep(done)


def bring_back(room: KeyRoom) -> None:
    done = custody.return_copies(
        room.ana,
        copy_ids=room.some("held"),
        returned_by_id=room.somebody() if room.odds(4) else None,
        note="Sticky" if room.odds(4) else None,
        fault="Bent" if room.odds(10) else None,
        fault_is_critical=room.odds(3),
        **room.place(),
    )
    room.keep(done)


def bring_back_what_was_lost(room: KeyRoom) -> None:
    room.keep(custody.return_copies(room.ana, copy_ids=room.some("missing"), note="Here"))


def bring_back_later(room: KeyRoom) -> None:
    copies = room.some("held", 2)
    room.keep(custody.return_copies(room.ana, copy_ids=copies, occurred_at=room.ago()))


def bring_back_ring(room: KeyRoom) -> None:
    done = custody.return_copies(
        room.ana,
        ring_ids=room.ring(),
        without_copy_ids=room.some("held", 1) if room.odds(2) else [],
        seal_number=room.dice.choice(("S1", "S2", None)),
        **room.place(),
    )
    room.keep(done)


def pass_on(room: KeyRoom) -> None:
    copies = room.some("held", 2)
    room.keep(custody.pass_on(room.ana, copy_ids=copies, **room.holder(), **room.until()))


def pass_ring_on(room: KeyRoom) -> None:
    room.keep(custody.pass_on(room.ana, ring_ids=room.ring(), **room.holder()))


def hand_ring_on(room: KeyRoom) -> None:
    """A ring goes out and on to somebody else, which chance alone would rarely bring about."""
    ring = room.ring()
    room.keep(custody.check_out(room.ana, ring_ids=ring, person_id=room.people[0]))
    room.now += timedelta(hours=1)
    room.keep(custody.pass_on(room.ana, ring_ids=ring, person_id=room.people[1]))


def extend(room: KeyRoom) -> None:
    custody.extend(room.ana, copy_ids=room.some("held", 2), **room.until())


def lose(room: KeyRoom) -> None:
    kind = room.dice.choice(("lost", "stolen", "unaccounted"))
    copies = room.some("held", 2)
    room.incidents += custody.report_missing(
        room.ana, copy_ids=copies, kind=kind, note="Gone", happened_at=room.ago()
    )


def lose_ring(room: KeyRoom) -> None:
    room.incidents += custody.report_missing(room.ana, ring_ids=room.ring(), note="Gone")


def find(room: KeyRoom) -> None:
    where = {"person_id": room.somebody()} if room.odds(2) else room.place()
    custody.report_found(room.ana, copy_id=room.one("missing"), **where)


def damage(room: KeyRoom) -> None:
    incident = custody.report_damaged(
        room.ana, copy_id=room.one("held"), note="Bent", is_critical=room.odds(3)
    )
    room.incidents.append(incident)


def settle(room: KeyRoom) -> None:
    if room.incidents:
        custody.close_incident(room.ana, incident_id=room.dice.choice(room.incidents))


def destroy(room: KeyRoom) -> None:
    custody.destroy_copies(room.ana, copy_ids=[room.dice.choice(room.copies)])


def move(room: KeyRoom) -> None:
    handling = custody.move_copies(room.ana, copy_ids=room.some("stored"), **room.place())
    room.handlings += [handling] if handling else []


def past_loan(room: KeyRoom) -> None:
    start = room.ago() - timedelta(hours=room.dice.randint(0, 9))
    end = start + timedelta(hours=room.dice.randint(0, 9))
    copy = room.one(room.dice.choice(("stored", "stored", "held", "missing")))
    custody.record_past_loan(room.ana, copy_id=copy, **room.holder(), from_at=start, until_at=end)


def undo(room: KeyRoom) -> None:
    """Something of late, perhaps too late, perhaps a second time."""
    if room.handlings:
        custody.undo(room.ana, handling=room.dice.choice(room.handlings[-3:]))


def undo_at_once(room: KeyRoom) -> None:
    """Something, and then its undoing: the ordinary case."""
    before = len(room.handlings)
    room.dice.choice((check_out, bring_back, pass_on, move, check_out_ring, bring_back_ring))(room)
    if len(room.handlings) > before:
        room.now += timedelta(seconds=room.dice.randint(0, 40))
        custody.undo(room.ana, handling=room.handlings[-1])


def make_ring(room: KeyRoom) -> None:
    if len(room.rings) > 3:
        return
    box, hook = room.dice.choice(room.hooks)
    home = {"home_container_id": box, "home_position_id": hook} if room.odds(2) else {}
    ring = keys.add_ring(
        room.ana,
        name=f"Ring {len(room.rings)}",
        copy_ids=room.dice.sample(room.copies, 2),
        seal_number="S1" if room.odds(4) else "",
        **home,
    )
    room.rings.append(ring)


def put_on_ring(room: KeyRoom) -> None:
    copies = room.dice.sample(room.copies, 2)
    keys.put_on_ring(room.ana, ring_id=room.ring()[0], copy_ids=copies)


def take_off_ring(room: KeyRoom) -> None:
    copies = room.dice.sample(room.copies, 2)
    keys.take_off_ring(room.ana, ring_id=room.ring()[0], copy_ids=copies)


def seal(room: KeyRoom) -> None:
    keys.seal_ring(room.ana, ring_id=room.ring()[0], seal_number=room.dice.choice(("S1", "S2")))


def break_seal(room: KeyRoom) -> None:
    keys.break_seal(room.ana, ring_id=room.ring()[0])


def retire_something(room: KeyRoom) -> None:
    if room.odds(4):
        keys.retire_copy(room.ana, copy_id=room.dice.choice(room.copies))
    elif room.odds(3):
        keys.retire_ring(room.ana, ring_id=room.ring()[0])
    elif room.odds(2):
        custody.retire_container(room.ana, container_id=room.boxes[1])


def use_again(room: KeyRoom) -> None:
    """What was retired by mistake comes back into use."""
    if room.odds(2):
        keys.bring_back_copy(room.ana, copy_id=room.dice.choice(room.copies))
    elif room.odds(2):
        keys.bring_back_ring(room.ana, ring_id=room.ring()[0])
    else:
        hardware.bring_back_container(room.ana, container_id=room.boxes[1])


def stamp_copy(room: KeyRoom) -> None:
    """Another mark, and another place where it belongs."""
    copy = Copy.objects.get(pk=room.dice.choice(room.copies))
    keys.change_copy(
        room.ana,
        copy_id=copy.pk,
        version=copy.version,
        mark=room.dice.choice(("", "M1", "M2")),
        **room.home(),
    )


def move_ring_home(room: KeyRoom) -> None:
    ring = Ring.objects.get(pk=room.ring()[0])
    keys.change_ring(room.ana, ring_id=ring.pk, version=ring.version, name=ring.name, **room.home())


def leave(room: KeyRoom) -> None:
    people.note_leaving(room.ana, person_id=room.people[2])


def come_back(room: KeyRoom) -> None:
    people.note_return_of_person(room.ana, person_id=room.people[2])


OFTEN: tuple[Act, ...] = (
    check_out,
    check_out_ring,
    check_out_later,
    bring_back,
    bring_back_ring,
    bring_back_later,
    pass_on,
    undo_at_once,
    past_loan,
)
NOW_AND_THEN: tuple[Act, ...] = (
    cut,
    hand_ring_on,
    pass_ring_on,
    extend,
    move,
    undo,
    damage,
    settle,
    find,
    bring_back_what_was_lost,
    lose,
    make_ring,
    put_on_ring,
    take_off_ring,
    break_seal,
)
SELDOM: tuple[Act, ...] = (
    lose_ring,
    destroy,
    seal,
    retire_something,
    use_again,
    stamp_copy,
    move_ring_home,
    leave,
    come_back,
)
ACTS = OFTEN * 4 + NOW_AND_THEN * 2 + SELDOM
