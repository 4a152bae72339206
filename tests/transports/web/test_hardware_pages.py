"""Locks, cylinders, codes and incidents in the browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.places import operations as places
from tests.cast import ANA, World
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


@pytest.fixture
def ana(world: World) -> Browser:
    return Browser(ANA)


def at(world: World, name: str, **ids: int) -> str:
    return reverse(name, kwargs={"slug": world.slug, **ids})


def door(world: World) -> str:
    return at(world, "access-point", access_point_id=world.door)


# --- locks ----------------------------------------------------------------------------------


def test_a_lock_is_added_with_its_cylinder(world: World, ana: Browser) -> None:
    url = at(world, "lock-add", access_point_id=world.door)
    page = ana.fill(url, name="Upper lock", kind="mechanical", cylinder_number="Z2")
    assert page.url == door(world)
    assert "Upper lock" in page.text
    assert [
        lock.cylinder_number
        for lock in hardware_queries.locks(world.ana, access_point_id=world.door)
    ] == ["Z1", "Z2"]


def test_a_lock_whose_cylinder_sits_elsewhere_is_not_half_added(world: World, ana: Browser) -> None:
    url = at(world, "lock-add", access_point_id=world.door)
    page = ana.fill(url, name="Upper lock", kind="mechanical", cylinder_number="Z1")
    assert page.status == 409
    assert "Cylinder Z1 sits in Store door" in page.text
    assert len(hardware_queries.locks(world.ana, access_point_id=world.door)) == 1


def test_a_container_gets_a_lock_too(world: World, ana: Browser) -> None:
    url = at(world, "container-lock-add", container_id=world.cabinet)
    page = ana.fill(url, name="Cabinet lock", kind="mechanical")
    assert page.url == at(world, "container", container_id=world.cabinet)
    assert len(hardware_queries.locks(world.ana, container_id=world.cabinet)) == 1


def test_a_replaced_cylinder_stays_in_the_history(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "lock-cylinder", lock_id=world.lock), number="Z9")
    assert page.heading == "No key is known to open cylinder Z9"
    page = ana.get(door(world))
    assert "1 cylinder before" in page.text
    assert page.heading == "Store door: no key and no code is recorded"


def test_a_cylinder_in_another_door_is_refused_with_the_way_there(
    world: World, ana: Browser
) -> None:
    shed = places.add_access_point(world.ana, site_id=world.site, name="Shed")
    lock = hardware.add_lock(world.ana, name="Shed", access_point_id=shed)
    page = ana.fill(at(world, "lock-cylinder", lock_id=lock), number="z1")
    assert page.status == 409
    assert "Take it out there first." in page.text
    assert "Look at Store door" in page.text
    assert door(world) in page.body
    assert page.form().values["number"] == "z1"


def test_taking_a_lock_off_asks_first(world: World, ana: Browser) -> None:
    asked = ana.get(at(world, "lock-retire", lock_id=world.lock))
    assert asked.heading == "Was Store door taken off?"
    page = ana.send(asked.form())
    assert "1 lock was taken off" in page.text
    assert hardware_queries.cylinder(world.ana, world.cylinder).lock_id is None


# --- cylinders ------------------------------------------------------------------------------


def test_a_cylinder_says_which_keys_open_it(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "cylinder", cylinder_id=world.cylinder))
    assert page.heading == "1 key opens cylinder Z1"
    assert "the keys listed, and every key above them" in page.text
    assert door(world) in page.body


def test_a_key_is_listed_and_taken_off_again(world: World, ana: Browser) -> None:
    keys.add_key(world.ana, symbol="BB")
    url = at(world, "cylinder", cylinder_id=world.cylinder)
    page = ana.fill(url, f"{url}/keys", key="bb")
    assert page.heading == "2 keys open cylinder Z1"
    page = ana.fill(url, f"/keys/{world.key}/remove")
    assert page.heading == "1 key opens cylinder Z1"
    assert "Whoever has that key may still try it" in page.text


def test_only_the_keys_listed_open_a_cross_keyed_cylinder(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "cylinder-add"), number="X1", is_listed_only="on")
    assert "exactly the keys listed" in page.text
    master = keys.add_key(world.ana, symbol="GM")
    keys.change_key(world.ana, key_id=world.key, version=1, symbol="AA", parent_id=master)
    page = ana.send(page.form("/keys"), key="AA")
    assert page.heading == "1 key opens cylinder X1"
    assert "Keys above them" not in page.text


def test_a_taken_number_is_refused_on_its_field(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "cylinder-add"), number="z1")
    assert page.status == 409
    assert "There already is a cylinder z1." in page.text


def test_a_cylinder_taken_out_lies_around(world: World, ana: Browser) -> None:
    page = ana.fill(at(world, "cylinder", cylinder_id=world.cylinder), "/take-out")
    assert "Cylinder Z1 is out." in page.text
    assert "Sits in no lock" in page.text


def test_the_cylinders_are_listed_with_where_they_sit(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "cylinders"))
    assert "Z1 Store door" in page.text
    assert "No cylinder has this number" in ana.get(at(world, "cylinders") + "?q=77").text


# --- codes ----------------------------------------------------------------------------------


def lockbox(world: World) -> int:
    return hardware.add_container(
        world.ana, site_id=world.site, name="Side gate box", kind="lockbox"
    )


def test_a_code_is_recorded_without_the_code(world: World, ana: Browser) -> None:
    lockbox(world)
    page = ana.fill(
        at(world, "code-add"), on="side gate box", name="Side gate", changed_on="2026-03-01"
    )
    assert page.heading == "Nobody is recorded who knows the code “Side gate”"
    assert "Side gate box" in page.text
    assert "value" not in {name for form in page.forms for name in form.values}


def test_what_the_address_names_need_not_be_typed(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "code-add") + f"?on=access_point-{world.door}")
    assert page.heading == "Record a code of Store door"
    assert "on" not in page.form().values
    ana.send(page.form(), name="Pad")
    (code,) = hardware_queries.codes(world.ana, access_point_id=world.door)
    assert code.name == "Pad"


@pytest.mark.parametrize("on", ["container-99999", f"container-{10**30}", "copy-1", "container-x"])
def test_nonsense_in_the_address_records_nothing(world: World, ana: Browser, on: str) -> None:
    page = ana.get(at(world, "code-add") + f"?on={on}")
    assert page.status == 404 or "on" in page.form().values


@pytest.mark.parametrize("on", ["", "Nothing at all"])
def test_a_code_belongs_to_something_known(world: World, ana: Browser, on: str) -> None:
    page = ana.fill(at(world, "code-add"), on=on, name="Side gate")
    assert page.status == 422
    assert page.form().values["name"] == "Side gate"


def test_a_name_that_two_things_have_is_asked_back(world: World, ana: Browser) -> None:
    for kind in ("lockbox", "safe"):
        other = places.add_site(world.ana, name=f"Site {kind}")
        hardware.add_container(world.ana, site_id=other, name="Box", kind=kind)
    page = ana.fill(at(world, "code-add"), on="Box", name="Box")
    assert "Which one do you mean? Box (lockbox, Site lockbox), Box (safe, Site safe)" in page.text


def test_a_code_changed_tomorrow_is_refused(world: World, ana: Browser) -> None:
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    page = ana.fill(
        at(world, "code-add") + f"?on=container-{lockbox(world)}", name="Box", changed_on=tomorrow
    )
    assert page.status == 422
    assert "That lies in the future." in page.text


def test_somebody_else_knows_it_until_it_is_changed(world: World, ana: Browser) -> None:
    code = hardware.record_code_on(world.ana, name="Side gate", container_id=lockbox(world))
    url = at(world, "code", code_id=code)
    page = ana.fill(url, "/told", holder="Bo")
    assert page.heading == "1 person knows the code “Side gate”"
    asked = ana.get(at(world, "code-changed", code_id=code))
    assert asked.heading == "Was Side gate changed at the lock?"
    assert "Until now: Bo." in asked.text
    page = ana.send(asked.form())
    assert page.heading == "Nobody is recorded who knows the code “Side gate”"
    assert "Who should know the new one?" in page.text


def test_a_name_nobody_has_is_refused_beside_who_knows_it(world: World, ana: Browser) -> None:
    code = hardware.record_code_on(world.ana, name="Side gate", container_id=lockbox(world))
    page = ana.fill(at(world, "code", code_id=code), "/told", holder="Zoe")
    assert page.status == 422
    assert hardware_queries.code(world.ana, code).knowers == ()


def test_knowing_a_code_since_tomorrow_is_refused(world: World, ana: Browser) -> None:
    code = hardware.record_code_on(world.ana, name="Side gate", container_id=lockbox(world))
    page = ana.fill(
        at(world, "code", code_id=code), "/told", holder="Bo", occurred_at="2199-01-01T10:00"
    )
    assert page.status == 422
    assert "That lies in the future." in page.text


def test_codes_are_listed_with_who_knows_them(world: World, ana: Browser) -> None:
    assert ana.get(at(world, "codes")).heading == "Which doors open with a code?"
    code = hardware.record_code_on(world.ana, name="Side gate", container_id=lockbox(world))
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)
    page = ana.get(at(world, "codes"))
    assert page.heading == "1 code"
    assert "Side gate box not known" in page.text
    assert "1 person" in page.text


# --- incidents ------------------------------------------------------------------------------


def test_nothing_open_is_said_so(world: World, ana: Browser) -> None:
    page = ana.get(at(world, "incidents"))
    assert page.heading == "Nothing is open"


def test_a_lost_copy_says_what_it_opens_and_where_its_likes_are(world: World, ana: Browser) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    (incident,) = custody.report_missing(world.ana, copy_ids=[world.copy], note="on the train")
    page = ana.get(at(world, "incidents"))
    assert page.heading == "1 thing to settle"
    page = ana.get(at(world, "incident", incident_id=incident))
    assert page.heading == "AA·1: lost"
    assert "It opens 1 door" in page.text
    assert "Store door" in page.text
    assert "Last with" in page.text
    assert "on the train" in page.text
    assert "AA·2 in Cabinet, 2" in page.text
    assert at(world, "found") + f"?copy={world.copy}" in page.body


def test_a_loss_is_not_settled_by_saying_so(world: World, ana: Browser) -> None:
    (incident,) = custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    page = ana.post(at(world, "incident-close", incident_id=incident), note="never mind")
    assert page.status == 409
    assert "This copy is still missing" in page.text
    assert "It was found" in page.text


def test_a_fault_is_settled_with_a_note(world: World, ana: Browser) -> None:
    incident = custody.report_damaged(world.ana, copy_id=world.copy, note="bent")
    page = ana.fill(at(world, "incident", incident_id=incident), "/close", note="straightened")
    assert page.heading == "AA·1: damaged, settled"
    assert "straightened" in page.text
    settled = ana.get(at(world, "incidents") + "?show=settled")
    assert "AA·1" in settled.text
    assert custody_queries.incidents(world.ana) == []


def test_settling_twice_settles_once(world: World, ana: Browser) -> None:
    incident = custody.report_damaged(world.ana, copy_id=world.copy, note="bent")
    form = ana.get(at(world, "incident", incident_id=incident)).form("/close")
    first, second = ana.send(form, note="done"), ana.send(form, note="done")
    assert first.url == second.url
    assert key_queries.copy(world.ana, world.copy).retired_at is None
