"""A file that names what is out of use: the preview asks, and nothing stops afterwards."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries as whereabouts
from keystead.exchange import imports, queries
from keystead.exchange.errors import QuestionsOpen
from keystead.exchange.planning import Doubt, Plan
from keystead.hardware import queries as hardware_queries
from keystead.journal import queries as journal
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.keys.queries import CopyView
from keystead.places import operations as places
from keystead.places import queries as place_queries
from tests.cast import World
from tests.exchange.test_importing import bring_in, plan_again

pytestmark = pytest.mark.db

FILE = "Key,Key #,Building,Door,Hook\nBR1,1,Annex,Back door,Safe/4\nBR2,1,Annex,Front door,Safe/5\n"
MORE = FILE + "BR1,2,Annex,Back door,Safe/6\n"


def upload(actor: Actor, text: str) -> int:
    return imports.upload(actor, text.encode(), "register.csv")


def plan_of(actor: Actor, import_id: int) -> Plan:
    return imports.plan_for(actor, imports.opened(actor, import_id))


def question(plan: Plan, kind: str) -> Doubt:
    (found,) = [doubt for doubt in plan.questions if doubt.kind == kind]
    return found


def carry_out(actor: Actor, import_id: int, answers: dict[str, str]) -> None:
    imports.decide(actor, queries.import_view(actor, import_id), answers=answers)
    imports.carry_out(actor, import_id)


def copy_called(actor: Actor, label: str) -> CopyView | None:
    found = [copy for copy in key_queries.copies(actor) if copy.label == label]
    return found[0] if found else None


def key_id(actor: Actor, label: str) -> int:
    (found,) = key_queries.keys(actor, text=label, with_retired=True)
    return found.id


def box_id(actor: Actor) -> int:
    return next(b.id for b in hardware_queries.containers(actor) if b.name == "Safe")


@pytest.fixture
def kept(world: World) -> World:
    """The file is on the register."""
    bring_in(world.ana, FILE)
    return world


def empty_the_safe(world: World) -> int:
    safe = box_id(world.ana)
    inside = whereabouts.in_container(world.ana, safe)
    custody.move_copies(world.ana, copy_ids=[stay.copy_id for stay in inside])
    custody.retire_container(world.ana, container_id=safe)
    return safe


def test_a_retired_key_is_a_question_with_its_rows(kept: World) -> None:
    keys.retire_key(kept.ana, key_id=key_id(kept.ana, "BR1"))
    import_id = upload(kept.ana, MORE)
    asked = question(plan_of(kept.ana, import_id), "key-retired")
    assert asked.rows == (4,), "only the row that brings a new copy"
    assert asked.text.startswith("Key BR1 is out of use since 20")
    assert [choice.value for choice in asked.choices] == ["skip", "back"]
    with pytest.raises(QuestionsOpen):
        imports.carry_out(kept.ana, import_id)


def test_copies_of_a_retired_key_are_left_out_or_it_is_brought_back(kept: World) -> None:
    retired = key_id(kept.ana, "BR1")
    keys.retire_key(kept.ana, key_id=retired)
    import_id = upload(kept.ana, MORE)
    asked = question(plan_of(kept.ana, import_id), "key-retired")
    carry_out(kept.ana, import_id, {asked.id: "skip"})
    assert copy_called(kept.ana, "BR1·2") is None
    assert key_queries.key(kept.ana, retired).retired_at is not None
    import_id = upload(kept.ana, MORE)
    carry_out(kept.ana, import_id, {asked.id: "back"})
    assert copy_called(kept.ana, "BR1·2") is not None
    assert key_queries.key(kept.ana, retired).retired_at is None
    names = [told.name for told in journal.entries(kept.ana, limit=20)]
    assert "keys.key-brought-back" in names


def test_a_retired_container_is_a_question(kept: World) -> None:
    safe = empty_the_safe(kept)
    import_id = upload(kept.ana, MORE)
    asked = question(plan_of(kept.ana, import_id), "container-retired")
    assert asked.rows == (4,)
    assert "Safe is out of use since" in asked.text
    carry_out(kept.ana, import_id, {asked.id: "without"})
    made = copy_called(kept.ana, "BR1·2")
    assert made is not None
    assert made.home_container_id is None
    (note,) = queries.notes_of(kept.ana, [made.id])[made.id]
    assert "Safe 6" in note.text
    assert hardware_queries.container(kept.ana, safe).retired_at is not None


def test_a_retired_container_can_be_brought_back_by_the_import(kept: World) -> None:
    safe = empty_the_safe(kept)
    import_id = upload(kept.ana, MORE)
    asked = question(plan_of(kept.ana, import_id), "container-retired")
    carry_out(kept.ana, import_id, {asked.id: "back"})
    made = copy_called(kept.ana, "BR1·2")
    assert made is not None
    assert (made.home_container_id, made.home_position_label) == (safe, "6")
    assert hardware_queries.container(kept.ana, safe).retired_at is None


SETS = "Key no,Property,Keys in set\nHP1,1 Mill Lane,2\n"


@pytest.mark.parametrize(("answer", "hung"), [("without", False), ("back", True)])
def test_a_retired_ring_is_a_question(answer: str, hung: bool, world: World) -> None:
    ring = keys.add_ring(world.ana, name="HP1")
    keys.retire_ring(world.ana, ring_id=ring)
    import_id = upload(world.ana, SETS)
    plan = plan_of(world.ana, import_id)
    asked = question(plan, "ring-retired")
    assert asked.rows == (2,)
    carry_out(world.ana, import_id, {**plan.suggested().choices, asked.id: answer})
    found = key_queries.ring(world.ana, ring)
    assert bool(found.copy_ids) == hung
    assert (found.retired_at is None) == hung
    assert len([c for c in key_queries.copies(world.ana) if c.key_label.startswith("HP1")]) == 2


@pytest.mark.parametrize("answer", ["skip", "back"])
def test_a_retired_place_is_a_question(answer: str, world: World) -> None:
    site = places.add_site(world.ana, name="1 Mill Lane")
    custody.retire_site(world.ana, site_id=site)
    import_id = upload(world.ana, SETS)
    plan = plan_of(world.ana, import_id)
    asked = question(plan, "place-retired")
    assert asked.rows == (2,)
    carry_out(world.ana, import_id, {**plan.suggested().choices, asked.id: answer})
    is_there = any(c.key_label.startswith("HP1") for c in key_queries.copies(world.ana))
    assert is_there == (answer == "back")
    assert (place_queries.site(world.ana, site).retired_at is None) == is_there


@pytest.mark.parametrize("answer", ["without", "back"])
def test_a_retired_door_is_a_question(answer: str, kept: World) -> None:
    door = next(p for p in place_queries.access_points(kept.ana) if p.name == "Back door")
    places.retire_access_point(kept.ana, access_point_id=door.id)
    import_id = upload(kept.ana, MORE)
    asked = question(plan_of(kept.ana, import_id), "door-retired")
    assert asked.rows == (4,)
    carry_out(kept.ana, import_id, {asked.id: answer})
    assert copy_called(kept.ana, "BR1·2") is not None
    is_back = place_queries.access_point(kept.ana, door.id).retired_at is None
    assert is_back == (answer == "back")
    doors = place_queries.access_points(kept.ana, with_retired=True, text="Back door")
    assert [found.id for found in doors] == [door.id], "no second one"


def test_a_file_that_brings_nothing_new_is_not_asked_about(kept: World) -> None:
    """Whatever was retired since: what is on the register stays as it is."""
    empty_the_safe(kept)
    for door in place_queries.access_points(kept.ana):
        places.retire_access_point(kept.ana, access_point_id=door.id)
    for label in ("BR1", "BR2"):
        keys.retire_key(kept.ana, key_id=key_id(kept.ana, label))
    before = journal.seal(kept.ana).sequence
    assert not plan_again(kept.ana, FILE).questions
    bring_in(kept.ana, FILE)
    since = journal.entries(kept.ana, after=before, limit=20)
    assert {told.name for told in since} <= {
        "exchange.import-staged",
        "exchange.import-prepared",
        "exchange.import-finished",
    }


def test_codes_of_a_retired_container_are_asked_about(world: World) -> None:
    text = "Key,Key #,Hook,Safe code\nBR9,1,Safe/1,4471\n"
    bring_in(world.ana, text)
    import_id = upload(world.ana, text.replace("BR9,1", "BR9,2"))
    assert not [d for d in plan_of(world.ana, import_id).questions if "retired" in d.kind]
    empty_the_safe(world)
    plan = plan_of(world.ana, import_id)
    asked = question(plan, "container-retired")
    carry_out(world.ana, import_id, {**plan.suggested().choices, asked.id: "without"})
    assert copy_called(world.ana, "BR9·2") is not None


def test_retired_between_preview_and_import_stops_with_questions(kept: World) -> None:
    import_id = upload(kept.ana, MORE)
    assert plan_of(kept.ana, import_id).is_ready
    keys.retire_key(kept.ana, key_id=key_id(kept.ana, "BR1"))
    with pytest.raises(QuestionsOpen):
        imports.carry_out(kept.ana, import_id)
    assert copy_called(kept.ana, "BR1·2") is None
