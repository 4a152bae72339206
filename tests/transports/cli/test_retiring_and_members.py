"""Taking out of use and back, cylinders, members and invitations at the terminal."""

import re

import pytest

from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.keys import operations as keys
from keystead.people import queries as people
from keystead.places import operations as places
from tests.cast import World
from tests.transports.cli.terminal import Commands, Typed

pytestmark = pytest.mark.db


def test_everything_is_retired_and_brought_back(ana: Commands, world: World) -> None:
    keys.add_ring(world.ana, name="R9")
    places.add_site(world.ana, name="Old House")
    places.add_space(world.ana, site_id=world.site, name="Attic")
    hardware.add_container(world.ana, site_id=world.site, name="Tin")
    for group, kind, name in (
        ("ring", "", "R9"),
        ("key", "", "AA"),
        ("copies", "", "AA·2"),
        ("site", "", "Old House"),
        ("site", "-space", "Attic"),
        ("site", "-door", "Store door"),
        ("site", "-container", "Tin"),
    ):
        assert "is out of use." in ana(group, f"retire{kind}", name)
        assert "is in use again." in ana(group, f"bring-back{kind}", name)


def test_a_retired_thing_takes_no_changes(ana: Commands, typed: Typed, world: World) -> None:
    ana("key", "retire", "AA")
    result = typed("copies", "add", f"id:{world.key}", "2")
    assert result.exit_code == 5
    assert "AA is out of use since" in result.stderr


def test_a_site_says_what_is_left_on_it(typed: Typed, world: World) -> None:
    result = typed("site", "retire", "Harbour House")
    assert result.exit_code == 5
    assert "Cabinet" in result.stderr


def test_a_cylinder_is_corrected(ana: Commands, world: World) -> None:
    assert "Z1" in ana("cylinder", "list")
    ana("cylinder", "change", "Z1", "--number", "Z1a", "--listed-only")
    found = hardware_queries.cylinder(world.ana, world.cylinder)
    assert (found.number, found.is_listed_only) == ("Z1a", True)
    ana("cylinder", "change", "Z1a", "--not-listed-only")
    assert not hardware_queries.cylinder(world.ana, world.cylinder).is_listed_only


def test_members_are_listed_given_roles_and_removed(ana: Commands, world: World) -> None:
    assert "Bo" in ana("member", "list")
    ana("member", "role", "Bo", "auditor")
    assert {m.name: m.role for m in people.members(world.ana)}["Bo"] == "auditor"
    ana("member", "remove", "Bo")
    assert [m.name for m in people.members(world.ana)] == ["Ana"]


def test_the_last_owner_stays(typed: Typed, world: World) -> None:
    result = typed("member", "remove", "Ana")
    assert result.exit_code == 5
    assert "owner" in result.stderr


def test_an_invitation_shows_its_link_once_and_can_be_withdrawn(
    ana: Commands, typed: Typed, world: World
) -> None:
    said = ana("member", "invite", "Dora", "--role", "holder", "--new")
    link = re.search(r"http://\S+/invitation/(\S+)", said)
    assert link is not None
    assert link[1] not in ana("invitation", "list")
    (open_one,) = people.invitations(world.ana)
    ana("invitation", "withdraw", f"id:{open_one.id}")
    assert people.invitations(world.ana) == []
    assert typed("member", "invite", "Nobody", "--role", "holder").exit_code == 3


def test_tokens_are_listed_and_withdrawn_but_not_made(
    ana: Commands, typed: Typed, world: World
) -> None:
    (mine,) = people.own_tokens(world.ana)
    assert mine.prefix in ana("token", "list")
    ana("token", "withdraw", f"id:{mine.id}")
    assert typed("member", "list").exit_code == 4, "it was the one in use"
    assert typed("token", "make").exit_code == 2
