"""Rings: who has a copy never depends on what it hangs on."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import CopyNotOut
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from tests.cast import World

pytestmark = pytest.mark.db


@pytest.fixture
def five(world: World) -> list[int]:
    """The copies of a ring of five."""
    return custody.cut_copies(world.ana, key_id=world.key, count=5, container_id=world.cabinet)


@pytest.fixture
def ring(world: World, five: list[int]) -> int:
    """A ring of five copies that Bo has."""
    ring = keys.add_ring(world.ana, name="Night", copy_ids=five, home_container_id=world.cabinet)
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    return ring


def test_scenario_07_a_key_taken_off_a_ring_stays_with_its_holder(
    world: World, five: list[int], ring: int
) -> None:
    keys.take_off_ring(world.ana, ring_id=ring, copy_ids=five[:1])
    here = queries.where_is(world.ana, five[0])
    assert (here.state, here.holder, here.container_id) == ("held", "Bo", None)
    assert five[0] not in key_queries.ring(world.ana, ring).copy_ids
    custody.return_copies(world.ana, ring_ids=[ring])
    out = queries.out_now(world.ana, person_id=world.bo_person)
    assert [stay.copy_id for stay in out] == five[:1]
    assert queries.total_balance(world.ana).out == 1


def test_scenario_07_a_key_put_on_a_ring_that_is_out_stays_in_the_cabinet(
    world: World, ring: int
) -> None:
    keys.put_on_ring(world.ana, ring_id=ring, copy_ids=[world.copy])
    here = queries.where_is(world.ana, world.copy)
    assert (here.state, here.position_id) == ("stored", world.hooks[0])


def test_scenario_08_four_of_five_come_back(world: World, five: list[int], ring: int) -> None:
    done = custody.return_copies(world.ana, ring_ids=[ring], without_copy_ids=five[4:])
    assert set(done.copy_ids) == set(five[:4])
    assert done.still_out == (five[4],)
    assert {queries.where_is(world.ana, copy).state for copy in five[:4]} == {"stored"}
    assert queries.where_is(world.ana, five[4]).holder == "Bo"
    (case,) = queries.incidents(world.ana)
    assert (case.kind, case.copy_id, case.last_holder) == ("missing-part", five[4], "Bo")


def test_scenario_08_finishing_another_loan_does_not_settle_the_case(
    world: World, five: list[int], ring: int
) -> None:
    custody.return_copies(world.ana, ring_ids=[ring], without_copy_ids=five[4:])
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.ana_person)
    custody.return_copies(world.ana, copy_ids=five[:4])
    (case,) = queries.incidents(world.ana)
    assert case.copy_id == five[4]
    assert queries.where_is(world.ana, five[4]).holder == "Bo"


def test_scenario_08_the_same_gap_noticed_twice_is_one_case(
    world: World, five: list[int], ring: int
) -> None:
    custody.return_copies(world.ana, ring_ids=[ring], without_copy_ids=five[4:])
    again = custody.return_copies(
        world.ana, ring_ids=[ring], without_copy_ids=[*five[4:], *five[4:]]
    )
    assert (again.handling, again.still_out) == (None, (five[4],))
    assert set(again.unchanged_copy_ids) == set(five[:4])
    assert len(queries.incidents(world.ana)) == 1


def test_scenario_08_the_case_is_settled_when_the_fifth_comes(
    world: World, five: list[int], ring: int
) -> None:
    custody.return_copies(world.ana, ring_ids=[ring], without_copy_ids=five[4:])
    custody.return_copies(world.ana, copy_ids=five[4:])
    assert queries.incidents(world.ana) == []
    assert queries.where_is(world.ana, five[4]).container_id == world.cabinet


def test_scenario_08_a_lost_fifth_is_not_found_by_bringing_the_others(
    world: World, five: list[int], ring: int
) -> None:
    custody.report_missing(world.ana, copy_ids=five[4:], note="Fell off the ring")
    done = custody.return_copies(world.ana, ring_ids=[ring])
    assert set(done.copy_ids) == set(five[:4])
    assert queries.where_is(world.ana, five[4]).state == "missing"
    assert [case.kind for case in queries.incidents(world.ana)] == ["lost"]


def test_scenario_08_a_lost_ring_that_is_brought_is_found_as_a_whole(
    world: World, five: list[int], ring: int
) -> None:
    custody.destroy_copies(world.ana, copy_ids=five[:1])
    custody.report_missing(world.ana, ring_ids=[ring], note="Left on the tram")
    done = custody.return_copies(world.ana, ring_ids=[ring])
    assert set(done.copy_ids) == set(five[1:])
    assert queries.incidents(world.ana) == []
    assert queries.where_is(world.ana, five[0]).state == "destroyed"


def test_scenario_08_what_is_left_of_a_ring_is_passed_on(
    world: World, five: list[int], ring: int
) -> None:
    custody.report_missing(world.ana, copy_ids=five[4:], note="Fell off the ring")
    done = custody.pass_on(world.ana, ring_ids=[ring], person_id=world.ana_person)
    assert (set(done.copy_ids), done.left_out) == (set(five[:4]), (five[4],))
    with pytest.raises(CopyNotOut):
        custody.pass_on(world.ana, copy_ids=five[4:], person_id=world.ana_person)
