"""A workspace that wants to know what its copies go out for."""

import json
from typing import Any

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries, rules
from keystead.custody.errors import PurposeNeeded
from keystead.journal.models import Entry
from keystead.kernel.errors import Forbidden
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.people.models import Person
from tests.cast import ANA, BO, World
from tests.support.browsing import Browser
from tests.transports.api.things import caller


def told(answer: Any) -> Any:
    return json.loads(answer.content)


WANTED = "Say what for. Here nothing goes out without a purpose."


@pytest.mark.parametrize(
    ("is_required", "purpose", "lacks"),
    [
        (False, None, False),
        (True, None, True),
        (True, " \n", True),
        (True, "job 4471", False),
    ],
)
def test_the_rule(is_required: bool, purpose: str | None, lacks: bool) -> None:
    assert rules.lacks_purpose(is_required, purpose) is lacks


@pytest.mark.db
def test_nothing_goes_out_or_on_without_one(world: World) -> None:
    custody.require_purpose(world.ana, is_required=True)
    with pytest.raises(PurposeNeeded, match="Say what for") as refused:
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert refused.value.data["field"] == "purpose"
    assert queries.where_is(world.ana, world.copy).state == "stored"
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="job 12")
    with pytest.raises(PurposeNeeded):
        custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.ana_person)
    custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.ana_person, purpose="job 13")
    custody.return_copies(world.ana, copy_ids=[world.copy])
    ring = keys.add_ring(world.ana, name="Rounds", copy_ids=[world.copy])
    with pytest.raises(PurposeNeeded):
        custody.check_out(world.ana, ring_ids=[ring], person_id=world.bo_person, purpose="  ")


@pytest.mark.db
def test_a_newcomer_is_not_added_without_one(world: World) -> None:
    custody.require_purpose(world.ana, is_required=True)
    with pytest.raises(PurposeNeeded):
        custody.check_out_to_newcomer(world.ana, name="Jo New", copy_ids=[world.copy])
    assert not Person.everything.filter(name="Jo New").exists()


@pytest.mark.db
def test_what_the_holder_has_already_needs_no_purpose(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.require_purpose(world.ana, is_required=True)
    again = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert again.handling is None


@pytest.mark.db
def test_only_who_manages_members_decides_and_only_a_change_is_told(world: World) -> None:
    with pytest.raises(Forbidden):
        custody.require_purpose(world.bo, is_required=True)
    for is_required in (False, True, True, False):
        custody.require_purpose(world.ana, is_required=is_required)
    told = Entry.objects.filter(name__startswith="custody.purpose-").order_by("pk")
    assert list(told.values_list("name", flat=True)) == [
        "custody.purpose-required",
        "custody.purpose-optional",
    ]
    people.add_person(world.ana, name="Other")
    assert not queries.purpose_required(world.bo)


@pytest.mark.db
def test_the_api_and_each_item_of_many_say_so(world: World) -> None:
    ana = caller(world)
    ana("POST", "/require-purpose", {"is_required": True})
    assert told(ana("GET", ""))["needs_purpose"] is True
    body = {"copy_ids": [world.copy], "person_id": world.bo_person}
    refused = ana("POST", "/check-out", body)
    assert (refused.status_code, told(refused)["code"]) == (422, "purpose-needed")
    sent = {"items": [body, {**body, "purpose": "job 7"}], "atomic": False}
    many = told(ana("POST", "/many/check-out", sent))
    assert [WANTED in str(one) for one in many["items"]] == [True, False]


@pytest.mark.db
def test_the_settings_say_it_and_the_form_asks(world: World) -> None:
    ana = Browser(ANA)
    base = f"/w/{world.slug}"
    assert "Nobody has to say what a key is for." in ana.get(f"{base}/settings").text
    ana.post(f"{base}/settings/purpose", is_required="yes")
    assert "Whoever hands a key out says what for." in ana.get(f"{base}/settings").text
    out = f"{base}/hand-out?copy={world.copy}"
    shown = ana.get(out).text
    assert "What for <" not in shown
    form = {"copy": world.copy, "holder": "Bo", "until": "open"}
    page = ana.post(f"{base}/hand-out", **form)
    assert page.status == 422
    assert WANTED in page.text
    assert queries.where_is(world.ana, world.copy).state == "stored"
    assert Browser(BO).get(f"{base}/settings/purpose").status in (403, 404)
