"""Passing on from hand to hand, and giving a loan more time."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import BadPeriod, CopyNotOut, HolderHasLeft
from keystead.journal import queries as journal
from keystead.people import operations as people
from tests.cast import World

pytestmark = pytest.mark.db


def test_a_copy_goes_from_hand_to_hand_and_keeps_its_due_time(world: World) -> None:
    due = now() + timedelta(days=2)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person, due_at=due)
    custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.ana_person)
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.person_name, stay.due_at) == ("Ana", due)
    names = [e.name for e in journal.story_of(world.ana, kind="copy", thing_id=world.copy)]
    assert names[:2] == ["custody.copy-passed-on", "custody.copy-checked-out"]


def test_what_nobody_has_cannot_be_passed_on(world: World) -> None:
    with pytest.raises(CopyNotOut):
        custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.bo_person)


def test_passing_on_to_whoever_has_it_changes_nothing(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    result = custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert result.handling is None


def test_nobody_who_left_can_be_passed_a_key(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.ana_person)
    people.note_leaving(world.ana, person_id=world.bo_person)
    with pytest.raises(HolderHasLeft):
        custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.bo_person)


def test_a_loan_can_be_extended_while_it_is_out(world: World) -> None:
    custody.check_out(
        world.ana,
        copy_ids=[world.copy],
        person_id=world.bo_person,
        due_at=now() + timedelta(hours=1),
    )
    later = now() + timedelta(days=9)
    custody.extend(world.ana, copy_ids=[world.copy], due_at=later)
    assert queries.where_is(world.ana, world.copy).due_at == later


def test_an_extension_can_make_a_loan_open_ended(world: World) -> None:
    custody.check_out(
        world.ana,
        copy_ids=[world.copy],
        person_id=world.bo_person,
        due_at=now() + timedelta(hours=1),
    )
    day = (now() + timedelta(days=90)).date()
    custody.extend(world.ana, copy_ids=[world.copy], review_on=day)
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.due_at, stay.review_on) == (None, day)


def test_a_copy_in_stock_cannot_be_extended(world: World) -> None:
    with pytest.raises(CopyNotOut):
        custody.extend(world.ana, copy_ids=[world.copy], due_at=now() + timedelta(days=1))


def test_an_extension_into_the_past_is_refused(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    with pytest.raises(BadPeriod):
        custody.extend(world.ana, copy_ids=[world.copy], due_at=now() - timedelta(days=1))
