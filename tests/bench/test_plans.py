"""How SQLite finds rows, whatever the size: the plans that long histories depend on."""

import pytest
from django.db import connection
from django.utils.timezone import now

from keystead.custody import queries as custody
from keystead.journal import queries as journal
from keystead.journal.queries import Filter
from keystead.keys import queries as keys
from keystead.people import access
from keystead.people.roles import Role
from tests.bench.bare import Statement
from tests.bench.recording import recorded
from tests.cast import World, site_member

MANY = 40


def plan(statement: Statement) -> str:
    """What SQLite will do for a statement, step by step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values)
        return "\n".join(row[-1] for row in cursor.fetchall())


def test_the_open_stays_of_many_copies_are_found_without_their_history(world: World) -> None:
    with recorded() as statements:
        custody.whereabouts(world.ana, range(1, MANY))
    (stays,) = [one for one in statements if 'FROM "custody_stay"' in one.sql]
    assert "custody_one_open_stay" in plan(stays)


def test_the_balances_of_many_keys_are_counted_without_the_history(world: World) -> None:
    with recorded() as statements:
        custody.balances(world.ana, range(1, MANY))
    assert "custody_one_open_stay" in plan(statements[-1])


def test_the_last_note_of_a_copy_is_looked_up_among_its_own_stays_only(world: World) -> None:
    with recorded() as statements:
        custody.last_notes(world.ana, range(1, MANY))
    assert "SCAN" not in plan(statements[-1])
    assert "custody_loan_workspace_id" not in plan(statements[-1])


def test_what_a_person_had_is_read_newest_first_without_the_rest_of_the_history(
    world: World,
) -> None:
    with recorded() as statements:
        custody.past_loans(world.ana, person_id=7, limit=5)
    assert "custody_stay_person" in plan(statements[-1])
    assert "SCAN" not in plan(statements[-1])


def test_late_loans_are_found_by_when_they_are_due(world: World) -> None:
    with recorded() as statements:
        custody.out_now(world.ana, at=now(), overdue_only=True)
    assert "custody_loan_due" in plan(statements[-1])


def test_loans_to_review_are_found_by_their_day(world: World) -> None:
    with recorded() as statements:
        custody.to_review(world.ana, day=now().date())
    assert "custody_loan_review" in plan(statements[-1])


def test_a_tag_is_found_without_reading_the_others(world: World) -> None:
    with recorded() as statements:
        keys.tagged(world.ana, "T-1")
    assert "keys_tag_on_one_thing" in plan(statements[-1])


def test_what_opens_a_cylinder_is_found_without_reading_every_key(world: World) -> None:
    with recorded() as statements:
        keys.openers_of_cylinders(world.ana, {world.cylinder})
    about_keys = [each for each in statements if 'FROM "keys_key"' in each.sql]
    assert about_keys
    assert all("rowid=?" in plan(each) for each in about_keys)


@pytest.mark.parametrize(
    ("only", "index"),
    [
        (Filter(names=("keys.key-added", "keys.key-retired")), "journal_entry_name"),
        (Filter(account_id=7), "journal_entry_account"),
        (Filter(channel="worker"), "journal_entry_channel"),
    ],
)
def test_rare_entries_are_not_searched_for_in_the_whole_journal(
    world: World, only: Filter, index: str
) -> None:
    with recorded() as statements:
        journal.entries(world.ana, only=only)
    reads = [plan(each) for each in statements if 'FROM "journal_entry"' in each.sql]
    assert index in reads[0]
    assert all("sequence" in read or index in read for read in reads)


def test_a_role_at_a_site_finds_open_stays_without_the_history_of_the_site(world: World) -> None:
    cleo = site_member(world.ana, "Cleo", {world.site: Role.KEY_MANAGER})
    with recorded() as statements:
        custody.whereabouts(cleo, [world.copy, world.other_copy])
    (stays,) = [one for one in statements if one.sql.startswith('SELECT "custody_stay"')]
    assert "custody_one_open_stay" in plan(stays)
    assert 'U0."id" FROM "custody_stay"' not in stays.sql
    assert stays.sql.count("ORDER BY U0") == 1  # where each cylinder sits is looked up once


def test_a_jump_of_the_clock_is_not_searched_for_in_the_whole_journal(world: World) -> None:
    with recorded() as statements:
        assert journal.clock_alarm(world.workspace) is None
    assert all("journal_entry_name" in plan(each) for each in statements)


def test_what_an_actor_may_do_is_looked_up_in_one_statement(world: World) -> None:
    with recorded() as statements:
        access.granted(world.ana)
    assert len(statements) == 1
