"""Rings, their seals, and what they are kept in, on the pages."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.people import operations as people
from keystead.web.paging import PER_PAGE
from tests.cast import World
from tests.transports.web.pages import OldWorld, Pages

pytestmark = pytest.mark.db


@pytest.fixture
def ring(world: World) -> int:
    """An unsealed ring with the first copy."""
    return keys.add_ring(
        world.ana,
        name="R7",
        copy_ids=[world.copy],
        home_container_id=world.cabinet,
        home_position_id=world.hooks[3],
    )


def test_a_ring_is_added_with_copies_named_by_label(world: World, ana_at: Pages) -> None:
    assert "A ring is copies that travel together" in ana_at.get("rings")
    form = {"name": "R7", "tags": "AA·1\nAA-2", "seal_number": "4711"}
    assert "The ring R7 is on the register." in ana_at.post("ring-add", form)
    (ring,) = key_queries.rings(world.ana)
    assert set(ring.copy_ids) == set(world.copies)
    page = ana_at.get("ring", ring_id=ring.id)
    assert "Ring R7" in page
    assert "Sealed with 4711" in page
    assert "1 ring" in ana_at.get("rings")
    assert "No ring is called “zzz”." in ana_at.get("rings", query={"q": "zzz"})


def test_many_rings_are_shown_page_by_page(world: World, ana_at: Pages) -> None:
    for number in range(PER_PAGE + 1):
        keys.add_ring(world.ana, name=f"R{number:03}")
    first, second = ana_at.get("rings"), ana_at.get("rings", query={"from": PER_PAGE})
    assert "R000" in first
    assert f"R{PER_PAGE:03}" not in first
    assert f"R{PER_PAGE:03}" in second
    assert "R000" not in second
    assert "Next" in first
    assert f"{PER_PAGE} rings" not in first


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"name": ""}, 422, "This field is required."),
        ({"name": "R7"}, 409, "There already is a ring called R7."),
        ({"name": "R8", "tags": "MOON-1"}, 422, "MOON-1: not clear what that is."),
        ({"name": "R8", "tags": "AA·1"}, 409, "AA·1 hangs on the ring R7"),
    ],
)
def test_a_ring_that_makes_no_sense_is_refused(
    world: World, ana_at: Pages, ring: int, form: dict[str, str], status: int, sentence: str
) -> None:
    assert sentence in ana_at.post("ring-add", form, status=status)
    assert len(key_queries.rings(world.ana)) == 1


def test_copies_go_on_and_come_off_while_it_is_not_sealed(
    world: World, ana_at: Pages, ring: int
) -> None:
    ana_at.post("ring-put-on", {"tags": "AA·2"}, ring_id=ring)
    assert len(key_queries.ring(world.ana, ring).copy_ids) == 2
    ana_at.post("ring-take-off", {"copy": world.copy}, ring_id=ring)
    assert key_queries.ring(world.ana, ring).copy_ids == (world.other_copy,)
    ana_at.post("ring-seal", {"seal_number": "4711"}, ring_id=ring)
    page = ana_at.post("ring-put-on", {"tags": "AA·1"}, ring_id=ring, status=409)
    assert "The ring R7 is sealed (4711)" in page
    said = ana_at.post("ring-take-off", {"copy": world.other_copy}, ring_id=ring)
    assert "Open the seal first." in said
    assert "The seal is open." in ana_at.post("ring-unseal", ring_id=ring)
    assert "This field is required." in ana_at.post("ring-seal", {}, ring_id=ring, status=422)


def test_a_ring_is_renamed_and_two_versions_stand_side_by_side(
    world: World, ana_at: Pages, ring: int
) -> None:
    version = key_queries.ring(world.ana, ring).version
    ana_at.post("ring-edit", {"name": "R8", "version": version}, ring_id=ring)
    page = ana_at.post("ring-edit", {"name": "R9", "version": version}, ring_id=ring, status=409)
    assert "The newer version" in page
    assert "R8" in page


def test_a_ring_is_retired_after_asking(world: World, ana_at: Pages, ring: int) -> None:
    assert "Take ring R7 out of use?" in ana_at.get("ring-retire", ring_id=ring)
    ana_at.post("ring-retire", ring_id=ring)
    assert "Ring R7 is out of use" in ana_at.get("ring", ring_id=ring)
    ana_at.get("ring-retire", ring_id=ring, status=404)
    ana_at.get("hand-out", query={"ring": ring}, status=404)


def test_an_empty_ring_says_so(world: World, ana_at: Pages) -> None:
    ring = keys.add_ring(world.ana, name="Bare")
    assert "Nothing hangs on ring Bare" in ana_at.get("ring", ring_id=ring)
    page = ana_at.post("hand-out", {"ring": ring, "holder": "Bo", "until": "tomorrow"}, status=409)
    assert "Nothing hangs on the ring Bare" in page


def test_the_board_shows_what_hangs_and_who_has_the_rest(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana_at.get("container", container_id=world.cabinet)
    assert "Cabinet: 1 key there, 1 away" in page
    assert "with Bo, for" in page
    assert page.count("free") == 2


def test_the_board_glows_where_something_is_late(old_world: OldWorld) -> None:
    world = old_world.world
    custody.check_out(
        old_world.ana(days=2),
        copy_ids=[old_world.copy],
        person_id=world.bo_person,
        due_at=old_world.ana(days=1).at,
    )
    html = old_world.ana_at.client.get(
        old_world.ana_at.url("container", container_id=world.cabinet)
    ).content.decode()
    assert "hook--late" in html
    assert "1 is late" in html


def test_a_ring_hangs_on_its_own_hook_of_the_board(world: World, ana_at: Pages, ring: int) -> None:
    html = ana_at.client.get(ana_at.url("container", container_id=world.cabinet)).content.decode()
    assert html.count("hook--free") == 2
    custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person)
    page = ana_at.get("container", container_id=world.cabinet)
    assert "Hook 4 R7" in page
    custody.return_copies(world.ana, ring_ids=[ring])
    assert queries.where_is(world.ana, world.copy).position_label == "4"


def test_destroyed_copies_keep_no_hook(world: World, ana_at: Pages) -> None:
    custody.destroy_copies(world.ana, copy_ids=[world.copy])
    page = ana_at.get("container", container_id=world.cabinet)
    assert "Cabinet: 1 key, all there" in page


def test_a_container_is_added_changed_and_given_hooks(world: World, ana_at: Pages) -> None:
    form = {"name": "Box", "kind": "lockbox", "site_id": world.site, "positions": "2"}
    assert "Box is on the register." in ana_at.post("container-add", form)
    box = next(c.id for c in hardware_queries.containers(world.ana) if c.name == "Box")
    ana_at.post("container-hooks", {"labels": "41-43, A1"}, container_id=box)
    labels = [p.label for p in hardware_queries.positions(world.ana, box)]
    assert labels == ["1", "2", "41", "42", "43", "A1"]
    for bad in ("9-1", " , ", "1-99999"):
        ana_at.post("container-hooks", {"labels": bad}, container_id=box, status=422)
    assert "The hook a1 is there already" in ana_at.post(
        "container-hooks", {"labels": "A1"}, container_id=box, status=409
    )
    version = hardware_queries.container(world.ana, box).version
    edit = {"name": "Grey box", "kind": "safe", "space_id": world.hall, "version": version}
    ana_at.post("container-edit", edit, container_id=box)
    assert "Grey box" in ana_at.get("containers")
    page = ana_at.post("container-edit", edit, container_id=box, status=409)
    assert "The newer version" in page


def test_a_container_needs_a_site_and_a_free_name(world: World, ana_at: Pages) -> None:
    form = {"name": "Cabinet", "kind": "cabinet", "site_id": world.site, "positions": "0"}
    page = ana_at.post("container-add", form, status=409)
    assert "There already is a container called Cabinet here." in page
    assert "Select a valid choice" in ana_at.post(
        "container-add", {**form, "space_id": "999"}, status=422
    )


def test_a_container_is_retired_only_when_empty(world: World, ana_at: Pages) -> None:
    assert "out of use?" in ana_at.get("container-retire", container_id=world.cabinet)
    said = ana_at.post("container-retire", container_id=world.cabinet)
    assert "There are still 2 keys in it." in said
    box = hardware.add_container(world.ana, site_id=world.site, name="Box", kind="lockbox")
    ana_at.post("container-retire", container_id=box)
    assert "Box is out of use" in ana_at.get("container", container_id=box)


def test_a_box_without_hooks_lists_what_is_in_it(world: World, ana_at: Pages) -> None:
    box = hardware.add_container(world.ana, site_id=world.site, name="Box", kind="lockbox")
    lock = hardware.add_lock(world.ana, name="Code", kind="keypad", container_id=box)
    code = hardware.record_code(world.ana, lock_id=lock, name="Box code")
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)
    assert "Box is empty" in ana_at.get("container", container_id=box)
    custody.move_copies(world.ana, copy_ids=[world.copy], container_id=box)
    page = ana_at.get("container", container_id=box)
    assert "Box: 1 key, all there" in page
    assert "AA·1" in page
    assert "Box code" in page


def test_times_of_a_container_stand_in_its_sites_zone(world: World, ana_at: Pages) -> None:
    people.change_workspace(world.ana, name="Harbour House", time_zone="Asia/Tokyo", locale="en-GB")
    assert "JST" in ana_at.get("container", container_id=world.cabinet)
