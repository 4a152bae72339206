"""A key is lost: what must be said, what stays visible, what is at stake."""

import json

import pytest
from django.urls import reverse

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import CopyIsMissing
from keystead.hardware import operations as hardware
from keystead.kernel.errors import Conflict, Invalid
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.places import operations as places
from tests.cast import ANA, World
from tests.support.browsing import Browser
from tests.transports.api.things import caller

pytestmark = pytest.mark.db

NOTE = "Bo noticed it on the bus, this morning"


@pytest.fixture
def lost(world: World) -> int:
    """The copy that Bo had and lost."""
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.report_missing(world.bo, copy_ids=[world.copy], note=NOTE)
    return world.copy


def test_scenario_11_a_loss_needs_words(world: World) -> None:
    for note in ("", "   "):
        with pytest.raises(Invalid) as refused:
            custody.report_missing(world.ana, copy_ids=[world.copy], note=note)
        assert refused.value.data["field"] == "note"
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_scenario_11_the_last_holder_stays_visible(world: World, lost: int) -> None:
    (case,) = queries.incidents(world.ana, copy_id=lost)
    assert (case.kind, case.last_holder, case.note) == ("lost", "Bo", NOTE)
    assert queries.past_loans(world.ana, person_id=world.bo_person)[0].copy_id == lost


def test_scenario_11_a_key_lost_from_the_store_has_no_holder(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], kind="unaccounted", note="Hook empty")
    (case,) = queries.incidents(world.ana, copy_id=world.copy)
    assert (case.kind, case.last_holder) == ("unaccounted", None)
    assert [stay.state for stay in queries.history(world.ana, world.copy)] == ["missing", "stored"]


def test_scenario_11_a_lost_key_is_handed_out_by_no_verb(world: World, lost: int) -> None:
    ring = keys.add_ring(world.ana, name="Night", copy_ids=[lost, world.other_copy])
    with pytest.raises(CopyIsMissing):
        custody.check_out(world.ana, copy_ids=[lost], person_id=world.ana_person)
    with pytest.raises(Conflict):
        custody.pass_on(world.ana, copy_ids=[lost], person_id=world.ana_person)
    with pytest.raises(Conflict):
        custody.move_copies(world.ana, copy_ids=[lost], container_id=world.cabinet)
    with pytest.raises(Conflict):
        custody.extend(world.ana, copy_ids=[lost])
    done = custody.check_out(world.ana, ring_ids=[ring], person_id=world.ana_person)
    assert (done.copy_ids, done.left_out) == ((world.other_copy,), (lost,))
    assert queries.where_is(world.ana, lost).state == "missing"


def test_scenario_11_a_lost_key_is_not_handed_out_over_the_api(world: World, lost: int) -> None:
    body = {"copy_ids": [lost], "person_id": world.ana_person}
    answer = caller(world)("POST", "/check-out", body)
    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "copy-is-missing"


def test_scenario_11_the_pages_show_the_doors_and_the_other_copies(world: World, lost: int) -> None:
    ana, (case,) = Browser(ANA), queries.incidents(world.ana)
    before = ana.get(reverse("lost", kwargs={"slug": world.slug}) + f"?copy={world.other_copy}")
    after = ana.get(reverse("incident", kwargs={"slug": world.slug, "incident_id": case.id}))
    assert "12 Store door" in before.text
    assert "12 Store door" in after.text
    assert "AA·2 in Cabinet" in after.text
    assert "Bo" in after.text


def test_scenario_11_the_doors_at_stake_and_the_other_copies_are_listed(
    world: World, lost: int
) -> None:
    """Through the hierarchy, too: a master key opens what the keys below it open."""
    system = keys.add_key_system(world.ana, name="House")
    master = keys.add_key(world.ana, symbol="GM", system_id=system)
    below = keys.add_key(world.ana, symbol="GA", system_id=system, parent_id=master)
    gate = places.add_access_point(world.ana, site_id=world.site, name="Gate", kind="gate")
    keys.note_key_opens_access_point(world.ana, key_id=below, access_point_id=gate)
    hardware.add_lock(world.ana, name="Lid", container_id=world.cabinet)
    copies = custody.cut_copies(world.ana, key_id=master, count=3)
    custody.report_missing(world.ana, copy_ids=copies[:1], kind="stolen", note="From the car")
    at_stake = [(o.kind, o.id, o.cylinder_number) for o in key_queries.opens(world.ana, {master})]
    assert [(kind, place) for kind, place, _ in at_stake] == [("access_point", gate)]
    others = key_queries.copies(world.ana, key_id=master)
    assert [copy.id for copy in others] == copies
    opened = key_queries.opens(world.ana, {world.key})
    assert [(o.kind, o.id, o.cylinder_id) for o in opened] == [
        ("access_point", world.door, world.cylinder)
    ]
