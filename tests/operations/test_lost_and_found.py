"""Lost, stolen, found, damaged, destroyed: what becomes of a copy."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import CopyIsMissing, RingIsEmpty
from keystead.journal import queries as journal
from keystead.kernel.errors import Forbidden, Invalid, NotFound
from keystead.keys import operations as keys
from tests.cast import World

pytestmark = pytest.mark.db


def test_a_loss_needs_a_note_and_keeps_the_last_holder(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    with pytest.raises(Invalid):
        custody.report_missing(world.ana, copy_ids=[world.copy], note="  ")
    custody.report_missing(world.ana, copy_ids=[world.copy], note="Bo, on the bus, Tuesday")
    incident = queries.incidents(world.ana)[0]
    assert (incident.kind, incident.last_holder) == ("lost", "Bo")
    assert incident.note == "Bo, on the bus, Tuesday"


def test_a_loss_that_turns_out_to_be_a_theft_keeps_the_last_holder(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    custody.report_missing(world.ana, copy_ids=[world.copy], kind="stolen", note="camera saw it")
    assert [(i.kind, i.last_holder) for i in queries.incidents(world.ana)] == [("stolen", "Bo")]
    assert queries.where_is(world.ana, world.copy).reason == "stolen"


def test_reporting_the_same_loss_twice_changes_nothing(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    before = journal.seal(world.ana)
    custody.report_missing(world.ana, copy_ids=[world.copy], note="still gone")
    assert journal.seal(world.ana) == before


def test_a_holder_may_report_only_what_they_hold(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    with pytest.raises(NotFound):
        custody.report_missing(world.bo, copy_ids=[world.other_copy], note="not mine")
    custody.report_missing(world.bo, copy_ids=[world.copy], note="mine, at the pool")
    assert queries.where_is(world.ana, world.copy).state == "missing"


def test_a_holder_cannot_say_it_was_found(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    with pytest.raises(Forbidden):
        custody.report_found(world.bo, copy_id=world.copy)


def test_a_found_copy_goes_back_to_its_hook_or_stays_with_a_person(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy, world.other_copy], note="both gone")
    custody.report_found(world.ana, copy_id=world.copy, note="behind the desk")
    custody.report_found(world.ana, copy_id=world.other_copy, person_id=world.bo_person)
    first, second = (queries.where_is(world.ana, c) for c in world.copies)
    assert (first.state, first.position_id) == ("stored", world.hooks[0])
    assert (second.state, second.person_name) == ("held", "Bo")
    assert second.review_on is not None
    assert queries.incidents(world.ana) == []


def test_finding_what_was_not_missing_changes_nothing(world: World) -> None:
    before = journal.seal(world.ana)
    custody.report_found(world.ana, copy_id=world.copy)
    assert journal.seal(world.ana) == before


def test_a_loss_is_not_settled_by_closing_its_case(world: World) -> None:
    incident = custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")[0]
    with pytest.raises(CopyIsMissing):
        custody.close_incident(world.ana, incident_id=incident)


def test_destroying_a_copy_keeps_its_record_and_the_balance(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.destroy_copies(world.ana, copy_ids=[world.copy], note="cut in two")
    balance = queries.balances(world.ana, [world.key])[world.key]
    assert (balance.cut, balance.stock, balance.out, balance.destroyed) == (2, 1, 0, 1)
    assert balance.adds_up
    assert queries.history(world.ana, world.copy)[1].person_name == "Bo"


def test_a_holder_learns_nothing_of_an_empty_ring(world: World) -> None:
    ring = keys.add_ring(world.ana, name="Night watch")
    with pytest.raises(NotFound) as refusal:
        custody.report_missing(world.bo, ring_ids=[ring], note="gone")
    assert "Night watch" not in refusal.value.message
    with pytest.raises(RingIsEmpty):
        custody.report_missing(world.ana, ring_ids=[ring], note="gone")
