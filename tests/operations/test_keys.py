"""Keys, what they open, their copies, rings and tags."""

from typing import Any

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.hardware import operations as hardware
from keystead.kernel.errors import Conflict, Invalid, NameTaken, OutOfUse
from keystead.keys import operations as keys
from keystead.keys import queries
from keystead.keys.errors import (
    CopyOnOtherRing,
    KeyAboveItself,
    RingIsSealed,
    TagTaken,
)
from keystead.places import operations as places
from tests.cast import World

pytestmark = pytest.mark.db


@pytest.fixture
def system(world: World) -> dict[str, int]:
    """GGM over A over AA over AA1 and AA2, each change key on a cylinder of its own door."""
    found = {"system": keys.add_key_system(world.ana, name="Main")}
    above = None
    for symbol in ("GGM", "A", "AA"):
        above = keys.add_key(world.ana, symbol=symbol, system_id=found["system"], parent_id=above)
        found[symbol] = above
    for symbol in ("AA1", "AA2"):
        found[symbol] = keys.add_key(
            world.ana, symbol=symbol, system_id=found["system"], parent_id=found["AA"]
        )
        door = places.add_access_point(world.ana, site_id=world.site, name=f"Room {symbol}")
        keys.note_key_opens_access_point(world.ana, key_id=found[symbol], access_point_id=door)
        found[f"door {symbol}"] = door
    return found


def opened(world: World, key_id: int) -> set[str]:
    return {thing.name for thing in queries.opens(world.ana, {key_id})}


def openers(world: World, door: int) -> set[str]:
    return {o.key.label for o in queries.openers(world.ana, access_point_id=door)}


def test_a_key_opens_everything_below_it(world: World, system: dict[str, int]) -> None:
    assert opened(world, system["AA1"]) == {"Room AA1"}
    for symbol in ("AA", "A", "GGM"):
        assert opened(world, system[symbol]) == {"Room AA1", "Room AA2"}
    assert openers(world, system["door AA1"]) == {"AA1", "AA", "A", "GGM"}


def test_a_cross_keyed_lock_opens_with_exactly_the_keys_listed(
    world: World, system: dict[str, int]
) -> None:
    door = places.add_access_point(world.ana, site_id=world.site, name="Shared store")
    lock = hardware.add_lock(world.ana, name="Shared store", access_point_id=door)
    cylinder = hardware.add_cylinder(world.ana, number="X1X", is_listed_only=True)
    hardware.fit_cylinder(world.ana, lock_id=lock, cylinder_id=cylinder)
    for symbol in ("AA1", "AA2"):
        keys.note_key_opens(world.ana, key_id=system[symbol], cylinder_id=cylinder)
    assert openers(world, door) == {"AA1", "AA2"}
    assert "Shared store" not in opened(world, system["GGM"])


def test_a_new_cylinder_changes_what_opens_the_door(world: World) -> None:
    fresh = hardware.add_cylinder(world.ana, number="Z9")
    hardware.fit_cylinder(world.ana, lock_id=world.lock, cylinder_id=fresh)
    assert openers(world, world.door) == set()
    assert opened(world, world.key) == set()


def test_a_key_cannot_stand_above_itself(world: World, system: dict[str, int]) -> None:
    for below in ("AA1", "AA", "A", "GGM"):
        with pytest.raises(KeyAboveItself):
            keys.change_key(
                world.ana,
                key_id=system["GGM"],
                version=1,
                symbol="GGM",
                parent_id=system[below],
            )


@pytest.mark.parametrize("symbol", ["AA", "aa", " AA ", "\uff21\uff21"])
def test_a_symbol_people_take_for_the_same_is_refused(world: World, symbol: str) -> None:
    with pytest.raises(NameTaken):
        keys.add_key(world.ana, symbol=symbol)


def test_a_key_needs_a_symbol_or_a_name(world: World) -> None:
    with pytest.raises(Invalid):
        keys.add_key(world.ana)


def test_copies_get_the_next_numbers_and_numbers_are_never_used_again(world: World) -> None:
    custody.cut_copies(world.ana, key_id=world.key, count=2)
    custody.cut_copies(world.ana, key_id=world.key, numbers=[9])
    custody.cut_copies(world.ana, key_id=world.key)
    numbers = [copy.number for copy in queries.copies(world.ana, key_id=world.key)]
    assert numbers == [1, 2, 3, 4, 9, 10]


@pytest.mark.parametrize("numbers", [[2], [5, 5], [0], [-3], [10**9], []])
def test_bad_copy_numbers_are_refused_and_nothing_is_made(world: World, numbers: list[int]) -> None:
    with pytest.raises((NameTaken, Invalid)):
        custody.cut_copies(world.ana, key_id=world.key, numbers=numbers)
    assert custody_queries.balances(world.ana, [world.key])[world.key].cut == 2


def test_no_copies_are_made_of_a_retired_key(world: World) -> None:
    keys.retire_key(world.ana, key_id=world.key)
    with pytest.raises(OutOfUse):
        custody.cut_copies(world.ana, key_id=world.key)


def test_a_key_its_copies_and_its_doors_come_in_one_step(world: World) -> None:
    door = places.add_access_point(world.ana, site_id=world.site, name="Garage")
    key = custody.add_key_with_copies(
        world.ana,
        name="Garage remote",
        kind="remote",
        copies=3,
        container_id=world.cabinet,
        access_point_ids=[door],
    )
    assert custody_queries.balances(world.ana, [key])[key].stock == 3
    assert opened(world, key) == {"Garage"}


def test_a_copy_hangs_on_one_ring_at_a_time(world: World) -> None:
    first = keys.add_ring(world.ana, name="R1", copy_ids=[world.copy])
    second = keys.add_ring(world.ana, name="R2")
    with pytest.raises(CopyOnOtherRing):
        keys.put_on_ring(world.ana, ring_id=second, copy_ids=[world.copy])
    keys.take_off_ring(world.ana, ring_id=first, copy_ids=[world.copy])
    keys.put_on_ring(world.ana, ring_id=second, copy_ids=[world.copy])
    assert queries.copy(world.ana, world.copy).ring_name == "R2"


def test_what_hangs_on_a_sealed_ring_changes_only_after_its_seal_is_opened(
    world: World,
) -> None:
    ring = keys.add_ring(world.ana, name="R1", copy_ids=[world.copy], seal_number="S-1")
    with pytest.raises(RingIsSealed):
        keys.take_off_ring(world.ana, ring_id=ring, copy_ids=[world.copy])
    keys.break_seal(world.ana, ring_id=ring)
    keys.put_on_ring(world.ana, ring_id=ring, copy_ids=[world.other_copy])
    keys.seal_ring(world.ana, ring_id=ring, seal_number="S-2")
    view = queries.ring(world.ana, ring)
    assert (view.is_sealed, view.seal_number, len(view.copy_ids)) == (True, "S-2", 2)


def test_taking_a_copy_off_a_ring_leaves_it_with_its_holder(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R1", copy_ids=[world.copy, world.other_copy])
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    keys.take_off_ring(world.ana, ring_id=ring, copy_ids=[world.copy])
    assert custody_queries.where_is(world.ana, world.copy).person_name == "Bo"


def test_a_tag_moves_only_when_taken_off_and_the_records_stay(world: World) -> None:
    tag = keys.attach_tag(world.ana, text="K-100", kind="copy", thing_id=world.copy)
    with pytest.raises(TagTaken):
        keys.attach_tag(world.ana, text="k-100", kind="copy", thing_id=world.other_copy)
    keys.remove_tag(world.ana, tag_id=tag)
    keys.attach_tag(world.ana, text="K-100", kind="copy", thing_id=world.other_copy)
    found = queries.tagged(world.ana, " k-100 ")
    assert found is not None
    assert (found.kind, found.thing_id) == ("copy", world.other_copy)
    assert queries.copy(world.ana, world.copy).tag is None


def test_a_new_tag_takes_the_place_of_the_old_one(world: World) -> None:
    keys.attach_tag(world.ana, text="OLD", kind="copy", thing_id=world.copy)
    keys.attach_tag(world.ana, text="NEW", kind="copy", thing_id=world.copy)
    assert queries.tagged(world.ana, "OLD") is None
    assert queries.copy(world.ana, world.copy).tag == "NEW"


def test_a_container_is_taken_out_of_use_only_when_empty(world: World) -> None:
    with pytest.raises(Conflict):
        custody.retire_container(world.ana, container_id=world.cabinet)
    custody.move_copies(world.ana, copy_ids=world.copies)
    custody.retire_container(world.ana, container_id=world.cabinet)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert custody_queries.where_is(world.ana, world.copy).container_id is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "ﷺ" * 20}, "name"),
        ({"name": "İ" * 120}, "name"),
        ({"symbol": "ﷺ" * 20, "name": "Store"}, "symbol"),
    ],
)
def test_a_label_that_grows_too_long_when_folded_is_refused(
    world: World, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        keys.add_key(world.ana, **given)
    assert refusal.value.data["field"] == field
    with pytest.raises(Invalid) as refusal:
        keys.change_key(world.ana, key_id=world.key, version=1, **given)
    assert refusal.value.data["field"] == field
