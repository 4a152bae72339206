"""Fifty people reach for the same copy at once, two hundred times."""

from collections import Counter

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal import queries as journal
from keystead.journal.verify import verify
from keystead.people import operations as people
from tests.cast import World
from tests.properties import contenders
from tests.support.databases import Database

PEOPLE, ROUNDS = 50, 200


@pytest.mark.slow
@pytest.mark.db
def test_of_fifty_who_take_a_copy_at_once_one_has_it(world: World, database: Database) -> None:
    persons = [people.add_person(world.ana, name=f"Borrower {n}") for n in range(PEOPLE)]
    copies = custody.cut_copies(world.ana, key_id=world.key, count=ROUNDS)
    outcome = contenders.hold(
        contenders.Contest(
            url=database.url,
            workspace=world.workspace,
            account=world.ana.account_id or 0,
            copies=tuple(copies),
            persons=tuple(persons),
        )
    )
    assert outcome.wins == Counter(dict.fromkeys(copies, 1))
    assert outcome.refusals == Counter({"409 copy-already-out": ROUNDS * (PEOPLE - 1)})
    wanted = journal.Filter(names=("custody.copy-checked-out",))
    assert len(journal.entries(world.ana, only=wanted, limit=10 * ROUNDS)) == ROUNDS
    assert queries.total_balance(world.ana).out == ROUNDS
    assert verify(world.workspace).holds
