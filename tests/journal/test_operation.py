"""The one way to change state, and the ways in which it says no."""

from dataclasses import replace

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody.errors import CopyAlreadyOut
from keystead.journal.models import Entry, Head, Remark
from keystead.journal.operation import (
    Change,
    UnrecordedChange,
    operation,
    require,
    rights_looked_up_once,
)
from keystead.journal.replays import KeyReused
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keystead.kernel.rights import Right
from keystead.keys.models import Copy
from keystead.people import operations as people
from keystead.people.facts import FirmAdded
from keystead.people.models import Firm, Membership
from keystead.people.roles import READING, Role
from tests.cast import World

pytestmark = pytest.mark.db


def head_of(world: World) -> int:
    return Head.objects.get(workspace_id=world.workspace).sequence


@operation(Right.EDIT_PEOPLE)
def change_in_secret(change: Change, *, copy_id: int) -> None:
    """A verb that forgets the journal."""
    Copy.objects.filter(pk=copy_id).update(mark="B2")


@operation(Right.EDIT_PEOPLE)
def refuse_and_remember(change: Change) -> None:
    """A verb whose refusal is itself worth remembering."""
    Firm.objects.create(workspace_id=change.workspace_id, name="Never kept")
    raise Conflict("No.", record=FirmAdded(firm_id=0, firm_name="refused"))


def test_a_verb_that_records_nothing_changes_nothing(world: World) -> None:
    with pytest.raises(UnrecordedChange):
        change_in_secret(world.ana, copy_id=world.copy)
    assert Copy.objects.get(pk=world.copy).mark == ""


def test_a_refusal_that_must_be_remembered_leaves_only_its_fact(world: World) -> None:
    before = head_of(world)
    with pytest.raises(Conflict):
        refuse_and_remember(world.ana)
    assert not Firm.objects.filter(name="Never kept").exists()
    assert head_of(world) == before + 1
    assert Entry.objects.get(workspace_id=world.workspace, sequence=before + 1).name == (
        "people.firm-added"
    )


def test_a_refused_verb_leaves_no_rows_and_no_facts(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    before, remarks = head_of(world), Remark.objects.count()
    with pytest.raises(CopyAlreadyOut):
        custody.check_out(
            world.ana,
            copy_ids=[world.other_copy, world.copy],
            person_id=world.ana_person,
            purpose="both",
        )
    assert (head_of(world), Remark.objects.count()) == (before, remarks)


def test_a_stranger_finds_no_workspace(world: World) -> None:
    with pytest.raises(NotFound):
        people.add_firm(world.intruder, name="Intruders Ltd")


def test_a_member_without_the_right_is_told_so(world: World) -> None:
    with pytest.raises(Forbidden):
        people.add_firm(world.bo, name="Bo & Sons")


def test_a_read_only_token_cannot_change_anything(world: World) -> None:
    reader = replace(world.ana, channel="api", token_id=1, only=READING)
    with pytest.raises(Forbidden):
        people.add_firm(reader, name="Read Only Ltd")


def test_a_repeated_idempotency_key_changes_nothing_and_answers_the_same(world: World) -> None:
    once = replace(world.ana, idempotency_key="k-1")
    first = custody.check_out(once, copy_ids=[world.copy], person_id=world.bo_person)
    before = head_of(world)
    again = custody.check_out(once, copy_ids=[world.copy], person_id=world.bo_person)
    assert again == first
    assert head_of(world) == before


def test_an_idempotency_key_used_for_something_else_is_refused(world: World) -> None:
    once = replace(world.ana, idempotency_key="k-1")
    people.add_firm(once, name="Blitz")
    with pytest.raises(KeyReused):
        people.add_firm(once, name="Köhler")


def test_the_same_key_of_two_people_means_two_things(world: World) -> None:
    ours = people.add_firm(replace(world.ana, idempotency_key="k-1"), name="Blitz")
    theirs = people.add_firm(replace(world.cy, idempotency_key="k-1"), name="Blitz")
    assert ours != theirs


def test_only_a_demonstration_may_set_the_time_of_its_facts(world: World) -> None:
    at = Entry.objects.filter(workspace_id=world.workspace).latest("sequence").at
    with pytest.raises(Invalid):
        people.add_firm(replace(world.ana, at=at), name="Yesterday Ltd")


def test_an_unknown_account_has_no_rights_anywhere(world: World) -> None:
    nobody = Actor(workspace_id=world.workspace, channel="web", account_id=10**9)
    with pytest.raises(NotFound):
        people.add_firm(nobody, name="Nobody Ltd")
    with pytest.raises(NotFound):
        people.add_firm(replace(nobody, account_id=None), name="Nobody Ltd")


def test_a_removed_member_is_refused_at_the_next_request(world: World) -> None:
    from keystead.people import queries

    bo = next(m for m in queries.members(world.ana) if m.person_id == world.bo_person)
    people.remove_member(world.ana, membership_id=bo.membership_id)
    with pytest.raises(NotFound):
        custody.report_damaged(world.bo, copy_id=world.copy, note="bent")


def test_within_one_request_rights_are_looked_up_once_for_reading_only(world: World) -> None:
    with rights_looked_up_once():
        require(world.ana, Right.SEE_REGISTER)
        Membership.objects.filter(account_id=world.ana.account_id or 0).update(ended_at=now())
        require(world.ana, Right.SEE_REGISTER)
        with pytest.raises(NotFound):
            people.add_firm(world.ana, name="Too late")
    with pytest.raises(NotFound):
        require(world.ana, Right.SEE_REGISTER)


def test_rights_are_looked_up_again_after_a_change(world: World) -> None:
    with rights_looked_up_once():
        require(world.bo, Right.SEE_OWN)
        people.change_role(world.ana, membership_id=membership_of(world.bo), role=Role.KEY_MANAGER)
        require(world.bo, Right.HAND_OUT)


def membership_of(actor: Actor) -> int:
    return Membership.objects.get(account_id=actor.account_id or 0, ended_at=None).pk
