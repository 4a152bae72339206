"""Handing out: who gets what, until when, and why not."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import (
    BadPeriod,
    CopyAlreadyOut,
    CopyFaulty,
    CopyIsGone,
    CopyIsMissing,
    CopyOnSealedRing,
    CopyOutOfUse,
    HolderHasLeft,
    RingIsEmpty,
)
from keystead.kernel.errors import Invalid, NotFound
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import World

pytestmark = pytest.mark.db


def test_a_copy_goes_to_a_person_until_a_time(world: World) -> None:
    due = now() + timedelta(hours=3)
    custody.check_out(
        world.ana, copy_ids=[world.copy], person_id=world.bo_person, due_at=due, purpose="paint"
    )
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.state, stay.person_name, stay.due_at, stay.purpose) == (
        "held",
        "Bo",
        due,
        "paint",
    )
    assert queries.where_is(world.ana, world.other_copy).state == "stored"


def test_a_copy_goes_to_a_place(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], space_id=world.store)
    assert queries.where_is(world.ana, world.copy).holder == "Store"


def test_without_an_end_a_loan_gets_a_review_date_and_is_never_late(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    stay = queries.where_is(world.ana, world.copy)
    assert stay.due_at is None
    assert stay.review_on is not None
    much_later = now() + timedelta(days=3000)
    assert queries.out_now(world.ana, overdue_only=True, at=much_later) == []


def test_a_copy_is_never_out_twice_and_the_refusal_says_to_whom_and_since_when(
    world: World,
) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    since = queries.where_is(world.ana, world.copy).since
    with pytest.raises(CopyAlreadyOut) as refusal:
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.ana_person)
    assert refusal.value.data["person_id"] == world.bo_person
    assert refusal.value.data["since"] == since.isoformat()


def test_a_refusal_names_every_copy_that_blocks_and_those_that_are_free(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    with pytest.raises(CopyAlreadyOut) as refusal:
        custody.check_out(
            world.ana, copy_ids=[world.copy, world.other_copy], person_id=world.ana_person
        )
    blocked = refusal.value.data["blocked"]
    assert isinstance(blocked, list)
    assert [b["copy_id"] for b in blocked] == [world.copy]
    assert refusal.value.data["free"] == [world.other_copy]


def test_what_the_holder_has_already_stays_and_the_rest_goes_out(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    both = custody.check_out(
        world.ana, copy_ids=[world.copy, world.other_copy], person_id=world.bo_person
    )
    assert both.copy_ids == (world.other_copy,)


@pytest.mark.parametrize("hours", [-1, 0])
def test_a_due_time_in_the_past_is_refused(world: World, hours: int) -> None:
    with pytest.raises(BadPeriod):
        custody.check_out(
            world.ana,
            copy_ids=[world.copy],
            person_id=world.bo_person,
            due_at=now() + timedelta(hours=hours),
        )


def test_a_period_is_a_due_time_or_a_review_date_not_both(world: World) -> None:
    with pytest.raises(BadPeriod):
        custody.check_out(
            world.ana,
            copy_ids=[world.copy],
            person_id=world.bo_person,
            due_at=now() + timedelta(hours=1),
            review_on=(now() + timedelta(days=30)).date(),
        )


def test_nobody_who_has_left_gets_a_key(world: World) -> None:
    people.note_leaving(world.ana, person_id=world.bo_person)
    with pytest.raises(HolderHasLeft):
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)


def test_somebody_or_some_place_must_take_it_but_not_both(world: World) -> None:
    with pytest.raises(Invalid):
        custody.check_out(world.ana, copy_ids=[world.copy])
    with pytest.raises(Invalid):
        custody.check_out(
            world.ana, copy_ids=[world.copy], person_id=world.bo_person, space_id=world.store
        )


def test_nothing_chosen_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        custody.check_out(world.ana, person_id=world.bo_person)


def test_a_lost_destroyed_retired_or_faulty_copy_stays_in(world: World) -> None:
    fresh = custody.cut_copies(world.ana, key_id=world.key, count=4)
    custody.report_missing(world.ana, copy_ids=[fresh[0]], note="Bo, Tuesday, bus")
    custody.destroy_copies(world.ana, copy_ids=[fresh[1]])
    keys.retire_copy(world.ana, copy_id=fresh[2])
    custody.report_damaged(world.ana, copy_id=fresh[3], note="bent", is_critical=True)
    reasons = (CopyIsMissing, CopyIsGone, CopyOutOfUse, CopyFaulty)
    for copy_id, reason in zip(fresh, reasons, strict=True):
        with pytest.raises(reason):
            custody.check_out(world.ana, copy_ids=[copy_id], person_id=world.bo_person)


def test_a_fault_that_is_not_critical_does_not_block(world: World) -> None:
    custody.report_damaged(world.ana, copy_id=world.copy, note="scratched")
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert queries.where_is(world.ana, world.copy).state == "held"


def test_a_settled_fault_no_longer_blocks(world: World) -> None:
    fault = custody.report_damaged(world.ana, copy_id=world.copy, note="bent", is_critical=True)
    custody.close_incident(world.ana, incident_id=fault, note="straightened")
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert queries.where_is(world.ana, world.copy).state == "held"


@pytest.mark.parametrize("stranger", ["copy", "person", "space", "ring"])
def test_another_workspaces_ids_do_not_exist(world: World, stranger: str) -> None:
    theirs = keys.add_ring(world.cy, name="R1", copy_ids=[world.elsewhere.copy])
    asked = {
        "copy": {"copy_ids": [world.copy, world.elsewhere.copy], "person_id": world.bo_person},
        "person": {"copy_ids": [world.copy], "person_id": world.cy_person},
        "space": {"copy_ids": [world.copy], "space_id": world.elsewhere.hall},
        "ring": {"ring_ids": [theirs], "person_id": world.bo_person},
    }[stranger]
    with pytest.raises(NotFound):
        custody.check_out(world.ana, **asked)  # type: ignore[arg-type]
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_a_ring_takes_all_its_copies_along(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R7", copy_ids=[world.copy, world.other_copy])
    out = custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    assert set(out.copy_ids) == {world.copy, world.other_copy}
    assert queries.where_is(world.ana, world.copy).ring_name == "R7"


def test_a_ring_goes_without_what_is_not_on_the_hook(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R7", copy_ids=[world.copy, world.other_copy])
    custody.report_missing(world.ana, copy_ids=[world.other_copy], note="gone since Monday")
    out = custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    assert out.copy_ids == (world.copy,)
    assert out.left_out == (world.other_copy,)


def test_a_sealed_ring_goes_whole_or_not_at_all(world: World) -> None:
    ring = keys.add_ring(
        world.ana, name="R7", copy_ids=[world.copy, world.other_copy], seal_number="S-1"
    )
    with pytest.raises(CopyOnSealedRing):
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.report_missing(world.ana, copy_ids=[world.other_copy], note="seal cut")
    with pytest.raises(CopyIsMissing):
        custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)


def test_an_empty_ring_is_refused(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R7")
    with pytest.raises(RingIsEmpty):
        custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)


def test_the_last_return_note_waits_for_the_next_taker(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy], note="sticks in the rain")
    notes = queries.last_notes(world.ana, [world.copy, world.other_copy])
    assert {copy: note.text for copy, note in notes.items()} == {world.copy: "sticks in the rain"}


def test_a_refusal_names_the_place_that_has_the_copy(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], space_id=world.store)
    with pytest.raises(CopyAlreadyOut, match="already out, at Store"):
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
