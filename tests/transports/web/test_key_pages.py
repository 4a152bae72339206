"""Keys and copies: lists, pages, and what describes them."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.hardware import operations as hardware
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from tests.cast import World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db


@pytest.fixture
def system(world: World) -> int:
    """A master-key system with GM above B above B1, which opens the store."""
    system_id = keys.add_key_system(world.ana, name="House system")
    top = keys.add_key(world.ana, symbol="GM", system_id=system_id)
    middle = keys.add_key(world.ana, symbol="B", system_id=system_id, parent_id=top)
    below = keys.add_key(world.ana, symbol="B1", system_id=system_id, parent_id=middle)
    keys.note_key_opens(world.ana, key_id=below, cylinder_id=world.cylinder)
    return system_id


def key_of(world: World, symbol: str) -> key_queries.KeyView:
    return next(k for k in key_queries.keys(world.ana, text=symbol) if k.symbol == symbol)


def test_the_list_shows_each_keys_balance(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana_at.get("keys")
    assert "2 copies: 1 in stock, 1 out" in page
    assert "2 cut = 1 in stock + 1 out + 0 lost + 0 destroyed" in page
    assert "AA" in ana_at.get("keys", query={"q": "store"})
    assert "No key is called “zzz”." in ana_at.get("keys", query={"q": "zzz"})


def test_a_key_system_stands_as_a_tree(world: World, ana_at: Pages, system: int) -> None:
    page = ana_at.get("keys", query={"system": system})
    assert page.index("GM") < page.index(" B ") < page.index("B1")
    assert "AA" not in page
    assert "All keys" in ana_at.get("keys", query={"system": 10**17})


def test_a_key_shows_its_copies_and_what_it_opens_from_above(
    world: World, ana_at: Pages, system: int
) -> None:
    page = ana_at.get("key", key_id=key_of(world, "GM").id)
    assert "There are no copies of GM yet" in page
    assert "12 Store door" in page
    assert "through a key below it, cylinder Z1" in page
    page = ana_at.get("key", key_id=world.key)
    assert "AA: 2 of 2 in stock" in page
    assert "AA·1 Cabinet , position 1" in page
    assert "cylinder Z1" in page


def test_the_copies_of_a_key_are_shown_by_state(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana_at.get("key", key_id=world.key, query={"state": "out"})
    table = page[page.index("Copies and where they are") :]
    assert "AA·1" in table
    assert "AA·2" not in table.partition("Opens")[0]


def test_a_key_comes_with_its_copies_and_doors_in_one_step(world: World, ana_at: Pages) -> None:
    assert "12 Store door" in ana_at.get("key-add")
    form = {
        "symbol": "BB",
        "name": "Spare",
        "kind": "fob",
        "copies": "3",
        "container": world.cabinet,
        "hook": "4",
        "doors": [world.door],
    }
    assert "The key BB is on the register." in ana_at.post("key-add", form)
    view = key_of(world, "BB")
    assert queries.balances(world.ana, [view.id])[view.id].stock == 3
    page = ana_at.get("key", key_id=view.id)
    assert "Fob" in page
    assert "12 Store door" in page


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"kind": "metal", "copies": "1"}, 422, "Give the key a symbol or a name."),
        ({"symbol": "aa", "kind": "metal", "copies": "1"}, 409, "There already is a key AA."),
        ({"symbol": "C", "kind": "metal", "copies": "501"}, 422, "less than or equal to 500"),
        ({"symbol": "C", "kind": "gold", "copies": "1"}, 422, "Select a valid choice."),
        ({"symbol": "C", "kind": "metal", "copies": "1", "doors": ["99"]}, 422, "Select a valid"),
        ({"symbol": "C" * 41, "kind": "metal", "copies": "1"}, 422, "at most 40 characters"),
        ({"symbol": "C\nD", "kind": "metal", "copies": "1"}, 422, "control characters"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_and_nothing_is_half_done(
    world: World, ana_at: Pages, form: dict[str, str], status: int, sentence: str
) -> None:
    assert sentence in ana_at.post("key-add", form, status=status)
    assert len(key_queries.keys(world.ana)) == 1


def test_a_key_added_twice_by_one_form_is_added_once(world: World, ana_at: Pages) -> None:
    form = {"symbol": "BB", "kind": "metal", "copies": "2", "idempotency_key": "once"}
    ana_at.post("key-add", form)
    ana_at.post("key-add", form)
    view = key_of(world, "BB")
    assert queries.balances(world.ana, [view.id])[view.id].cut == 2


def test_a_key_is_renamed(world: World, ana_at: Pages) -> None:
    version = key_queries.key(world.ana, world.key).version
    form = {"symbol": "AB", "name": "Store", "version": version}
    ana_at.post("key-edit", form, key_id=world.key)
    assert key_queries.key(world.ana, world.key).symbol == "AB"


def test_two_people_editing_one_key_see_both_versions(world: World, ana_at: Pages) -> None:
    version = key_queries.key(world.ana, world.key).version
    keys.change_key(
        world.ana, key_id=world.key, version=version, symbol="AA", name="Renamed meanwhile"
    )
    form = {"symbol": "AA", "name": "Typed by me", "version": version}
    response = ana_at.send("key-edit", form, key_id=world.key)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Renamed meanwhile" in html
    assert "Typed by me" in html
    assert "Save mine instead" in html
    assert f'name="version" value="{version + 1}"' in html
    ana_at.post("key-edit", {**form, "version": version + 1}, key_id=world.key)
    assert key_queries.key(world.ana, world.key).name == "Typed by me"


def test_a_key_cannot_stand_above_itself(world: World, ana_at: Pages, system: int) -> None:
    top = key_of(world, "GM")
    form = {"symbol": "GM", "parent_id": "B1", "version": top.version}
    page = ana_at.post("key-edit", form, key_id=top.id, status=409)
    assert "GM cannot stand above itself." in page
    form["parent_id"] = "Nothing"
    assert "There is no such key." in ana_at.post("key-edit", form, key_id=top.id, status=422)


def test_copies_are_added_and_the_key_retired_after_asking(world: World, ana_at: Pages) -> None:
    ana_at.post("key-copies", {"count": "2", "container": world.cabinet}, key_id=world.key)
    assert queries.balances(world.ana, [world.key])[world.key].cut == 4
    assert "Take AA out of use?" in ana_at.get("key-retire", key_id=world.key)
    ana_at.post("key-retire", key_id=world.key)
    assert "AA is out of use" in ana_at.get("key", key_id=world.key)
    page = ana_at.post("key-copies", {"count": "1"}, key_id=world.key, status=409)
    assert "is out of use since" in page


def test_a_key_opens_a_door_and_no_longer(world: World, ana_at: Pages) -> None:
    other = keys.add_key(world.ana, symbol="C")
    ana_at.post("key-opens", {"access_point_id": "Store door"}, key_id=other)
    assert "12 Store door" in ana_at.get("key", key_id=other)
    ana_at.post("key-opens-no-longer", key_id=other, cylinder_id=world.cylinder)
    assert "No door is known that it opens." in ana_at.get("key", key_id=other)
    page = ana_at.post("key-opens", {"access_point_id": "Moon"}, key_id=other, status=422)
    assert "There is no such door." in page


def test_a_key_system_is_added_once(ana_at: Pages) -> None:
    assert "on the register" in ana_at.post("key-system-add", {"name": "House"})
    page = ana_at.post("key-system-add", {"name": "house"}, status=409)
    assert "There already is a key system called house." in page


def test_a_copy_is_described_and_retired_after_asking(world: World, ana_at: Pages) -> None:
    version = key_queries.copy(world.ana, world.copy).version
    form = {"mark": "4711", "container": world.cabinet, "hook": "3", "version": version}
    ana_at.post("copy-edit", form, copy_id=world.copy)
    page = ana_at.get("copy", copy_id=world.copy)
    assert "Stamped on it 4711" in page
    page = ana_at.post("copy-edit", {**form, "mark": "9"}, copy_id=world.copy, status=409)
    assert "The newer version" in page
    assert "Take AA·1 out of use?" in ana_at.get("copy-retire", copy_id=world.copy)
    ana_at.post("copy-retire", copy_id=world.copy)
    assert "Hand out" not in ana_at.get("copy", copy_id=world.copy)


def test_a_tag_is_put_on_and_taken_off(world: World, ana_at: Pages) -> None:
    form = {"text": "KS7QF2", "kind": "copy", "thing_id": world.copy}
    assert "The tag KS7QF2 is on it now." in ana_at.post("tag-attach", form)
    taken = {**form, "thing_id": world.other_copy, "next": ana_at.url("copy", copy_id=world.copy)}
    assert "Another thing wears this tag." in ana_at.post("tag-attach", taken)
    assert "Scan or type a tag" in ana_at.post("tag-attach", {**form, "text": ""})
    tag = key_queries.copy(world.ana, world.copy).tag_id
    assert "The tag is off." in ana_at.post("tag-remove", tag_id=tag)
    assert key_queries.copy(world.ana, world.copy).tag is None


def test_a_copy_tells_what_it_opens_and_its_story(world: World, ana_at: Pages) -> None:
    hardware.add_container(world.ana, site_id=world.site, name="Box", kind="lockbox")
    custody.check_out(
        world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="Inventory"
    )
    page = ana_at.get("copy", copy_id=world.copy)
    assert "AA·1 is with Bo since today" in page
    assert "12 Store door" in page
    assert "Ana handed out AA·1 to Bo" in page
    assert "“Inventory”" in page
    assert "Cabinet , position 1" in page
