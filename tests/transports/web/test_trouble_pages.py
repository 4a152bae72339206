"""Lost, stolen, found, damaged, destroyed, and what was typed in later, on the pages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime, now

from keystead.custody import operations as custody
from keystead.custody import queries
from tests.cast import ZONE, World
from tests.transports.web.pages import OldWorld, Pages

pytestmark = pytest.mark.db

LOST = {"kind": "lost", "note": "Bo, on the train, Monday"}


@pytest.fixture
def out(world: World) -> int:
    """The first copy, with Bo."""
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    return world.copy


def test_the_form_of_a_loss_tells_what_is_at_stake(ana_at: Pages, out: int) -> None:
    page = ana_at.get("lost", query={"copy": out})
    assert "What happened to AA·1?" in page
    assert "12 Store door" in page
    assert "1 other copy of the same key is around." in page


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("lost", "AA·1 is lost since today"),
        ("stolen", "AA·1 was stolen, known since today"),
        ("unaccounted", "Nobody knows where AA·1 is since today"),
    ],
)
def test_a_missing_copy_says_how_and_who_had_it_last(
    ana_at: Pages, out: int, kind: str, sentence: str
) -> None:
    ana_at.post("lost", {**LOST, "kind": kind, "copy": out})
    page = ana_at.get("copy", copy_id=out)
    assert sentence in page
    assert "Bo had it last" in page
    assert "“Bo, on the train, Monday”" in page


def test_a_loss_needs_a_note(world: World, ana_at: Pages, out: int) -> None:
    page = ana_at.post("lost", {"copy": out, "kind": "lost", "note": "  "}, status=422)
    assert "This field is required." in page
    assert queries.where_is(world.ana, out).state == "held"


def test_what_is_missing_cannot_be_handed_out(ana_at: Pages, out: int) -> None:
    ana_at.post("lost", {**LOST, "copy": out})
    form = {"copy": out, "holder": "Ana", "until": "tomorrow"}
    page = ana_at.post("hand-out", form, status=409)
    assert "AA·1 is lost" in page
    assert "It was found" in page


def test_a_found_copy_is_back_in_its_place_or_with_somebody(
    world: World, ana_at: Pages, out: int
) -> None:
    ana_at.post("lost", {**LOST, "copy": out})
    assert "AA·1 was found" in ana_at.get("found", query={"copy": out})
    ana_at.post("found", {"copy": out, "note": "Behind the radiator"})
    assert queries.where_is(world.ana, out).position_label == "1"
    ana_at.post("lost", {**LOST, "copy": out})
    ana_at.post("found", {"copy": out, "holder": "Bo"})
    assert queries.where_is(world.ana, out).holder == "Bo"


def test_a_fault_is_noted(world: World, ana_at: Pages) -> None:
    assert "What is wrong with AA·1?" in ana_at.get("damaged", query={"copy": world.copy})
    ana_at.post("damaged", {"copy": world.copy, "note": "Bow is cracked"})
    assert "“Bow is cracked”" in ana_at.get("copy", copy_id=world.copy)


def test_one_copy_at_a_time_is_damaged_or_found(world: World, ana_at: Pages) -> None:
    both = {"copy": list(world.copies), "note": "Both?"}
    assert "Choose one copy for this" in ana_at.post("damaged", both, status=422)
    assert "Choose one copy for this" in ana_at.post("found", both, status=422)


def test_destroying_asks_first_and_keeps_the_record(world: World, ana_at: Pages) -> None:
    page = ana_at.get("destroy", query={"copy": world.copy})
    assert "Was AA·1 destroyed?" in page
    assert "stay for ever" in page
    assert queries.where_is(world.ana, world.copy).state == "stored"
    ana_at.post("destroy", {"copy": world.copy, "note": "Cut in two"})
    assert "AA·1 was destroyed today" in ana_at.get("copy", copy_id=world.copy)
    assert "2 cut = 1 in stock" in ana_at.get("key", key_id=world.key)


def test_an_earlier_loan_is_typed_in_and_marked(old_world: OldWorld) -> None:
    def typed(**ago: float) -> str:
        return localtime(now() - timedelta(**ago), ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")

    form = {
        "copy": old_world.copy,
        "holder": "Bo",
        "from_at": typed(days=4),
        "until_at": typed(days=3),
        "purpose": "From the paper log",
    }
    page = old_world.ana_at.get("past-loan", query={"copy": old_world.copy})
    assert "marked as entered later" in page
    old_world.ana_at.post("past-loan", form)
    page = old_world.ana_at.get("copy", copy_id=old_world.copy)
    assert "entered later" in page
    assert "From the paper log" in page
    page = old_world.ana_at.post("past-loan", form, status=409)
    assert "The log already says something else" in page
    swapped = {**form, "from_at": typed(days=6), "until_at": typed(days=7)}
    page = old_world.ana_at.post("past-loan", swapped, status=422)
    assert "It came back before it went out." in page


def test_a_holder_reports_only_what_they_have(world: World, bo_at: Pages, out: int) -> None:
    assert "What happened to AA·1?" in bo_at.get("lost", query={"copy": out})
    bo_at.get("lost", query={"copy": world.other_copy}, status=404)
    bo_at.post("lost", {**LOST, "copy": world.other_copy}, status=404)
    bo_at.post("damaged", {"copy": world.other_copy, "note": "x"}, status=404)
    bo_at.post("damaged", {"copy": out, "note": "Bent"})
    bo_at.post("lost", {**LOST, "copy": out})
    assert queries.where_is(world.ana, out).state == "missing"


def test_a_holder_sees_nothing_of_what_is_at_stake(bo_at: Pages, out: int) -> None:
    assert "Store door" not in bo_at.get("lost", query={"copy": out})
