"""One field for everything, and journal entries as sentences."""

import pytest

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.journal import queries as journal
from keystead.kernel.errors import Forbidden, NotFound
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.search import queries as search
from keystead.search import story
from tests.cast import World

pytestmark = pytest.mark.db


@pytest.mark.parametrize("text", ["AA·2", "aa 2", "AA-2", "aa2", "K-77", "AA#2"])
def test_a_copy_is_found_by_label_number_or_tag(world: World, text: str) -> None:
    keys.attach_tag(world.ana, text="K-77", kind="copy", thing_id=world.other_copy)
    found = search.search(world.ana, text)
    assert [copy.id for copy, _ in found.copies] == [world.other_copy]
    assert found.exact == ("copy", world.other_copy)


def test_everything_with_the_text_is_found_kind_by_kind(world: World) -> None:
    people.add_person(world.ana, name="Stora Karlsson")
    hardware.add_container(world.ana, site_id=world.site, name="Store drawer", kind="drawer")
    found = search.search(world.ana, "stor")
    assert [key.label for key in found.keys] == ["AA"]
    assert [person.name for person in found.persons] == ["Stora Karlsson"]
    assert [point.name for point in found.access_points] == ["Store door"]
    assert [space.name for space in found.spaces] == ["Store"]
    assert [box.name for box in found.containers] == ["Store drawer"]


@pytest.mark.parametrize("text", ["", " ", "%", "_", "\x00", "'; DROP TABLE", "x" * 5000, "9" * 99])
def test_odd_texts_find_nothing_and_break_nothing(world: World, text: str) -> None:
    assert search.search(world.ana, text).is_empty


def test_nothing_of_another_workspace_is_found(world: World) -> None:
    keys.attach_tag(world.cy, text="CANARY-1", kind="copy", thing_id=world.elsewhere.copy)
    people.add_person(world.cy, name="Canary Wharton")
    assert search.search(world.ana, "canary").is_empty


def test_a_holder_cannot_search_the_register(world: World) -> None:
    with pytest.raises(Forbidden):
        search.search(world.bo, "AA")
    with pytest.raises(NotFound):
        search.search(world.intruder, "AA")


def sentences(world: World) -> list[str]:
    told = journal.story_of(world.ana, kind="copy", thing_id=world.copy)
    return [line.sentence for line in story.tell(world.ana, told)]


def test_the_story_of_a_copy_reads_as_sentences(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="paint")
    custody.return_copies(world.ana, copy_ids=[world.copy])
    custody.check_out(world.ana, copy_ids=[world.copy], space_id=world.store)
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    assert sentences(world)[:4] == [
        "Ana reported AA·1 as lost.",
        "Ana handed out AA·1 to Store.",
        "Ana took back AA·1 from Bo into Cabinet 1.",
        "Ana handed out AA·1 to Bo.",
    ]


def test_a_renamed_person_is_told_by_the_new_name_and_a_key_by_the_old_one(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    people.change_person(world.ana, person_id=world.bo_person, version=1, name="Bo Lind")
    keys.change_key(world.ana, key_id=world.key, version=1, symbol="BB", name="Store")
    assert sentences(world)[0] == "Ana handed out AA·1 to Bo Lind."


def test_every_entry_of_a_journal_can_be_told(world: World) -> None:
    told = journal.entries(world.ana, limit=200)
    lines = story.tell(world.ana, told)
    assert len(lines) == len(told)
    assert not [line.sentence for line in lines if "…" in line.sentence or "%(" in line.sentence]
