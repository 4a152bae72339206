"""Facts say what was before and after, so that the past can be read as it was."""

import pytest

from keystead.custody import operations as custody
from keystead.journal import queries as journal
from keystead.journal import verify
from keystead.keys import operations as keys
from keystead.keys.replay import NOWHERE, details
from tests.cast import World

pytestmark = pytest.mark.db


def told(world: World, name: str) -> dict[str, object]:
    return next(e.payload for e in journal.entries(world.ana, limit=9) if e.name == name)


def test_a_new_copy_tells_its_mark_and_where_it_belongs(world: World) -> None:
    custody.cut_copies(
        world.ana,
        key_id=world.key,
        marks=["17 B"],
        container_id=world.cabinet,
        position_id=world.hooks[2],
    )
    made = told(world, "keys.copy-made")
    assert (made["mark"], made["home"]) == ("17 B", "Cabinet 3")
    assert made["home_container_id"] == world.cabinet
    assert made["home_position_id"] == world.hooks[2]


def test_a_changed_copy_tells_old_and_new(world: World) -> None:
    keys.change_copy(
        world.ana,
        copy_id=world.copy,
        version=1,
        mark="X",
        home_container_id=world.cabinet,
        home_position_id=world.hooks[3],
    )
    keys.change_copy(world.ana, copy_id=world.copy, version=2, mark="Y")
    second, first = [
        e.payload for e in journal.entries(world.ana, limit=2) if e.name == "keys.copy-changed"
    ]
    assert (first["old_mark"], first["mark"]) == ("", "X")
    assert (first["old_home"], first["home"]) == ("Cabinet 1", "Cabinet 4")
    assert (first["old_home_position_id"], first["home_position_id"]) == (
        world.hooks[0],
        world.hooks[3],
    )
    assert (second["old_mark"], second["mark"]) == ("X", "Y")
    assert (second["old_home"], second["home"]) == ("Cabinet 4", "")
    assert second["old_home_container_id"] == world.cabinet


def test_a_ring_tells_where_it_belongs_and_belonged(world: World) -> None:
    ring = keys.add_ring(
        world.ana, name="R", home_container_id=world.cabinet, home_position_id=world.hooks[2]
    )
    assert told(world, "keys.ring-added")["home"] == "Cabinet 3"
    keys.change_ring(world.ana, ring_id=ring, version=1, name="R", home_container_id=world.cabinet)
    changed = told(world, "keys.ring-changed")
    assert (changed["old_home"], changed["home"]) == ("Cabinet 3", "Cabinet")
    assert changed["old_home_position_id"] == world.hooks[2]


def test_tags_tell_their_text(world: World) -> None:
    first = keys.attach_tag(world.ana, text="T-1", kind="copy", thing_id=world.copy)
    attached = told(world, "keys.tag-attached")
    assert (attached["tag"], attached["old_tag"]) == ("T-1", "")
    second = keys.attach_tag(world.ana, text="T-2", kind="copy", thing_id=world.copy)
    attached = told(world, "keys.tag-attached")
    assert (attached["tag"], attached["old_tag"]) == ("T-2", "T-1")
    assert first != second
    keys.remove_tag(world.ana, tag_id=second)
    assert told(world, "keys.tag-removed")["tag"] == "T-2"


def test_the_journal_alone_rebuilds_marks_and_homes(world: World) -> None:
    ring = keys.add_ring(world.ana, name="R", home_container_id=world.cabinet)
    keys.change_copy(world.ana, copy_id=world.copy, version=1, mark="X")
    found = details(verify.bodies(world.workspace))
    assert found.marks[world.copy] == "X"
    assert found.homes[world.copy] == NOWHERE
    assert found.homes[world.other_copy] == (world.cabinet, world.hooks[1])
    assert found.ring_homes[ring] == (world.cabinet, None)
    custody.move_copies(world.ana, copy_ids=[world.copy, world.other_copy])
    custody.retire_container(world.ana, container_id=world.cabinet)
    found = details(verify.bodies(world.workspace))
    assert found.homes[world.other_copy] == NOWHERE
    assert found.ring_homes[ring] == NOWHERE
