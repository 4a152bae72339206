"""A file whose places are on the register already: nothing is made twice, nothing silently."""

import pytest

from keystead.exchange import imports, queries
from keystead.exchange.errors import NotATable
from keystead.exchange.planning import Plan
from keystead.exchange.reading import read
from keystead.hardware import queries as hardware
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.people import operations as people
from keystead.places import operations as places
from keystead.places import queries as place_queries
from tests.cast import PASSWORD, World, signed_in
from tests.exchange.support import doubts, register
from tests.exchange.test_importing import bring_in, plan_again

FILE = "key,copies,opens\nFront,2,Front door\n"


@pytest.fixture
def home(database: object) -> Actor:
    """The owner of a new household, as the template describes it."""
    made = people.found(
        system(INSTALLATION, "tests"),
        email="mia@maple.example",
        password_hash=people.hashed(PASSWORD, "mia@maple.example"),
        owner_name="Mia",
        workspace_name="Maple Street 12",
        template="household",
        time_zone="Europe/London",
        locale="en",
    )
    return signed_in(made.workspace_id, made.account_id)


def site_names(actor: Actor) -> list[str]:
    return [site.name for site in place_queries.sites(actor)]


def door_names(actor: Actor) -> list[str]:
    return sorted(point.name for point in place_queries.access_points(actor))


def told(plan: Plan) -> dict[str, str]:
    return {one.found: one.values["where"] for one in doubts(plan, "place-there")}


@pytest.mark.db
def test_a_family_s_file_does_not_double_the_home(home: Actor) -> None:
    bring_in(home, register("family.csv"), "family.csv")
    assert site_names(home) == ["Home"]
    names = door_names(home)
    assert (names.count("Front door"), names.count("Back door")) == (1, 1)
    spaces = [space.name.casefold() for space in place_queries.spaces(home)]
    assert spaces.count("kitchen") == 1
    kitchen = next(s.id for s in place_queries.spaces(home) if s.name == "Kitchen")
    hook = next(b for b in hardware.containers(home) if b.name == "hook in kitchen")
    assert (hook.space_id, hook.site_name) == (kitchen, "Home")


@pytest.mark.db
def test_the_preview_says_what_is_there_and_used(home: Actor) -> None:
    plan = plan_again(home, register("family.csv"), "family.csv")
    assert told(plan) == {"Front door": "House", "Back door": "House", "Kitchen": "House"}
    (front, *_others) = doubts(plan, "place-there")
    assert (front.text, front.consequence) == (
        "“Front door” is there already: House.",
        "Use the one that is there.",
    )


@pytest.mark.db
def test_two_doors_of_one_name_are_not_guessed_between(home: Actor) -> None:
    (site,) = place_queries.sites(home)
    shed = places.add_space(home, site_id=site.id, name="Shed")
    places.add_access_point(home, site_id=site.id, name="Front door", leads_to_id=shed)
    assert not told(plan_again(home, FILE))
    bring_in(home, FILE)
    assert door_names(home).count("Front door") == 3


@pytest.mark.db
def test_with_several_sites_the_file_asks(world: World) -> None:
    annex = places.add_site(world.ana, name="Annex")
    import_id = imports.upload(world.ana, FILE.encode(), "keys.csv")
    plan = imports.plan_for(world.ana, imports.opened(world.ana, import_id))
    (asked,) = doubts(plan, "which-site")
    assert asked.blocks
    labels = [choice.label % asked.values for choice in asked.choices]
    assert labels == ["Harbour House", "Annex"]
    view = queries.import_view(world.ana, import_id)
    imports.decide(world.ana, view, answers={asked.id: str(annex)})
    imports.carry_out(world.ana, import_id)
    door = next(p for p in place_queries.access_points(world.ana) if p.name == "Front door")
    assert door.site_id == annex
    assert len(site_names(world.ana)) == 2


@pytest.mark.db
def test_a_site_that_was_said_is_not_asked_about(world: World) -> None:
    places.add_site(world.ana, name="Annex")
    import_id = imports.upload(world.ana, FILE.encode(), "keys.csv", site_name="Barn")
    plan = imports.plan_for(world.ana, imports.opened(world.ana, import_id))
    assert not doubts(plan, "which-site")


@pytest.mark.db
def test_a_file_with_sites_of_its_own_is_not_asked_about(world: World) -> None:
    places.add_site(world.ana, name="Annex")
    assert not doubts(plan_again(world.ana, "Key,Property\nA1,1 Mill Lane\n"), "which-site")


@pytest.mark.parametrize("name", ["keys.xlsx", "Keys.XLSM"])
def test_text_that_is_called_a_workbook_is_refused(name: str) -> None:
    with pytest.raises(NotATable, match="says workbook, but it is none"):
        read(b"hello, this is no workbook\n", name)
