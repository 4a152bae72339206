"""Sites, spaces and access points in the browser."""

import pytest
from django.urls import reverse

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.people import operations as people
from keystead.places import operations as places
from keystead.places import queries as place_queries
from keystead.places.models import AccessPoint, Site, Space
from tests.cast import ANA, World
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


@pytest.fixture
def ana(world: World) -> Browser:
    return Browser(ANA)


def at(world: World, name: str, **ids: int) -> str:
    return reverse(name, kwargs={"slug": world.slug, **ids})


# --- sites ----------------------------------------------------------------------------------


def test_the_sites_are_listed_and_lead_to_their_pages(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "places"))
    assert page.heading == "1 site"
    assert at(world, "site", site_id=world.site) in page.body


def test_a_workspace_without_sites_teaches_with_one_button(world: World) -> None:
    ana = Browser(ANA)
    page = ana.fill(
        reverse("workspace-new"),
        owner_name="Ana",
        workspace_name="Boat",
        template="empty",
        time_zone="UTC",
        locale="en",
    )
    page = ana.get(reverse("places", kwargs={"slug": "boat"}))
    assert page.heading == "Which places have keys?"
    assert "A site is a property" in page.text
    assert reverse("site-add", kwargs={"slug": "boat"}) in page.body


def test_a_site_page_has_its_spaces_doors_and_containers(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "site", site_id=world.site))
    assert page.heading == "Harbour House has 1 door"
    for words in ("Hall", "Store", "Store door", "Cabinet", "Story"):
        assert words in page.text


def test_adding_a_site_leads_to_it(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "site-add"), name="Pier 4", address="Pier 4")
    assert page.heading == "Pier 4"
    assert "Pier 4 is there." in page.text


def test_a_site_sent_twice_is_added_once(world: World, ana: Browser) -> None:
    form = ana.get(at(world, "site-add")).form()
    first, second = ana.send(form, name="Pier 4"), ana.send(form, name="Pier 4")
    assert first.url == second.url
    assert Site.objects.filter(name="Pier 4").count() == 1


def test_the_same_form_with_something_else_in_it_asks_again(world: World, ana: Browser) -> None:
    form = ana.get(at(world, "site-add")).form()
    ana.send(form, name="Pier 4")
    page = ana.send(form, name="Pier 5")
    assert page.status == 409
    assert "This form was sent before, with something else in it" in page.text
    assert ana.send(page.form()).heading == "Pier 5"


def test_a_taken_site_name_is_refused_on_its_field(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "site-add"), name="harbour house", address="Quay 3")
    assert page.status == 409
    assert "There already is a site called" in page.text
    assert page.form().values["address"] == "Quay 3"


def test_a_site_changed_by_two_shows_both_versions(world: World, ana: Browser) -> None:
    url = at(world, "site-change", site_id=world.site)
    mine = ana.get(url).form()
    Browser(ANA).fill(url, name="Harbour House", address="Quay 3")
    page = ana.send(mine, name="Harbour House", address="Quay 7")
    assert page.status == 409
    assert page.heading == "Change Harbour House"
    assert "Somebody changed this while you were writing" in page.text
    assert "Quay 3" in page.text
    assert page.form().values["address"] == "Quay 7"
    ana.send(page.form())
    assert place_queries.site(world.ana, world.site).address == "Quay 7"


def test_a_sites_own_zone_rules_its_pages(world: World, ana: Browser) -> None:
    ana.fill(
        at(world, "site-change", site_id=world.site), name="Harbour House", time_zone="Asia/Tokyo"
    )
    assert "JST" in ana.get(at(world, "site", site_id=world.site)).body
    assert "JST" in ana.get(at(world, "access-point", access_point_id=world.door)).body
    assert "JST" not in ana.get(at(world, "journal")).body


# --- spaces ---------------------------------------------------------------------------------


def test_a_space_says_what_leads_in_and_what_stands_there(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "space", space_id=world.store))
    assert page.heading == "1 way into Store"
    page = ana.get(at(world, "space", space_id=world.hall))
    assert page.heading == "Hall: no way in is recorded"
    assert "Cabinet" in page.text
    assert "Store door" in page.text


def test_a_copy_kept_at_a_place_stands_on_its_page(world: World, ana: Browser) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], space_id=world.hall)
    assert "AA·1" in ana.get(at(world, "space", space_id=world.hall)).text


def test_a_space_is_added_inside_another_one(world: World, ana: Browser) -> None:
    url = at(world, "space-add") + f"?site={world.site}&inside={world.hall}"
    form = ana.get(url).form()
    assert form.values["parent_id"] == str(world.hall)
    page = ana.send(form, name="Closet", kind="room")
    assert "Closet is there." in page.text
    assert page.body.index(">Harbour House<") < page.body.index(">Hall<")


def test_without_a_site_the_page_asks_which(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "space-add"))
    assert page.heading == "Where will the space be?"
    assert f"?site={world.site}" in page.body


def test_a_space_cannot_stand_inside_itself(world: World, ana: Browser) -> None:
    inner = places.add_space(world.ana, site_id=world.site, name="Closet", parent_id=world.hall)
    page = ana.fill(at(world, "space-change", space_id=world.hall), parent_id=inner)
    assert page.status == 409
    assert "Hall cannot stand inside itself. Choose a space outside it." in page.text
    assert Space.objects.get(pk=world.hall).parent_id is None


def test_a_space_changed_by_two_shows_both_versions(world: World, ana: Browser) -> None:
    url = at(world, "space-change", space_id=world.hall)
    mine = ana.get(url).form()
    Browser(ANA).fill(url, name="Great hall")
    page = ana.send(mine, name="Small hall")
    assert page.status == 409
    assert "Great hall" in page.text
    assert page.form().values["name"] == "Small hall"


# --- access points --------------------------------------------------------------------------


def test_a_door_says_how_many_people_have_a_key(world: World, ana: Browser) -> None:
    url = at(world, "access-point", access_point_id=world.door)
    assert ana.get(url).heading == "Store door: nobody has a key to it now"
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana.get(url)
    assert page.heading == "Store door: 1 person has a key"
    assert "cylinder Z1 · 1 in stock, 1 out" in page.text
    assert at(world, "person", person_id=world.bo_person) in page.body


def test_people_who_know_a_code_count_too_but_once(world: World, ana: Browser) -> None:
    code = hardware.record_code_on(world.ana, name="Pad", access_point_id=world.door)
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana.get(at(world, "access-point", access_point_id=world.door))
    assert page.heading == "Store door: 1 person has a key or knows the code"


def test_keys_above_open_the_door_too(world: World, ana: Browser) -> None:
    master = keys.add_key(world.ana, symbol="GM")
    keys.change_key(world.ana, key_id=world.key, version=1, symbol="AA", parent_id=master)
    page = ana.get(at(world, "access-point", access_point_id=world.door))
    assert "stands above a key of cylinder Z1" in page.text


def test_a_lost_copy_is_said_at_the_top(world: World, ana: Browser) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    page = ana.get(at(world, "access-point", access_point_id=world.door))
    assert "1 copy that opens it is missing" in page.text


def test_a_door_is_added_from_its_space(world: World, ana: Browser) -> None:
    url = at(world, "access-point-add") + f"?site={world.site}&to={world.store}"
    form = ana.get(url).form()
    assert form.values["leads_to_id"] == str(world.store)
    page = ana.send(form, name="Back door", number="13", kind="door")
    assert page.heading == "Back door: no key and no code is recorded"
    assert "Which keys open it?" in page.text


def test_a_taken_door_number_is_refused_on_its_field(world: World, ana: Browser) -> None:
    url = at(world, "access-point-add") + f"?site={world.site}"
    page = ana.fill(url, name="Back door", number="12", kind="door")
    assert page.status == 409
    assert page.form().values["name"] == "Back door"
    assert AccessPoint.objects.filter(name="Back door").count() == 0


def test_a_space_of_another_site_is_no_choice(world: World, ana: Browser) -> None:
    other = places.add_site(world.ana, name="Pier 4")
    url = at(world, "access-point-add") + f"?site={other}"
    page = ana.fill(url, name="Gate", kind="gate", leads_to_id=world.store)
    assert page.status == 422


def test_that_a_key_opens_a_door_is_one_step(world: World, ana: Browser) -> None:
    door = places.add_access_point(world.ana, site_id=world.site, name="Shed", kind="door")
    url = at(world, "access-point", access_point_id=door)
    page = ana.fill(url, "/keys", key="aa")
    assert "opens it now" in page.text
    assert page.heading == "Shed: nobody has a key to it now"
    assert [o.key.id for o in key_queries.openers(world.ana, access_point_id=door)] == [world.key]


def test_an_unknown_key_is_refused_on_the_page_of_the_door(world: World, ana: Browser) -> None:
    url = at(world, "access-point", access_point_id=world.door)
    page = ana.fill(url, "/keys", key="ZZ")
    assert page.status == 422
    assert "There is no such key" in page.text
    assert page.form("/keys").values["key"] == "ZZ"


def test_a_name_that_two_keys_have_asks_which(world: World, ana: Browser) -> None:
    for name in ("North", "South"):
        system = keys.add_key_system(world.ana, name=name)
        keys.add_key(world.ana, symbol="M1", system_id=system)
    url = at(world, "access-point", access_point_id=world.door)
    page = ana.fill(url, "/keys", key="M1")
    assert page.status == 422
    assert "Which one do you mean? M1 (North), M1 (South)" in page.text
    assert "opens it now" in ana.fill(url, "/keys", key="M1 (South)").text


def test_a_door_changed_by_two_shows_both_versions(world: World, ana: Browser) -> None:
    url = at(world, "access-point-change", access_point_id=world.door)
    mine = ana.get(url).form()
    Browser(ANA).fill(url, name="Big store")
    page = ana.send(mine, name="Small store")
    assert page.status == 409
    assert "Big store" in page.text
    assert page.form().values["name"] == "Small store"


def test_taking_a_door_out_of_use_asks_first_and_keeps_its_page(world: World, ana: Browser) -> None:
    url = at(world, "access-point-retire", access_point_id=world.door)
    asked = ana.get(url)
    assert asked.heading == "Is Store door no longer there?"
    page = ana.send(asked.form())
    assert "Store door is out of use." in page.text
    page = ana.get(at(world, "access-point", access_point_id=world.door))
    assert "No longer there" in page.text
    assert "Opens it" not in page.text


def test_the_list_of_doors_is_filtered_by_its_address(world: World, ana: Browser) -> None:
    places.add_access_point(world.ana, site_id=world.site, name="Yard gate", kind="gate")
    base = at(world, "access-points")
    assert "Yard gate" in ana.get(f"{base}?kind=gate").text
    assert "Store door" not in ana.get(f"{base}?kind=gate").text
    assert "Store door" in ana.get(f"{base}?q=12").text
    assert "No door fits" in ana.get(f"{base}?q=nothing").text


@pytest.mark.parametrize("query", ["site=x", "site=99999999999999999999", "from=-1", "kind=%00"])
def test_nonsense_in_an_address_is_left_aside(world: World, ana: Browser, query: str) -> None:
    assert ana.get(f"{at(world, 'access-points')}?{query}").status == 200


def test_a_number_no_database_holds_is_no_page(world: World, ana: Browser) -> None:
    url = at(world, "site", site_id=world.site)
    assert ana.get(url.replace(f"/{world.site}", "/1000000000000000000000")).status == 404


def test_a_long_list_of_doors_has_pages(world: World, ana: Browser) -> None:
    for number in range(60):
        places.add_access_point(world.ana, site_id=world.site, name=f"Locker {number:03}")
    first = ana.get(at(world, "access-points") + "?q=Locker")
    assert "Locker 049" in first.text
    assert "Locker 050" not in first.text
    assert "q=Locker&amp;from=50" in first.body
    assert "Locker 050" in ana.get(at(world, "access-points") + "?q=Locker&from=50").text


def test_a_persons_name_is_never_markup(world: World, ana: Browser) -> None:
    person = people.add_person(world.ana, name="<b>Dee</b>")
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=person)
    page = ana.get(at(world, "access-point", access_point_id=world.door))
    assert "<b>Dee</b>" not in page.body
    assert "&lt;b&gt;Dee&lt;/b&gt;" in page.body
