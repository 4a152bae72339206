"""Taking back and moving, on the pages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime, now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.journal import queries as journal
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import ZONE, World
from tests.transports.web.pages import OldWorld, Pages

pytestmark = pytest.mark.db


@pytest.fixture
def out(world: World) -> int:
    """The first copy, with Bo."""
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    return world.copy


@pytest.fixture
def ring(world: World) -> int:
    """A sealed ring of both copies, with Bo."""
    ring_id = keys.add_ring(world.ana, name="R7", copy_ids=world.copies, seal_number="4711")
    custody.check_out(world.ana, ring_ids=[ring_id], person_id=world.bo_person)
    return ring_id


def test_one_button_takes_a_copy_back_to_its_hook(world: World, ana_at: Pages, out: int) -> None:
    said = ana_at.post("take-back", {"copy": out, "next": ana_at.url("today")})
    assert "AA·1: back, in Cabinet 1." in said
    assert queries.where_is(world.ana, out).position_id == world.hooks[0]


def test_a_return_can_be_undone(world: World, ana_at: Pages, out: int) -> None:
    ana_at.send("take-back", {"copy": out})
    html = ana_at.client.get(ana_at.url("today")).content.decode()
    handling = html.partition(f"/w/{world.slug}/undo/")[2].partition('"')[0]
    ana_at.post("undo", handling=int(handling))
    assert queries.where_is(world.ana, out).holder == "Bo"


def test_taking_back_twice_changes_nothing_and_says_so(
    world: World, ana_at: Pages, out: int
) -> None:
    ana_at.post("take-back", {"copy": out})
    before = journal.seal(world.ana).sequence
    assert "AA·1: in already. Nothing changed." in ana_at.post("take-back", {"copy": out})
    assert journal.seal(world.ana).sequence == before


def test_somebody_else_can_bring_it_to_another_hook(world: World, ana_at: Pages, out: int) -> None:
    ana_at.post(
        "take-back",
        {"copy": out, "container": world.cabinet, "hook": "4", "returned_by": "Ana"},
    )
    assert queries.where_is(world.ana, out).position_label == "4"
    page = ana_at.get("copy", copy_id=out)
    assert "brought back by Ana" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"hook": "9"}, "Choose the container this hook is in."),
        ({"container": "here", "hook": "99"}, "There is no hook 99. They are called 1 to 4."),
        ({"container": "box", "hook": "1"}, "There are no hooks in it."),
        ({"returned_by": "Nobody at all"}, "Nobody on the register is called"),
        ({"occurred_at": "2150-01-01T10:00"}, "speaks about the past"),
    ],
)
def test_a_place_that_is_not_there_is_refused_on_its_field(
    world: World, ana_at: Pages, out: int, fields: dict[str, str], sentence: str
) -> None:
    box = hardware.add_container(world.ana, site_id=world.site, name="Box", kind="lockbox")
    places = {"here": str(world.cabinet), "box": str(box)}
    form = {name: places.get(value, value) for name, value in fields.items()}
    page = ana_at.post("take-back", {"copy": out, **form}, status=422)
    assert sentence in page
    assert queries.where_is(world.ana, out).holder == "Bo"


def test_a_note_is_shown_to_the_next_taker(world: World, ana_at: Pages, out: int) -> None:
    ana_at.post("take-back", {"copy": out, "note": "Sticks a little"})
    assert "“Sticks a little”" in ana_at.get("hand-out", query={"copy": out})
    assert "“Sticks a little”" in ana_at.get("copy", copy_id=out)


def test_a_critical_fault_blocks_the_next_hand_out(world: World, ana_at: Pages, out: int) -> None:
    form = {"copy": out, "fault": "Tip is bent", "fault_is_critical": "on"}
    ana_at.post("take-back", form)
    assert "It cannot be handed out until this is settled." in ana_at.get("copy", copy_id=out)
    page = ana_at.post("hand-out", {"copy": out, "holder": "Bo", "until": "tomorrow"}, status=409)
    assert "AA·1 has a critical fault" in page


def test_a_return_that_happened_earlier_is_marked(old_world: OldWorld) -> None:
    world = old_world.world
    custody.check_out(old_world.ana(days=5), copy_ids=[old_world.copy], person_id=world.bo_person)
    at = localtime(now() - timedelta(days=1), ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")
    old_world.ana_at.post("take-back", {"copy": old_world.copy, "occurred_at": at})
    assert "entered later" in old_world.ana_at.get("copy", copy_id=old_world.copy)


def test_the_form_of_a_ring_asks_what_is_missing_and_for_the_seal(ana_at: Pages, ring: int) -> None:
    page = ana_at.get("take-back", query={"ring": ring})
    assert "AA·2 is not there" in page
    assert "Number on the seal" in page
    assert "4711" not in page


def test_a_ring_comes_back_without_one_of_its_copies(
    world: World, ana_at: Pages, ring: int
) -> None:
    said = ana_at.post(
        "take-back", {"ring": ring, "without": world.other_copy, "seal_number": "4711"}
    )
    assert "stays with its holder, as an incident" in said
    assert queries.where_is(world.ana, world.copy).state == "stored"
    assert queries.where_is(world.ana, world.other_copy).holder == "Bo"
    assert "1 of 2 copies of ring R7 is out" in ana_at.get("ring", ring_id=ring)


def test_another_number_on_the_seal_opens_an_incident(
    world: World, ana_at: Pages, ring: int
) -> None:
    said = ana_at.post("take-back", {"ring": ring, "seal_number": "9999"})
    assert "The seal is another one" in said
    assert [i.kind for i in queries.incidents(world.ana)] == ["wrong-seal"]


def test_a_tag_of_a_cabinet_says_where_they_go(world: World, ana_at: Pages, out: int) -> None:
    box = hardware.add_container(world.ana, site_id=world.site, name="Box", kind="lockbox")
    keys.attach_tag(world.ana, text="BOX1", kind="container", thing_id=box)
    ana_at.post("take-back", {"tags": "AA·1\nBOX1"})
    assert queries.where_is(world.ana, out).container_id == box


def test_what_came_in_is_moved_and_the_move_undone(world: World, ana_at: Pages) -> None:
    form = {"copy": world.copy, "container": world.cabinet, "hook": "3"}
    assert "Where is AA·1 kept now?" in ana_at.get("move", query={"copy": world.copy})
    ana_at.send("move", form)
    assert queries.where_is(world.ana, world.copy).position_label == "3"
    html = ana_at.client.get(ana_at.url("today")).content.decode()
    handling = html.partition(f"/w/{world.slug}/undo/")[2].partition('"')[0]
    ana_at.post("undo", handling=int(handling))
    assert queries.where_is(world.ana, world.copy).position_label == "1"
    assert "there already" in ana_at.post("move", {**form, "hook": "1"})


def test_what_is_out_cannot_be_moved(ana_at: Pages, out: int) -> None:
    page = ana_at.post("move", {"copy": out}, status=409)
    assert "AA·1 is not in stock" in page
    assert "Take it back" in page


def test_somebody_of_the_same_name_is_asked_for(world: World, ana_at: Pages, out: int) -> None:
    people.add_person(world.ana, name="Bo")
    page = ana_at.post("take-back", {"copy": out, "returned_by": "Bo"}, status=422)
    assert "Choose who is meant." in page


def test_a_new_hook_can_be_named_at_once(world: World, ana_at: Pages, out: int) -> None:
    hardware.add_positions(world.ana, container_id=world.cabinet, labels=["A1"])
    ana_at.post("take-back", {"copy": out, "container": world.cabinet, "hook": "a1"})
    hook = hardware_queries.positions(world.ana, world.cabinet)[-1]
    assert queries.where_is(world.ana, out).position_id == hook.id


def test_a_return_before_it_went_out_is_taken_and_said(old_world: OldWorld) -> None:
    world = old_world.world
    custody.check_out(old_world.ana(days=1), copy_ids=[old_world.copy], person_id=world.bo_person)
    at = localtime(now() - timedelta(days=5), ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")
    page = old_world.ana_at.post("take-back", {"copy": old_world.copy, "occurred_at": at})
    assert "went out after that time: back from now on." in page
