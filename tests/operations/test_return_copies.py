"""Taking back: it always succeeds."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.hardware import operations as hardware
from keystead.journal import queries as journal
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import World

pytestmark = pytest.mark.db


def hand_out(world: World, *copies: int) -> None:
    custody.check_out(world.ana, copy_ids=copies, person_id=world.bo_person)


def test_a_copy_comes_back_to_its_hook(world: World) -> None:
    hand_out(world, world.copy)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.container_id, stay.position_id) == (world.cabinet, world.hooks[0])


def test_a_copy_may_come_back_to_another_cabinet(world: World) -> None:
    other = hardware.add_container(world.ana, site_id=world.site, name="Drawer", kind="drawer")
    hand_out(world, world.copy)
    custody.return_copies(world.ana, copy_ids=[world.copy], container_id=other)
    assert queries.where_is(world.ana, world.copy).container_name == "Drawer"


def test_somebody_else_may_bring_it_and_that_is_shown(world: World) -> None:
    hand_out(world, world.copy)
    custody.return_copies(world.ana, copy_ids=[world.copy], returned_by_id=world.ana_person)
    had = queries.history(world.ana, world.copy)[1]
    assert (had.person_name, had.returned_by) == ("Bo", "Ana")


def test_a_second_identical_return_changes_nothing_and_says_so(world: World) -> None:
    hand_out(world, world.copy)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    before = journal.seal(world.ana)
    again = custody.return_copies(world.ana, copy_ids=[world.copy])
    assert again.handling is None
    assert again.unchanged_copy_ids == (world.copy,)
    assert journal.seal(world.ana) == before


def test_a_retired_copy_of_a_person_who_left_comes_back_all_the_same(world: World) -> None:
    hand_out(world, world.copy)
    keys.retire_copy(world.ana, copy_id=world.copy)
    keys.retire_key(world.ana, key_id=world.key)
    people.note_leaving(world.ana, person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_a_lost_copy_that_is_handed_in_counts_as_found(world: World) -> None:
    hand_out(world, world.copy)
    custody.report_missing(world.ana, copy_ids=[world.copy], note="bus, Tuesday")
    custody.return_copies(world.ana, copy_ids=[world.copy], note="in the coat")
    assert queries.where_is(world.ana, world.copy).state == "stored"
    assert queries.incidents(world.ana) == []


def test_a_copy_believed_destroyed_comes_back_too(world: World) -> None:
    custody.destroy_copies(world.ana, copy_ids=[world.copy])
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_a_ring_may_come_back_without_one_copy_which_stays_with_its_holder(
    world: World,
) -> None:
    ring = keys.add_ring(world.ana, name="R7", copy_ids=[world.copy, world.other_copy])
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    back = custody.return_copies(world.ana, ring_ids=[ring], without_copy_ids=[world.other_copy])
    assert back.copy_ids == (world.copy,)
    assert back.still_out == (world.other_copy,)
    assert queries.where_is(world.ana, world.other_copy).person_name == "Bo"
    assert [(i.kind, i.copy_id) for i in queries.incidents(world.ana)] == [
        ("missing-part", world.other_copy)
    ]


def test_the_missing_part_that_comes_later_settles_its_case(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R7", copy_ids=[world.copy, world.other_copy])
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    custody.return_copies(world.ana, ring_ids=[ring], without_copy_ids=[world.other_copy])
    custody.return_copies(world.ana, copy_ids=[world.other_copy])
    assert queries.incidents(world.ana) == []


@pytest.mark.parametrize(
    ("number", "verdict"), [("S-1", "matches"), ("S-9", "differs"), (None, "not-checked")]
)
def test_the_seal_of_a_ring_is_checked_at_return(
    world: World, number: str | None, verdict: str
) -> None:
    ring = keys.add_ring(
        world.ana, name="R7", copy_ids=[world.copy, world.other_copy], seal_number="S-1"
    )
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    back = custody.return_copies(world.ana, ring_ids=[ring], seal_number=number)
    assert back.seal == verdict
    kinds = [incident.kind for incident in queries.incidents(world.ana)]
    assert kinds == (["wrong-seal"] if verdict == "differs" else [])


def test_a_critical_fault_noted_at_return_blocks_the_next_hand_out(world: World) -> None:
    hand_out(world, world.copy)
    custody.return_copies(
        world.ana, copy_ids=[world.copy], fault="bow cracked", fault_is_critical=True
    )
    incident = queries.incidents(world.ana)[0]
    assert (incident.kind, incident.is_critical, incident.note) == ("damaged", True, "bow cracked")


def test_a_return_typed_in_later_keeps_the_time_it_happened_and_is_marked(world: World) -> None:
    earlier = now() - timedelta(hours=5)
    copy = custody.cut_copies(world.ana, key_id=world.key)[0]
    custody.check_out(world.ana, copy_ids=[copy], person_id=world.bo_person)
    out = queries.where_is(world.ana, copy)
    custody.return_copies(world.ana, copy_ids=[copy], occurred_at=now())
    stay = queries.where_is(world.ana, copy)
    assert stay.is_late_entry
    assert stay.since >= out.since > earlier


def test_a_fault_reported_for_a_copy_that_is_in_already_is_not_lost(world: World) -> None:
    custody.return_copies(
        world.ana, copy_ids=[world.copy], fault="bow cracked", fault_is_critical=True
    )
    assert [(i.kind, i.copy_id) for i in queries.incidents(world.ana)] == [("damaged", world.copy)]


def test_a_wrong_seal_of_a_ring_that_is_in_already_is_not_lost(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R7", copy_ids=[world.copy], seal_number="S-1")
    back = custody.return_copies(world.ana, ring_ids=[ring], seal_number="S-9")
    assert back.seal == "differs"
    assert [i.kind for i in queries.incidents(world.ana)] == ["wrong-seal"]


def test_each_ring_is_checked_against_its_own_seal(world: World) -> None:
    first = keys.add_ring(world.ana, name="R1", copy_ids=[world.copy], seal_number="S-1")
    second = keys.add_ring(world.ana, name="R2", copy_ids=[world.other_copy], seal_number="S-2")
    custody.check_out(world.ana, ring_ids=[first, second], person_id=world.bo_person)
    back = custody.return_copies(world.ana, ring_ids=[first, second], seal_number="S-2, S-1")
    assert back.seal == "matches"
    assert queries.incidents(world.ana) == []


def test_a_clock_set_back_makes_no_stay_that_ends_before_it_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(world, world.copy)
    earlier = now() - timedelta(hours=2)
    monkeypatch.setattr("keystead.journal.clock.now", lambda: earlier)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert all(
        stay.until is None or stay.until >= stay.since
        for stay in queries.history(world.ana, world.copy)
    )


def test_a_return_before_it_went_out_counts_from_now_and_says_so(world: World) -> None:
    hand_out(world, world.copy)
    long_ago = now() - timedelta(days=900)
    back = custody.return_copies(world.ana, copy_ids=[world.copy], occurred_at=long_ago)
    assert (back.copy_ids, back.back_now) == ((world.copy,), (world.copy,))
    assert queries.where_is(world.ana, world.copy).since > long_ago + timedelta(days=899)
    hand_out(world, world.copy)
    assert custody.return_copies(world.ana, copy_ids=[world.copy]).back_now == ()
