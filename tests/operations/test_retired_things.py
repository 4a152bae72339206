"""What is out of use takes no changes: every verb says so in one way, leaving nothing behind."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from keystead.custody import operations as custody
from keystead.custody.errors import CopyOutOfUse, StillInUse
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.journal import queries as journal
from keystead.journal.operation import VERBS
from keystead.kernel.errors import NotFound, OutOfUse
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.places import operations as places
from keystead.places import queries as place_queries
from tests.cast import World

pytestmark = pytest.mark.db


@dataclass(frozen=True)
class Past:
    """The world with one retired thing of each kind."""

    world: World
    site: int
    space: int
    access_point: int
    container: int
    lock: int
    code: int
    key: int
    copy: int
    ring: int

    @property
    def ana(self) -> Any:
        return self.world.ana


@pytest.fixture
def past(world: World) -> Past:
    by = world.ana
    site = places.add_site(by, name="Old House")
    space = places.add_space(by, site_id=world.site, name="Shed")
    door = places.add_access_point(by, site_id=world.site, name="Side door")
    box = hardware.add_container(by, site_id=world.site, name="Tin")
    lock = hardware.add_lock(by, name="Padlock", access_point_id=world.door, kind="keypad")
    code = hardware.record_code(by, lock_id=lock, name="Code")
    key = keys.add_key(by, symbol="OLD")
    ring = keys.add_ring(by, name="R9")
    custody.retire_site(by, site_id=site)
    custody.retire_space(by, space_id=space)
    places.retire_access_point(by, access_point_id=door)
    custody.retire_container(by, container_id=box)
    hardware.retire_lock(by, lock_id=lock)
    keys.retire_key(by, key_id=key)
    keys.retire_ring(by, ring_id=ring)
    keys.retire_copy(by, copy_id=world.other_copy)
    return Past(world, site, space, door, box, lock, code, key, world.other_copy, ring)


Act = Callable[[Past], object]
REFUSED: dict[tuple[str, str], Act] = {
    # sites
    ("places.change_site", "site_id"): lambda p: places.change_site(
        p.ana, site_id=p.site, version=2, name="New"
    ),
    ("places.add_space", "site_id"): lambda p: places.add_space(p.ana, site_id=p.site, name="A"),
    ("places.add_access_point", "site_id"): lambda p: places.add_access_point(
        p.ana, site_id=p.site, name="A"
    ),
    ("hardware.add_container", "site_id"): lambda p: hardware.add_container(
        p.ana, site_id=p.site, name="A"
    ),
    # spaces
    ("places.change_space", "space_id"): lambda p: places.change_space(
        p.ana, space_id=p.space, version=2, name="New", kind="room"
    ),
    ("places.add_space", "parent_id"): lambda p: places.add_space(
        p.ana, site_id=p.world.site, name="A", parent_id=p.space
    ),
    ("places.change_space", "parent_id"): lambda p: places.change_space(
        p.ana, space_id=p.world.hall, version=1, name="Hall", kind="room", parent_id=p.space
    ),
    ("places.add_access_point", "leads_from_id"): lambda p: places.add_access_point(
        p.ana, site_id=p.world.site, name="A", leads_from_id=p.space
    ),
    ("places.add_access_point", "leads_to_id"): lambda p: places.add_access_point(
        p.ana, site_id=p.world.site, name="A", leads_to_id=p.space
    ),
    ("places.change_access_point", "leads_from_id"): lambda p: places.change_access_point(
        p.ana, access_point_id=p.world.door, version=1, name="A", kind="door", leads_from_id=p.space
    ),
    ("places.change_access_point", "leads_to_id"): lambda p: places.change_access_point(
        p.ana, access_point_id=p.world.door, version=1, name="A", kind="door", leads_to_id=p.space
    ),
    ("hardware.add_container", "space_id"): lambda p: hardware.add_container(
        p.ana, site_id=p.world.site, name="A", space_id=p.space
    ),
    ("hardware.change_container", "space_id"): lambda p: hardware.change_container(
        p.ana, container_id=p.world.cabinet, version=1, name="A", kind="safe", space_id=p.space
    ),
    ("custody.check_out", "space_id"): lambda p: custody.check_out(
        p.ana, copy_ids=[p.world.copy], space_id=p.space
    ),
    ("custody.pass_on", "space_id"): lambda p: custody.pass_on(
        p.ana, copy_ids=[p.world.copy], space_id=p.space
    ),
    # access points
    ("places.change_access_point", "access_point_id"): lambda p: places.change_access_point(
        p.ana, access_point_id=p.access_point, version=2, name="A", kind="door"
    ),
    ("hardware.add_lock", "access_point_id"): lambda p: hardware.add_lock(
        p.ana, name="A", access_point_id=p.access_point
    ),
    ("hardware.record_code_on", "access_point_id"): lambda p: hardware.record_code_on(
        p.ana, name="A", access_point_id=p.access_point
    ),
    (
        "keys.note_key_opens_access_point",
        "access_point_id",
    ): lambda p: keys.note_key_opens_access_point(
        p.ana, key_id=p.world.key, access_point_id=p.access_point
    ),
    ("custody.add_key_with_copies", "access_point_ids"): lambda p: custody.add_key_with_copies(
        p.ana, symbol="N", access_point_ids=[p.access_point]
    ),
    ("keys.attach_tag", "access_point"): lambda p: keys.attach_tag(
        p.ana, text="t", kind="access_point", thing_id=p.access_point
    ),
    # containers
    ("hardware.change_container", "container_id"): lambda p: hardware.change_container(
        p.ana, container_id=p.container, version=2, name="A", kind="safe"
    ),
    ("hardware.add_positions", "container_id"): lambda p: hardware.add_positions(
        p.ana, container_id=p.container, labels=["1"]
    ),
    ("hardware.add_lock", "container_id"): lambda p: hardware.add_lock(
        p.ana, name="A", container_id=p.container
    ),
    ("hardware.record_code_on", "container_id"): lambda p: hardware.record_code_on(
        p.ana, name="A", container_id=p.container
    ),
    ("keys.make_copies", "home_container_id"): lambda p: keys.make_copies(
        p.ana, key_id=p.world.key, home_container_id=p.container
    ),
    ("keys.change_copy", "home_container_id"): lambda p: keys.change_copy(
        p.ana, copy_id=p.world.copy, version=1, home_container_id=p.container
    ),
    ("keys.add_ring", "home_container_id"): lambda p: keys.add_ring(
        p.ana, name="A", home_container_id=p.container
    ),
    ("keys.change_ring", "home_container_id"): lambda p: keys.change_ring(
        p.ana,
        ring_id=new_ring(p),
        version=1,
        name="R",
        home_container_id=p.container,
    ),
    ("custody.cut_copies", "container_id"): lambda p: custody.cut_copies(
        p.ana, key_id=p.world.key, container_id=p.container
    ),
    ("custody.add_key_with_copies", "container_id"): lambda p: custody.add_key_with_copies(
        p.ana, symbol="N", copies=1, container_id=p.container
    ),
    ("custody.move_copies", "container_id"): lambda p: custody.move_copies(
        p.ana, copy_ids=[p.world.copy], container_id=p.container
    ),
    ("custody.return_copies", "container_id"): lambda p: custody.return_copies(
        p.ana, copy_ids=[p.world.copy], container_id=p.container
    ),
    ("custody.report_found", "container_id"): lambda p: found_in(p),
    ("keys.attach_tag", "container"): lambda p: keys.attach_tag(
        p.ana, text="t", kind="container", thing_id=p.container
    ),
    # locks
    ("hardware.fit_cylinder", "lock_id"): lambda p: hardware.fit_cylinder(
        p.ana, lock_id=p.lock, cylinder_id=p.world.cylinder
    ),
    ("hardware.fit_cylinder_numbered", "lock_id"): lambda p: hardware.fit_cylinder_numbered(
        p.ana, lock_id=p.lock, number="Z99"
    ),
    ("hardware.remove_cylinder", "lock_id"): lambda p: hardware.remove_cylinder(
        p.ana, lock_id=p.lock
    ),
    ("hardware.record_code", "lock_id"): lambda p: hardware.record_code(
        p.ana, lock_id=p.lock, name="A"
    ),
    ("hardware.note_code_changed", "code_id"): lambda p: hardware.note_code_changed(
        p.ana, code_id=p.code
    ),
    ("hardware.note_code_told", "code_id"): lambda p: hardware.note_code_told(
        p.ana, code_id=p.code, person_id=p.world.bo_person
    ),
    # keys
    ("keys.change_key", "key_id"): lambda p: keys.change_key(
        p.ana, key_id=p.key, version=2, symbol="NEW"
    ),
    ("keys.add_key", "parent_id"): lambda p: keys.add_key(p.ana, symbol="N", parent_id=p.key),
    ("keys.change_key", "parent_id"): lambda p: keys.change_key(
        p.ana, key_id=p.world.key, version=1, symbol="AA", parent_id=p.key
    ),
    ("custody.add_key_with_copies", "parent_id"): lambda p: custody.add_key_with_copies(
        p.ana, symbol="N", parent_id=p.key
    ),
    ("keys.note_key_opens", "key_id"): lambda p: keys.note_key_opens(
        p.ana, key_id=p.key, cylinder_id=p.world.cylinder
    ),
    ("keys.note_key_opens_access_point", "key_id"): lambda p: keys.note_key_opens_access_point(
        p.ana, key_id=p.key, access_point_id=p.world.door
    ),
    ("keys.make_copies", "key_id"): lambda p: keys.make_copies(p.ana, key_id=p.key),
    ("custody.cut_copies", "key_id"): lambda p: custody.cut_copies(p.ana, key_id=p.key),
    # copies
    ("keys.change_copy", "copy_id"): lambda p: keys.change_copy(
        p.ana, copy_id=p.copy, version=2, mark="x"
    ),
    ("keys.add_ring", "copy_ids"): lambda p: keys.add_ring(p.ana, name="A", copy_ids=[p.copy]),
    ("keys.put_on_ring", "copy_ids"): lambda p: keys.put_on_ring(
        p.ana, ring_id=new_ring(p), copy_ids=[p.copy]
    ),
    ("keys.attach_tag", "copy"): lambda p: keys.attach_tag(
        p.ana, text="t", kind="copy", thing_id=p.copy
    ),
    ("custody.check_out", "copy_ids"): lambda p: custody.check_out(
        p.ana, copy_ids=[p.copy], person_id=p.world.bo_person
    ),
    ("custody.check_out_to_newcomer", "copy_ids"): lambda p: custody.check_out_to_newcomer(
        p.ana, name="Di", copy_ids=[p.copy]
    ),
    # rings
    ("keys.change_ring", "ring_id"): lambda p: keys.change_ring(
        p.ana, ring_id=p.ring, version=2, name="A"
    ),
    ("keys.put_on_ring", "ring_id"): lambda p: keys.put_on_ring(
        p.ana, ring_id=p.ring, copy_ids=[p.world.copy]
    ),
    ("keys.take_off_ring", "ring_id"): lambda p: keys.take_off_ring(
        p.ana, ring_id=p.ring, copy_ids=[p.world.copy]
    ),
    ("keys.seal_ring", "ring_id"): lambda p: keys.seal_ring(p.ana, ring_id=p.ring, seal_number="1"),
    ("keys.break_seal", "ring_id"): lambda p: keys.break_seal(p.ana, ring_id=p.ring),
    ("keys.attach_tag", "ring"): lambda p: keys.attach_tag(
        p.ana, text="t", kind="ring", thing_id=p.ring
    ),
    ("custody.check_out", "ring_ids"): lambda p: custody.check_out(
        p.ana, ring_ids=[p.ring], person_id=p.world.bo_person
    ),
    ("custody.check_out_to_newcomer", "ring_ids"): lambda p: custody.check_out_to_newcomer(
        p.ana, name="Di", ring_ids=[p.ring]
    ),
    ("custody.pass_on", "ring_ids"): lambda p: custody.pass_on(
        p.ana, ring_ids=[p.ring], person_id=p.world.bo_person
    ),
    ("custody.return_copies", "ring_ids"): lambda p: custody.return_copies(
        p.ana, ring_ids=[p.ring]
    ),
    ("custody.move_copies", "ring_ids"): lambda p: custody.move_copies(p.ana, ring_ids=[p.ring]),
    ("custody.report_missing", "ring_ids"): lambda p: custody.report_missing(
        p.ana, ring_ids=[p.ring], note="gone"
    ),
}
"""Each verb with each parameter through which it could touch something retired."""


def found_in(p: Past) -> None:
    custody.report_missing(p.ana, copy_ids=[p.world.copy], note="gone")
    try:
        custody.report_found(p.ana, copy_id=p.world.copy, container_id=p.container)
    finally:
        custody.report_found(p.ana, copy_id=p.world.copy)


_rings = count(1)


def new_ring(p: Past) -> int:
    return keys.add_ring(p.ana, name=f"N{next(_rings)}")


STILL_DONE = {
    # What is there must be accounted for, whatever its key or record says.
    ("custody.return_copies", "copy_ids"),
    ("custody.return_copies", "without_copy_ids"),
    ("custody.pass_on", "copy_ids"),
    ("custody.extend", "copy_ids"),
    ("custody.move_copies", "copy_ids"),
    ("custody.destroy_copies", "copy_ids"),
    ("custody.report_missing", "copy_ids"),
    ("custody.report_found", "copy_id"),
    ("custody.report_damaged", "copy_id"),
    ("custody.record_past_loan", "copy_id"),
    # A claim about the past, when the place was in use.
    ("custody.record_past_loan", "space_id"),
    # Ends something.
    ("keys.take_off_ring", "copy_ids"),
    ("keys.note_key_no_longer_opens", "key_id"),
    # Somebody may have to look after what is left there.
    ("people.invite", "site_id"),
    ("people.invite_new_person", "site_id"),
    ("people.give_site_role", "site_id"),
    ("people.end_site_role", "site_id"),
}
"""What can be done with retired things, and why."""

RETIRABLE = re.compile(
    r"(?:.*_)?(?:site|space|access_point|container|lock|code|key|copy|ring)_ids?"
    r"|parent_id|leads_(?:from|to)_id|thing_id"
)


def touching() -> set[tuple[str, str]]:
    """Every verb with every parameter that names something one can retire."""
    found = set()
    for verb in VERBS.values():
        if not verb.run.__module__.startswith("keystead."):
            continue  # other tests make verbs of their own
        names = [name for name in inspect.signature(verb.run).parameters if name != "change"]
        found |= {(verb.name, name) for name in names if RETIRABLE.fullmatch(name)}
    return found


def test_every_verb_is_looked_at() -> None:
    looked_at = {(verb, name) for verb, name in REFUSED} | STILL_DONE
    tags = {("keys.attach_tag", kind) for kind in ("copy", "ring", "container", "access_point")}
    looked_at |= {("keys.attach_tag", "thing_id")}
    left = {
        (verb, name)
        for verb, name in touching() - looked_at
        if not verb.partition(".")[2].startswith(("retire_", "bring_back_"))
    }
    assert left == set()
    assert tags <= set(REFUSED)


def is_refused(act: Act, past: Past) -> bool:
    try:
        act(past)
    except (OutOfUse, CopyOutOfUse) as refusal:
        return "out of use" in refusal.message
    return False


@pytest.mark.parametrize("context", ["places", "hardware", "keys", "custody"])
def test_what_is_out_of_use_takes_no_changes(context: str, past: Past) -> None:
    """Refusals leave nothing behind, so that the verbs of a context can be tried one by one."""
    tried = {name: act for name, act in REFUSED.items() if name[0].startswith(f"{context}.")}
    assert tried
    assert [name for name, act in tried.items() if not is_refused(act, past)] == []
    assert hardware_queries.container(past.ana, past.world.cabinet).version == 1
    assert place_queries.access_point(past.ana, past.world.door).version == 1
    assert key_queries.key(past.ana, past.world.key).version == 1


def test_a_refusal_says_since_when_and_what_to_do(past: Past) -> None:
    with pytest.raises(OutOfUse) as refusal:
        keys.seal_ring(past.ana, ring_id=past.ring, seal_number="1")
    told = journal.entries(past.ana, limit=1)[0]
    ring = key_queries.ring(past.ana, past.ring)
    assert ring.retired_at is not None
    assert refusal.value.message.startswith("R9 is out of use since 2")
    assert "Bring it back" in refusal.value.message
    assert refusal.value.data["since"] == ring.retired_at.isoformat()
    assert told.name == "keys.copy-retired", "nothing was recorded"


BRING_BACK: dict[str, tuple[Act, Act]] = {
    "site": (
        lambda p: places.bring_back_site(p.ana, site_id=p.site),
        lambda p: places.add_space(p.ana, site_id=p.site, name="A"),
    ),
    "space": (
        lambda p: places.bring_back_space(p.ana, space_id=p.space),
        lambda p: places.add_space(p.ana, site_id=p.world.site, name="A", parent_id=p.space),
    ),
    "access point": (
        lambda p: places.bring_back_access_point(p.ana, access_point_id=p.access_point),
        lambda p: hardware.add_lock(p.ana, name="A", access_point_id=p.access_point),
    ),
    "container": (
        lambda p: hardware.bring_back_container(p.ana, container_id=p.container),
        lambda p: hardware.add_positions(p.ana, container_id=p.container, labels=["1"]),
    ),
    "key": (
        lambda p: keys.bring_back_key(p.ana, key_id=p.key),
        lambda p: custody.cut_copies(p.ana, key_id=p.key),
    ),
    "copy": (
        lambda p: keys.bring_back_copy(p.ana, copy_id=p.copy),
        lambda p: custody.check_out(p.ana, copy_ids=[p.copy], person_id=p.world.bo_person),
    ),
    "ring": (
        lambda p: keys.bring_back_ring(p.ana, ring_id=p.ring),
        lambda p: keys.put_on_ring(p.ana, ring_id=p.ring, copy_ids=[p.world.copy]),
    ),
}


@pytest.mark.parametrize(("back", "use"), BRING_BACK.values(), ids=BRING_BACK)
def test_what_was_retired_by_mistake_is_brought_back(back: Act, use: Act, past: Past) -> None:
    back(past)
    sealed = journal.seal(past.ana)
    assert journal.entries(past.ana, limit=1)[0].name.endswith("-brought-back")
    back(past)
    assert journal.seal(past.ana) == sealed, "once is enough"
    use(past)


def test_nothing_comes_back_into_a_place_that_is_out_of_use(past: Past) -> None:
    by = past.ana
    places.bring_back_site(by, site_id=past.site)
    door = places.add_access_point(by, site_id=past.site, name="Gate")
    room = places.add_space(by, site_id=past.site, name="Cellar")
    inner = places.add_space(by, site_id=past.site, name="Bin", parent_id=room)
    box = hardware.add_container(by, site_id=past.site, name="Crate", space_id=room)
    custody.retire_container(by, container_id=box)
    custody.retire_space(by, space_id=inner)
    custody.retire_space(by, space_id=room)
    places.retire_access_point(by, access_point_id=door)
    custody.retire_site(by, site_id=past.site)
    with pytest.raises(OutOfUse):
        places.bring_back_access_point(by, access_point_id=door)
    with pytest.raises(OutOfUse):
        places.bring_back_space(by, space_id=room)
    with pytest.raises(OutOfUse):
        places.bring_back_space(by, space_id=inner)
    with pytest.raises(OutOfUse):
        hardware.bring_back_container(by, container_id=box)


def test_a_site_is_retired_only_when_nothing_is_in_force_on_it(world: World) -> None:
    with pytest.raises(StillInUse, match="Cabinet"):
        custody.retire_site(world.ana, site_id=world.site)
    with pytest.raises(StillInUse, match="Store door"):
        places.retire_site(world.ana, site_id=world.site)
    with pytest.raises(NotFound):
        custody.retire_site(world.ana, site_id=world.elsewhere.site)


def test_a_space_is_retired_only_when_nothing_is_in_it(world: World) -> None:
    by = world.ana
    with pytest.raises(StillInUse, match="Cabinet"):
        custody.retire_space(by, space_id=world.hall)
    with pytest.raises(StillInUse, match="Store door"):
        custody.retire_space(by, space_id=world.store)
    attic = places.add_space(by, site_id=world.site, name="Attic")
    nook = places.add_space(by, site_id=world.site, name="Nook", parent_id=attic)
    with pytest.raises(StillInUse, match="Nook"):
        custody.retire_space(by, space_id=attic)
    custody.check_out(by, copy_ids=[world.copy], space_id=nook)
    with pytest.raises(StillInUse, match="1 key"):
        custody.retire_space(by, space_id=nook)
    custody.return_copies(by, copy_ids=[world.copy])
    custody.retire_space(by, space_id=nook)
    custody.retire_space(by, space_id=attic)
    assert {space.name for space in place_queries.spaces(by)} == {"Hall", "Store"}
    every = place_queries.spaces(by, with_retired=True)
    assert {space.name for space in every if space.retired_at} == {"Attic", "Nook"}


def test_an_emptied_site_leaves_the_list_and_comes_back(past: Past) -> None:
    assert [site.name for site in place_queries.sites(past.ana)] == ["Harbour House"]
    every = place_queries.sites(past.ana, with_retired=True)
    assert [site.name for site in every] == ["Harbour House", "Old House"]
    places.bring_back_site(past.ana, site_id=past.site)
    assert len(place_queries.sites(past.ana)) == 2


def test_a_loan_of_the_past_may_be_at_a_place_that_is_out_of_use_now(past: Past) -> None:
    made = key_queries.copy(past.ana, past.world.copy).made_at
    told = custody.record_past_loan(
        past.ana,
        copy_id=past.world.copy,
        space_id=past.space,
        from_at=made,
        until_at=journal.entries(past.ana, limit=1)[0].at,
    )
    assert told


def test_a_cylinder_is_corrected(world: World) -> None:
    by = world.ana
    hardware.change_cylinder(
        by, cylinder_id=world.cylinder, version=1, number="Z1a", is_listed_only=True
    )
    found = hardware_queries.cylinder(by, world.cylinder)
    assert (found.number, found.is_listed_only, found.version) == ("Z1a", True, 2)
    told = journal.entries(by, limit=1)[0]
    assert told.name == "hardware.cylinder-changed"
    assert told.payload["old_number"] == "Z1"
    assert (told.payload["was_listed_only"], told.payload["is_listed_only"]) == (False, True)
