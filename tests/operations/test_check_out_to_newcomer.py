"""Handing out to somebody the register does not know yet: both or neither."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import CopyAlreadyOut
from keystead.journal import queries as journal
from keystead.kernel.errors import Forbidden, Invalid
from keystead.people import operations as people
from keystead.people import queries as people_queries
from tests.cast import World

pytestmark = pytest.mark.db


def test_a_newcomer_is_added_and_holds_the_copy(world: World) -> None:
    out = custody.check_out_to_newcomer(
        world.ana, name="M. Vogel", firm_name="Köhler", copy_ids=[world.copy], purpose="boiler"
    )
    stay = queries.where_is(world.ana, world.copy)
    assert out.copy_ids == (world.copy,)
    assert (stay.person_name, stay.firm_name, stay.purpose) == ("M. Vogel", "Köhler", "boiler")
    told = [entry.name for entry in journal.entries(world.ana, limit=3)]
    assert told == ["custody.copy-checked-out", "people.person-added", "people.firm-added"]


def test_a_firm_of_that_name_is_used(world: World) -> None:
    firm = people.add_firm(world.ana, name="Köhler")
    custody.check_out_to_newcomer(
        world.ana, name="M. Vogel", firm_name="köhler ", copy_ids=[world.copy]
    )
    assert [view.id for view in people_queries.firms(world.ana)] == [firm]


def test_a_refused_hand_out_adds_nobody_and_no_firm(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    before = journal.seal(world.ana)
    with pytest.raises(CopyAlreadyOut):
        custody.check_out_to_newcomer(
            world.ana, name="M. Vogel", firm_name="Köhler", copy_ids=[world.copy]
        )
    assert journal.seal(world.ana) == before
    assert people_queries.firms(world.ana) == []


def test_a_newcomer_needs_a_name(world: World) -> None:
    with pytest.raises(Invalid):
        custody.check_out_to_newcomer(world.ana, name=" ", copy_ids=[world.copy])
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_who_may_not_hand_out_adds_nobody(world: World) -> None:
    with pytest.raises(Forbidden):
        custody.check_out_to_newcomer(world.bo, name="M. Vogel", copy_ids=[world.copy])
