"""Today, what is out, the desk, and one's own page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal import leases
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import World
from tests.transports.web.pages import OldWorld, Pages

pytestmark = pytest.mark.db


def test_today_says_what_is_late_first(old_world: OldWorld) -> None:
    world = old_world.world
    custody.check_out(
        old_world.ana(days=4),
        copy_ids=[old_world.copy],
        person_id=world.bo_person,
        due_at=now() - timedelta(days=3, minutes=5),
        purpose="Photo shooting",
    )
    page = old_world.ana_at.get("today")
    assert "1 key is late" in page
    assert "3 days late" in page
    assert "1 of 3 out" in page
    assert page.index("Late 1") < page.index("Photo shooting")
    assert "Pass on" in page
    assert "Take back" in page


def test_today_groups_what_went_out_together(old_world: OldWorld) -> None:
    world, ana_at = old_world.world, old_world.ana_at
    more = custody.cut_copies(old_world.ana(days=9), key_id=world.key, count=2)
    due = now() - timedelta(days=1)
    custody.check_out(old_world.ana(days=2), copy_ids=more, person_id=world.bo_person, due_at=due)
    assert ana_at.get("out").count("Take back , AA·") == 2
    page = ana_at.get("today")
    assert "AA·4 AA·5" in page
    assert page.count("Take back , AA·4, AA·5") == 1


def test_today_lists_what_is_to_review_and_open(old_world: OldWorld) -> None:
    world = old_world.world
    custody.check_out(
        old_world.ana(days=9),
        copy_ids=[old_world.copy],
        person_id=world.bo_person,
        review_on=(now() - timedelta(days=1)).date(),
    )
    custody.report_damaged(world.ana, copy_id=world.copy, note="Bow is cracked")
    page = old_world.ana_at.get("today")
    assert "Do they still need these? 1" in page
    assert "Open incidents 1" in page
    assert "Bow is cracked" in page


def test_an_empty_register_teaches_how_to_begin(cy_at: Pages, world: World) -> None:
    empty = people.create_workspace(
        replace(world.cy, workspace_id=0, account_id=world.ana.account_id),
        owner_name="Ana",
        workspace_name="Empty house",
        template="empty",
        time_zone="Europe/Vienna",
        locale="en",
    )
    page = Pages(world.ana, empty).get("today")
    assert "Which keys do you have?" in page
    assert "Add the first key" in page


def test_a_silent_worker_is_reported(world: World, ana_at: Pages) -> None:
    assert "The worker has not run yet" in ana_at.get("today")
    leases.hold("worker", "here", timedelta(minutes=1))
    assert "The worker" not in ana_at.get("today")


def test_times_stand_in_the_zone_of_the_workspace(world: World, ana_at: Pages) -> None:
    people.change_workspace(world.ana, name="Harbour House", time_zone="Asia/Tokyo", locale="en-GB")
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert "JST" in ana_at.get("out")


def test_what_is_out_can_be_filtered_in_the_address(old_world: OldWorld) -> None:
    world, ana_at = old_world.world, old_world.ana_at
    custody.check_out(
        old_world.ana(days=2),
        copy_ids=[old_world.copy],
        person_id=world.bo_person,
        due_at=now() - timedelta(hours=1),
    )
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.ana_person)
    assert "2 keys are out, 1 late" in ana_at.get("out")
    late = ana_at.get("out", query={"show": "late"})
    assert "AA·3" in late
    assert "AA·1" not in late
    assert "AA·3" not in ana_at.get("out", query={"show": "open"})
    assert "AA·1" not in ana_at.get("out", query={"person": world.bo_person})
    assert "AA·3" not in ana_at.get("out", query={"q": "ana"})
    assert "Nothing that is out fits this." in ana_at.get("out", query={"q": "zzz"})
    assert "Nothing that is out fits this." in ana_at.get("out", query={"show": "today"})


def test_nonsense_in_the_address_is_ignored(ana_at: Pages) -> None:
    query = {"show": "DROP", "from": "-1", "person": "9" * 30, "q": "\x00%_'"}
    assert "Nothing that is out" in ana_at.get("out", query=query)


def test_a_long_list_is_paged(world: World, ana_at: Pages) -> None:
    more = custody.cut_copies(world.ana, key_id=world.key, count=60)
    custody.check_out(world.ana, copy_ids=more, person_id=world.bo_person)
    first = ana_at.get("out")
    assert "1–50" in first
    assert "Next" in first
    assert "51–60" in ana_at.get("out", query={"from": 50})


def test_the_desk_says_what_was_scanned(world: World, ana_at: Pages) -> None:
    keys.attach_tag(world.ana, text="KS7QF2", kind="copy", thing_id=world.copy)
    assert "Scan tags, or type labels" in ana_at.get("desk")
    page = ana_at.post("desk", {"tags": "ks7qf2\nAA-2\nXYZ 1\nAA·1", "holder": "Bo"}, status=200)
    assert "Hand out AA·1 and AA·2 to Bo, until" in page
    assert "“XYZ 1” is not on the register." in page
    assert "AA·1 is in the list already." in page


def test_two_codes_read_as_one_are_told_apart(world: World, ana_at: Pages) -> None:
    page = ana_at.post("desk", {"tags": "AA-1AA-2"}, status=200)
    assert "Hand out AA·1 and AA·2 to …" in page


def test_a_code_that_may_be_two_copies_is_asked_back(world: World, ana_at: Pages) -> None:
    other = keys.add_key(world.ana, symbol="AA1")
    custody.cut_copies(world.ana, key_id=other, count=3)
    custody.cut_copies(world.ana, key_id=world.key, numbers=[12])
    page = ana_at.post("desk", {"tags": "AA12"}, status=200)
    assert "“AA12” may be one of AA·12, AA1·2." in page
    page = ana_at.post(
        "hand-out", {"tags": "AA12", "holder": "Bo", "until": "tomorrow"}, status=422
    )
    assert "AA12: not clear what that is" in page


def test_the_desk_takes_back_what_is_all_out(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert "Take back AA·1 from Bo" in ana_at.post("desk", {"tag": "AA·1"}, status=200)


def test_htmx_hears_only_what_the_codes_mean(world: World, ana_at: Pages) -> None:
    response = ana_at.client.post(
        ana_at.url("desk"), {"tag": ["AA·1"]}, headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert 'id="meaning"' in html
    assert "<html" not in html


def test_codes_typed_without_javascript_go_out_straight(world: World, ana_at: Pages) -> None:
    form = {"tags": "AA·1\nAA 2", "holder": "Bo", "until": "tomorrow"}
    assert "AA·1 and AA·2: with Bo now" in ana_at.post("hand-out", form)


def test_an_unknown_code_stops_the_hand_out(world: World, ana_at: Pages) -> None:
    form = {"tags": "AA·1\nNOWHERE", "holder": "Bo", "until": "tomorrow"}
    page = ana_at.post("hand-out", form, status=422)
    assert "NOWHERE: not clear what that is" in page
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_the_tag_of_a_door_is_no_key(world: World, ana_at: Pages) -> None:
    keys.attach_tag(world.ana, text="DOOR12", kind="access_point", thing_id=world.door)
    page = ana_at.post("desk", {"tags": "DOOR12"}, status=200)
    assert "“DOOR12” is the tag of a door, not of a key." in page


def test_candidates_come_as_one_types(world: World, ana_at: Pages) -> None:
    page = ana_at.get("holders", query={"kinds": "all", "name": "holder", "holder": "b"})
    assert "Bo" in page
    assert "somebody new" in page
    page = ana_at.get(
        "holders", query={"kinds": "person", "name": "returned_by", "returned_by": "store"}
    )
    assert "Nobody on the register is called like that." in page


def test_a_name_with_markup_is_only_a_name(world: World, ana_at: Pages) -> None:
    evil = people.add_person(world.ana, name="<script>alert(1)</script>")
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=evil)
    pages = [("today", {}), ("out", {}), ("copy", {"copy_id": world.copy}), ("people", {})]
    for name, kwargs in [*pages, ("person", {"person_id": evil})]:
        html = ana_at.client.get(ana_at.url(name, **kwargs)).content.decode()
        assert "<script>alert" not in html, name
    answer = ana_at.client.get(ana_at.url("holders") + "?kinds=all&name=holder&holder=script")
    assert "<script>alert" not in answer.content.decode()


def test_a_holder_is_led_to_their_own_page(world: World, bo_at: Pages) -> None:
    assert bo_at.client.get(bo_at.url("today"))["Location"] == bo_at.url("me")
    assert "You have no keys" in bo_at.get("me")
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.check_out(world.ana, copy_ids=[world.other_copy], person_id=world.ana_person)
    page = bo_at.get("me")
    assert "You have 1 key" in page
    assert "AA·1" in page
    assert "AA·2" not in page
    assert "Lost" in page
