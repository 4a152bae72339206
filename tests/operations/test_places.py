"""Describing places: the tree of spaces, doors and their numbers."""

import pytest

from keystead.journal import queries as journal
from keystead.kernel.errors import ChangedMeanwhile, Forbidden, Invalid, NameTaken, NotFound
from keystead.places import operations as places
from keystead.places import queries
from keystead.places.errors import OtherSite, SpaceInsideItself
from tests.cast import World

pytestmark = pytest.mark.db


def test_spaces_form_a_tree_and_know_the_way_down_to_them(world: World) -> None:
    house = places.add_space(world.ana, site_id=world.site, name="House", kind="building")
    floor = places.add_space(
        world.ana, site_id=world.site, name="1st floor", kind="floor", parent_id=house
    )
    room = places.add_space(world.ana, site_id=world.site, name="Study", parent_id=floor)
    assert [name for _, name in queries.space(world.ana, room).above] == ["House", "1st floor"]


def test_a_space_cannot_stand_inside_itself_through_others(world: World) -> None:
    house = places.add_space(world.ana, site_id=world.site, name="House")
    floor = places.add_space(world.ana, site_id=world.site, name="Floor", parent_id=house)
    room = places.add_space(world.ana, site_id=world.site, name="Room", parent_id=floor)
    for parent in (house, floor, room):
        with pytest.raises(SpaceInsideItself):
            places.change_space(
                world.ana, space_id=house, version=1, name="House", kind="room", parent_id=parent
            )
    assert queries.space(world.ana, house).above == ()


def test_two_people_editing_the_same_thing_do_not_overwrite_each_other(world: World) -> None:
    places.change_site(world.ana, site_id=world.site, version=1, name="Harbour Court")
    with pytest.raises(ChangedMeanwhile) as refusal:
        places.change_site(world.ana, site_id=world.site, version=1, name="Harbour Yard")
    assert refusal.value.data["version"] == 2
    assert queries.site(world.ana, world.site).name == "Harbour Court"


def test_saving_without_a_change_records_nothing(world: World) -> None:
    before = journal.seal(world.ana)
    places.change_site(world.ana, site_id=world.site, version=1, name="Harbour House")
    assert journal.seal(world.ana) == before


def test_a_door_number_is_unique_on_its_site_only(world: World) -> None:
    with pytest.raises(NameTaken):
        places.add_access_point(world.ana, site_id=world.site, name="Other", number="12")
    annex = places.add_site(world.ana, name="Annex")
    places.add_access_point(world.ana, site_id=annex, name="Other", number="12")


def test_a_door_leads_between_spaces_of_its_own_site(world: World) -> None:
    annex = places.add_site(world.ana, name="Annex")
    with pytest.raises(OtherSite):
        places.add_access_point(world.ana, site_id=annex, name="Door", leads_to_id=world.hall)
    with pytest.raises(Invalid):
        places.add_access_point(
            world.ana,
            site_id=world.site,
            name="Door",
            leads_from_id=world.hall,
            leads_to_id=world.hall,
        )


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "x" * 121, "nul\x00", "\u202egnp"])
def test_a_name_is_one_readable_line(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        places.add_site(world.ana, name=name)
    assert refusal.value.data["field"] == "name"


def test_a_zone_must_exist(world: World) -> None:
    with pytest.raises(Invalid):
        places.add_site(world.ana, name="Mars", time_zone="Mars/Olympus")


def test_a_retired_door_leaves_the_lists_and_keeps_its_story(world: World) -> None:
    places.retire_access_point(world.ana, access_point_id=world.door)
    assert world.door not in {p.id for p in queries.access_points(world.ana)}
    assert queries.access_point(world.ana, world.door).retired_at is not None
    told = journal.story_of(world.ana, kind="access_point", thing_id=world.door)
    assert told[0].name == "places.access-point-retired"


def test_a_holder_describes_nothing(world: World) -> None:
    with pytest.raises(Forbidden):
        places.add_site(world.bo, name="Bo's")


def test_another_workspaces_site_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        places.add_space(world.ana, site_id=world.elsewhere.site, name="Cellar")
    with pytest.raises(NotFound):
        places.add_space(
            world.ana, site_id=world.site, name="Cellar", parent_id=world.elsewhere.hall
        )
