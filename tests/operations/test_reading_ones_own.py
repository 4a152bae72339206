"""Who may not see the register reads their own name and the copies they hold now, no more."""

import pytest

from keystead.custody import operations as custody
from keystead.keys import queries as keys
from keystead.people import queries as people
from tests.cast import World

pytestmark = pytest.mark.db


def test_a_holder_reads_only_copies_they_hold_now(world: World) -> None:
    assert keys.copies(world.bo, ids=world.copies) == []
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.check_out(world.ana, copy_ids=[world.other_copy], person_id=world.ana_person)
    assert [copy.id for copy in keys.copies(world.bo, ids=world.copies)] == [world.copy]
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert keys.copies(world.bo, ids=world.copies) == []
    assert len(keys.copies(world.ana, ids=world.copies)) == 2


def test_a_holder_reads_only_their_own_name(world: World) -> None:
    both = {world.ana_person, world.bo_person}
    accounts = {world.ana.account_id or 0, world.bo.account_id or 0}
    assert people.names(world.bo, both) == {world.bo_person: "Bo"}
    assert people.account_names(world.bo, accounts) == {
        world.bo.account_id: (world.bo_person, "Bo")
    }
    assert set(people.names(world.ana, both).values()) == {"Ana", "Bo"}
    assert set(people.account_names(world.ana, accounts)) == accounts
