"""Handing out, passing on and extending, on the pages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime, now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal import queries as journal
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.people import queries as people_queries
from tests.cast import ZONE, World
from tests.transports.web.pages import OldWorld, Pages

pytestmark = pytest.mark.db

TOMORROW = {"until": "tomorrow"}


def facts(world: World) -> int:
    return journal.seal(world.ana).sequence


def holder_of(world: World, copy_id: int) -> str | None:
    return queries.where_is(world.ana, copy_id).holder


def test_the_form_names_what_goes_out_and_where_it_is(world: World, ana_at: Pages) -> None:
    page = ana_at.get("hand-out", query={"copy": world.copy})
    assert "Hand out AA·1" in page
    assert "Cabinet" in page
    assert "Europe/London" in page


def test_a_copy_goes_to_a_person_named_by_typing(world: World, ana_at: Pages) -> None:
    said = ana_at.post(
        "hand-out", {"copy": world.copy, "holder": "bo", **TOMORROW, "purpose": "Inventory"}
    )
    assert "AA·1: with Bo now, due tomorrow 17:00." in said
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.holder, stay.purpose) == ("Bo", "Inventory")


def test_an_open_ended_loan_gets_a_review_date(world: World, ana_at: Pages) -> None:
    day = (now() + timedelta(days=90)).date()
    said = ana_at.post(
        "hand-out",
        {"copy": world.copy, "holder": "Bo", "until": "open", "review_on": day.isoformat()},
    )
    assert "open-ended" in said
    assert queries.where_is(world.ana, world.copy).review_on == day


def test_a_copy_goes_to_a_place(world: World, ana_at: Pages) -> None:
    ana_at.post("hand-out", {"copy": world.copy, "holder": "Store", "until": "open"})
    assert queries.where_is(world.ana, world.copy).space_id == world.store


def test_an_unclear_name_is_asked_back_with_those_it_may_mean(world: World, ana_at: Pages) -> None:
    people.add_person(world.ana, name="Bob Smith", department="Night shift")
    page = ana_at.post(
        "hand-out", {"copy": world.copy, "holder": "b", "purpose": "Kept"}, status=422
    )
    assert "Choose who is meant." in page
    assert "Bob Smith Night shift" in page
    assert "somebody new" in page
    assert holder_of(world, world.copy) is None


def test_what_was_typed_stays_in_a_refused_form(world: World, ana_at: Pages) -> None:
    response = ana_at.send("hand-out", {"copy": world.copy, "holder": "", "purpose": "Kept <b>"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Kept &lt;b&gt;" in html
    assert "Say who." in html


def test_the_one_picked_of_several_gets_it(world: World, ana_at: Pages) -> None:
    second = people.add_person(world.ana, name="Bo")
    page = ana_at.post("hand-out", {"copy": world.copy, "holder": "Bo", **TOMORROW}, status=422)
    assert "Choose who is meant." in page
    picked = {"holder": "Bo", "holder_for": "Bo", "holder_choice": f"person-{second}"}
    ana_at.post("hand-out", {"copy": world.copy, **picked, **TOMORROW})
    assert queries.where_is(world.ana, world.copy).person_id == second


def test_a_pick_made_for_another_name_does_not_count(world: World, ana_at: Pages) -> None:
    stale = {
        "holder": "Ana",
        "holder_for": "Bo",
        "holder_choice": f"person-{world.bo_person}",
    }
    ana_at.post("hand-out", {"copy": world.copy, **stale, **TOMORROW})
    assert holder_of(world, world.copy) == "Ana"


def test_somebody_new_is_added_with_a_firm_in_the_same_step(world: World, ana_at: Pages) -> None:
    new = {"holder": "M. Vogel", "holder_for": "M. Vogel", "holder_choice": "new"}
    ana_at.post("hand-out", {"copy": world.copy, **new, "firm_name": "Köhler", **TOMORROW})
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.person_name, stay.firm_name) == ("M. Vogel", "Köhler")


def test_a_refused_hand_out_adds_nobody(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    before = facts(world)
    new = {"holder": "M. Vogel", "holder_for": "M. Vogel", "holder_choice": "new"}
    ana_at.post("hand-out", {"copy": world.copy, **new, **TOMORROW}, status=409)
    assert not people_queries.persons(world.ana, text="Vogel")
    assert facts(world) == before


def test_a_copy_that_is_out_is_refused_with_whom_since_when_and_what_to_do(
    world: World, ana_at: Pages
) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = ana_at.post("hand-out", {"copy": world.copy, "holder": "Ana", **TOMORROW}, status=409)
    assert "AA·1 is with Bo since today" in page
    assert "Pass on" in page
    assert "Take AA·2 instead" in page


def test_the_rest_of_many_can_go_on_without_those_that_block(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    more = custody.cut_copies(world.ana, key_id=world.key, count=18)
    wanted = [world.copy, world.other_copy, *more]
    response = ana_at.send("hand-out", {"copy": wanted, "holder": "Ana", **TOMORROW})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Continue with the other 19" in html
    assert holder_of(world, world.other_copy) is None
    rest = [copy_id for copy_id in wanted if copy_id != world.copy]
    assert all(f'name="copy" value="{copy_id}"' in html for copy_id in rest)
    ana_at.post("hand-out", {"copy": rest, "holder": "Ana", **TOMORROW})
    assert {holder_of(world, copy_id) for copy_id in rest} == {"Ana"}
    assert holder_of(world, world.copy) == "Bo"


def test_a_form_sent_twice_hands_out_once(world: World, ana_at: Pages) -> None:
    form = {"copy": world.copy, "holder": "Bo", **TOMORROW, "idempotency_key": "once"}
    first = ana_at.post("hand-out", form)
    before = facts(world)
    assert ana_at.post("hand-out", form) == first
    assert facts(world) == before


def test_a_form_sent_again_with_something_else_is_refused_in_words(
    world: World, ana_at: Pages
) -> None:
    form = {"copy": world.copy, "holder": "Bo", **TOMORROW, "idempotency_key": "once"}
    ana_at.post("hand-out", form)
    page = ana_at.post("hand-out", {**form, "copy": world.other_copy}, status=409)
    assert "This form was sent before" in page


def test_scanning_for_the_same_holder_again_changes_nothing_and_says_so(
    world: World, ana_at: Pages
) -> None:
    form = {"copy": world.copy, "holder": "Bo", **TOMORROW}
    ana_at.post("hand-out", form)
    before = facts(world)
    assert "with Bo already. Nothing changed." in ana_at.post("hand-out", form)
    assert facts(world) == before


def test_a_hand_out_that_happened_earlier_is_marked(old_world: OldWorld) -> None:
    at = localtime(now() - timedelta(hours=3), ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")
    form = {"copy": old_world.copy, "holder": "Bo", **TOMORROW, "occurred_at": at}
    old_world.ana_at.post("hand-out", form)
    assert "entered later" in old_world.ana_at.get("copy", copy_id=old_world.copy)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"until": "at", "due_at": "2020-01-01T10:00"}, "The due time must lie in the future."),
        ({"until": "at"}, "Say until when."),
        ({"until": "at", "due_at": "soon"}, "Enter a valid date/time."),
        ({"until": "at", "due_at": "0026-01-01T10:00"}, "Look at the year again."),
        ({"until": "open", "review_on": "2020-01-01"}, "The review date must lie in the future."),
        ({"until": "never"}, "Select a valid choice."),
        ({"until": "tomorrow", "occurred_at": "2150-01-01T10:00"}, "speaks about the past"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_on_its_field(
    world: World, ana_at: Pages, fields: dict[str, str], sentence: str
) -> None:
    page = ana_at.post("hand-out", {"copy": world.copy, "holder": "Bo", **fields}, status=422)
    assert sentence in page
    assert holder_of(world, world.copy) is None


def test_somebody_who_left_gets_nothing(world: World, ana_at: Pages) -> None:
    people.note_leaving(world.ana, person_id=world.bo_person)
    page = ana_at.post("hand-out", {"copy": world.copy, "holder": "Bo", **TOMORROW}, status=409)
    assert "This person has left" in page
    assert "Look at this person" in page


def test_nothing_chosen_leads_to_the_desk(ana_at: Pages) -> None:
    assert "Choose what this is about first" in ana_at.get("hand-out")
    page = ana_at.post("hand-out", {"holder": "Bo", **TOMORROW}, status=422)
    assert "Choose at least one copy or ring" in page


def test_passing_on_keeps_the_period_unless_another_is_chosen(world: World, ana_at: Pages) -> None:
    due = now() + timedelta(days=3)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person, due_at=due)
    assert "Who has AA·1 now?" in ana_at.get("pass-on", query={"copy": world.copy})
    ana_at.post("pass-on", {"copy": world.copy, "holder": "Ana", "until": "keep"})
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.holder, stay.due_at) == ("Ana", due)


def test_passing_on_what_nobody_has_offers_to_hand_it_out(world: World, ana_at: Pages) -> None:
    form = {"copy": world.copy, "holder": "Bo", "until": "keep"}
    page = ana_at.post("pass-on", form, status=409)
    assert "Nobody has AA·1" in page
    assert "Hand it out" in page


def test_a_loan_is_extended_while_it_is_out(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert "Until when may AA·1 stay out?" in ana_at.get("extend", query={"copy": world.copy})
    assert "AA·1: until tomorrow 17:00." in ana_at.post("extend", {"copy": world.copy, **TOMORROW})


def test_a_hand_out_can_be_undone_at_once(world: World, ana_at: Pages) -> None:
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert "Undone: AA·1 as before." in ana_at.post("undo", handling=out.handling)
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_the_toast_after_a_hand_out_offers_the_undo(world: World, ana_at: Pages) -> None:
    ana_at.send("hand-out", {"copy": world.copy, "holder": "Bo", **TOMORROW})
    html = ana_at.client.get(ana_at.url("today")).content.decode()
    assert f'action="/w/{world.slug}/undo/' in html


def test_what_somebody_else_did_cannot_be_undone(world: World, ana_at: Pages) -> None:
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert "can no longer be undone" in ana_at.post("undo", handling=out.handling)


def test_a_ring_goes_out_as_one(world: World, ana_at: Pages) -> None:
    ring = keys.add_ring(world.ana, name="R7", copy_ids=world.copies, seal_number="4711")
    page = ana_at.get("hand-out", query={"ring": ring})
    assert "Hand out ring R7" in page
    assert "4711" not in page
    ana_at.post("hand-out", {"ring": ring, "holder": "Bo", **TOMORROW})
    assert {holder_of(world, copy_id) for copy_id in world.copies} == {"Bo"}


def test_the_way_back_never_leaves_this_site(world: World, ana_at: Pages) -> None:
    for bad in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        custody.return_copies(world.ana, copy_ids=[world.copy])
        form = {"copy": world.copy, "holder": "Bo", **TOMORROW, "next": bad}
        assert ana_at.send("hand-out", form)["Location"].startswith(f"/w/{world.slug}/")
