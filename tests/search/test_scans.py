"""What scanned and typed codes mean."""

import pytest

from keystead.custody import operations as custody
from keystead.kernel.errors import Forbidden
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.search import scans
from tests.cast import World

pytestmark = pytest.mark.db


@pytest.mark.parametrize("code", ["AA·1", "aa-1", "AA 1", "AA1", "AA#1", " AA/1 ", "KS7", "4711"])
def test_a_copy_is_known_by_label_tag_or_stamp(world: World, code: str) -> None:
    keys.attach_tag(world.ana, text="ks7", kind="copy", thing_id=world.copy)
    version = key_queries.copy(world.ana, world.copy).version
    keys.change_copy(world.ana, copy_id=world.copy, version=version, mark="4711")
    found = scans.read(world.ana, [code])
    assert found.copy_ids == [world.copy]
    assert found.is_clear


def test_rings_and_containers_are_told_from_copies(world: World) -> None:
    ring = keys.add_ring(world.ana, name="Van 2")
    keys.attach_tag(world.ana, text="BOX", kind="container", thing_id=world.cabinet)
    keys.attach_tag(world.ana, text="DOOR", kind="access_point", thing_id=world.door)
    found = scans.read(world.ana, ["van 2", "BOX", "DOOR"])
    assert (found.ring_ids, found.container_ids, found.other) == ([ring], [world.cabinet], ["DOOR"])


def test_letters_with_accents_are_letters(world: World) -> None:
    ring = keys.add_ring(world.ana, name="Ärztin")
    keys.attach_tag(world.ana, text="ÖL-1", kind="copy", thing_id=world.copy)
    found = scans.read(world.ana, ["Ärztin", "ÖL-1"])
    assert (found.ring_ids, found.copy_ids) == ([ring], [world.copy])


def test_each_thing_counts_once(world: World) -> None:
    found = scans.read(world.ana, ["AA·1", "AA-1", "AA·1"])
    assert found.copy_ids == [world.copy]
    assert found.repeated == ["AA-1", "AA·1"]


def test_two_codes_read_as_one_are_split_where_one_split_makes_sense(world: World) -> None:
    keys.attach_tag(world.ana, text="KS7QF2", kind="copy", thing_id=world.copy)
    keys.attach_tag(world.ana, text="KS9AB4", kind="copy", thing_id=world.other_copy)
    assert scans.read(world.ana, ["KS7QF2KS9AB4"]).copy_ids == list(world.copies)


def test_labels_with_blanks_in_them_are_told_apart_in_one_line(world: World) -> None:
    gate = custody.add_key_with_copies(world.ana, name="Yard gate", copies=2)
    (first, second) = [copy.id for copy in key_queries.copies(world.ana, key_id=gate)]
    assert scans.read(world.ana, ["Yard gate 1"]).copy_ids == [first]
    line = "yard gate 2 AA·1 AA 2 Yard gate 1"
    assert scans.read(world.ana, [line]).copy_ids == [second, *world.copies, first]


def test_what_is_unknown_in_a_line_is_named_and_the_rest_counts(world: World) -> None:
    found = scans.read(world.ana, ["AA·1 nowhere AA·2"])
    assert found.copy_ids == list(world.copies)
    assert found.unknown == ["nowhere"]
    assert scans.read(world.ana, ["Back garden 7"]).unknown == ["Back garden 7"]


def test_a_label_that_may_mean_two_copies_is_not_guessed(world: World) -> None:
    other = keys.add_key(world.ana, symbol="AA1")
    (copy,) = custody.cut_copies(world.ana, key_id=other, numbers=[2])
    (twelfth,) = custody.cut_copies(world.ana, key_id=world.key, numbers=[12])
    found = scans.read(world.ana, ["AA12"])
    assert set(found.ambiguous["AA12"]) == {copy, twelfth}
    assert not found.is_clear
    assert scans.read(world.ana, ["AA1-2"]).copy_ids == [copy]


@pytest.mark.parametrize("code", ["NOPE", "AA·99", "x" * 121, "AA", "1"])
def test_what_is_not_on_the_register_is_said(world: World, code: str) -> None:
    assert scans.read(world.ana, [code]).unknown == [code]


def test_the_longest_nonsense_is_answered(world: World) -> None:
    digits = ["".join(str((n * k) % 10) for k in range(1, 121)) for n in range(1, 9)]
    words = [" ".join(str(n * k) for k in range(1, 90)) for n in range(1, 60)]
    found = scans.read(world.ana, [*digits, *words])
    assert not found.is_clear


def test_codes_of_another_workspace_mean_nothing_here(world: World) -> None:
    keys.attach_tag(world.cy, text="THEIRS", kind="copy", thing_id=world.elsewhere.copy)
    assert scans.read(world.ana, ["THEIRS"]).unknown == ["THEIRS"]


def test_only_those_who_see_the_register_may_ask(world: World) -> None:
    with pytest.raises(Forbidden):
        scans.read(world.bo, ["AA·1"])
