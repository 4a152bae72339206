"""Taking things out of use and back in the browser, and a cylinder corrected."""

import pytest
from django.urls import reverse

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.keys import operations as keys
from keystead.places import operations as places
from keystead.places import queries as place_queries
from tests.cast import ANA, BO, World
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


@pytest.fixture
def ana(world: World) -> Browser:
    return Browser(ANA)


def at(world: World, name: str, **ids: int) -> str:
    return reverse(name, kwargs={"slug": world.slug, **ids})


def test_a_site_says_what_is_still_on_it(world: World, ana: Browser) -> None:
    url = at(world, "site-retire", site_id=world.site)
    assert "Take Harbour House out of use?" in ana.get(url).text
    page = ana.post(url)
    assert page.url == at(world, "site", site_id=world.site)
    assert "Harbour House is still in use: Cabinet" in page.text


def test_an_empty_site_is_retired_listed_and_brought_back(world: World, ana: Browser) -> None:
    site = places.add_site(world.ana, name="Old House")
    page = ana.post(at(world, "site-retire", site_id=site))
    assert "Old House is out of use" in page.text
    assert "Bring it back into use" in page.text
    assert "Add a door" not in page.text
    listed = ana.get(at(world, "places"))
    assert "1 site" in listed.text
    assert "Old House" in listed.text, "among those out of use"
    page = ana.post(at(world, "site-back", site_id=site))
    assert "It is in use again." in page.text
    assert place_queries.site(world.ana, site).retired_at is None


def test_a_space_is_retired_and_brought_back(world: World, ana: Browser) -> None:
    space = places.add_space(world.ana, site_id=world.site, name="Attic")
    page = ana.post(at(world, "space-retire", space_id=space))
    assert "Attic is out of use" in page.text
    assert "Attic" in ana.get(at(world, "site", site_id=world.site)).text
    ana.post(at(world, "space-back", space_id=space))
    assert place_queries.space(world.ana, space).retired_at is None


def test_a_space_in_a_retired_site_says_why_it_stays_out_of_use(world: World, ana: Browser) -> None:
    site = places.add_site(world.ana, name="Old House")
    space = places.add_space(world.ana, site_id=site, name="Attic")
    custody.retire_space(world.ana, space_id=space)
    custody.retire_site(world.ana, site_id=site)
    page = ana.post(at(world, "space-back", space_id=space))
    assert "Old House is out of use since" in page.text


def test_each_retired_thing_offers_to_bring_it_back(world: World, ana: Browser) -> None:
    by = world.ana
    ring, box = (
        keys.add_ring(by, name="R9"),
        hardware.add_container(by, site_id=world.site, name="Tin"),
    )
    keys.retire_ring(by, ring_id=ring)
    custody.retire_container(by, container_id=box)
    keys.retire_copy(by, copy_id=world.copy)
    keys.retire_key(by, key_id=world.key)
    places.retire_access_point(by, access_point_id=world.door)
    for name, thing in (
        ("ring", ring),
        ("container", box),
        ("key", world.key),
        ("copy", world.copy),
        ("access-point", world.door),
    ):
        where = {f"{name.replace('-', '_')}_id": thing}
        page = ana.get(at(world, name, **where))
        assert "Bring it back into use" in page.text, name
        page = ana.post(at(world, f"{name}-back", **where))
        assert "It is in use again." in page.text, name
        assert "Bring it back into use" not in page.text, name


def test_lists_name_what_is_out_of_use(world: World, ana: Browser) -> None:
    ring = keys.add_ring(world.ana, name="R9")
    keys.retire_ring(world.ana, ring_id=ring)
    keys.retire_key(world.ana, key_id=keys.add_key(world.ana, symbol="OLD"))
    assert "OLD" in ana.get(at(world, "keys")).text
    assert "R9" in ana.get(at(world, "rings")).text


def test_a_form_about_a_retired_thing_is_refused_with_what_was_typed(
    world: World, ana: Browser
) -> None:
    ring = keys.add_ring(world.ana, name="R9")
    url = at(world, "ring-seal", ring_id=ring)
    keys.retire_ring(world.ana, ring_id=ring)
    page = ana.post(url, seal_number="S-1")
    assert page.status == 409
    assert "R9 is out of use since" in page.text
    assert "S-1" in page.body
    opened = ana.post(at(world, "ring-unseal", ring_id=ring))
    assert "R9 is out of use since" in opened.text


def test_a_cylinder_is_corrected(world: World, ana: Browser) -> None:
    url = at(world, "cylinder-change", cylinder_id=world.cylinder)
    page = ana.fill(url, number="Z1a", is_listed_only="on")
    assert page.url == at(world, "cylinder", cylinder_id=world.cylinder)
    found = hardware_queries.cylinder(world.ana, world.cylinder)
    assert (found.number, found.is_listed_only) == ("Z1a", True)
    stale = ana.post(url, number="Z1b", version="1")
    assert stale.status == 409
    assert "Somebody changed this while you were writing" in stale.text
    hardware.add_cylinder(world.ana, number="Z2")
    taken = ana.fill(url, number="Z2")
    assert "There already is a cylinder Z2" in taken.text


def test_a_holder_is_not_offered_any_of_it(world: World) -> None:
    bo = Browser(BO)
    assert bo.post(at(world, "site-retire", site_id=world.site)).status == 403
    assert bo.post(at(world, "key-back", key_id=world.key)).status == 403
