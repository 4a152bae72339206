"""Inviting over the API: the link is shown once, and a token cannot make tokens."""

import json

import pytest
from django.test import Client

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


def test_roles_of_another_workspace_are_not_there(world: World) -> None:
    (cy,) = people.members(world.cy)
    ana = caller(world)
    path = f"/members/{cy.membership_id}"
    assert ana("PUT", f"{path}/role", {"role": "holder"}).status_code == 404
    assert ana("DELETE", path).status_code == 404
