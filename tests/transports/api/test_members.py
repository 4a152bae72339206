"""Inviting over the API: the link is shown once, and a token cannot make tokens."""

import json

import pytest
from django.test import Client

from keystead.journal import queries as journal
from keystead.people import operations
from keystead.people import queries as people
from tests.cast import World
from tests.transports.api.things import caller

pytestmark = pytest.mark.db

ASKED = {"name": "Dora", "role": "holder"}


def test_the_link_is_shown_once(world: World) -> None:
    ana = caller(world)
    once = {"Idempotency-Key": "invite-dora"}
    made = ana("POST", "/invitations/newcomers", ASKED, headers=once)
    assert made.status_code == 201
    link = json.loads(made.content)["link"]
    assert Client().get(link).status_code == 200
    again = ana("POST", "/invitations/newcomers", ASKED, headers=once)
    assert again.status_code == 409
    assert json.loads(again.content)["code"] == "already-shown"
    assert len(people.invitations(world.ana)) == 1
    listed = ana("GET", "/invitations").content.decode()
    assert link.rsplit("/", 1)[1] not in listed


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/invitations", {"role": "holder"}),
        ("/invitations/newcomers", {"role": "holder", "name": " "}),
        ("/invitations/newcomers", {"role": "holder", "name": "Dora", "person_id": 1}),
        ("/invitations/newcomers", {"role": "king", "name": "Dora"}),
    ],
)
def test_it_must_be_clear_who_and_as_what(
    path: str, asked: dict[str, object], world: World
) -> None:
    assert caller(world)("POST", path, asked).status_code == 422
    assert people.invitations(world.ana) == []


def test_a_token_makes_no_tokens(world: World) -> None:
    assert caller(world)("POST", "/tokens", {"name": "more"}).status_code == 405


def test_a_key_manager_invites_nobody(world: World) -> None:
    assert caller(world, world.bo)("POST", "/invitations/newcomers", ASKED).status_code == 403


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/invitations/newcomers", {"name": "Dora"}),
        ("/invitations", {"person_id": "dora"}),
    ],
)
def test_no_token_invites_an_owner(path: str, asked: dict[str, object], world: World) -> None:
    dora = operations.add_person(world.ana, name="Dora")
    body = asked | ({"person_id": dora} if "person_id" in asked else {}) | {"role": "owner"}
    before = journal.seal(world.ana)
    answer = caller(world)("POST", path, body)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "step-up-needed")
    assert people.invitations(world.ana) == []
    assert "owner" not in str(journal.entries(world.ana, limit=1)[0].payload)
    assert before.sequence + 1 == journal.seal(world.ana).sequence, "only the token was made"


def test_no_token_changes_a_role(world: World) -> None:
    ana = caller(world)
    bo = next(m for m in people.members(world.ana) if m.name == "Bo")
    answer = ana("PUT", f"/members/{bo.membership_id}/role", {"role": "owner"})
    assert answer.status_code == 404
    assert next(m for m in people.members(world.ana) if m.name == "Bo").role == bo.role


def test_members_of_another_workspace_are_not_there(world: World) -> None:
    (cy,) = people.members(world.cy)
    assert caller(world)("DELETE", f"/members/{cy.membership_id}").status_code == 404
    assert len(people.members(world.cy)) == 1
