"""Changes over the API: once only, told in the journal, and by the right channel."""

import json

import pytest

from keystead.custody import queries
from keystead.journal import queries as journal
from tests.cast import World
from tests.transports.api.things import caller

pytestmark = pytest.mark.db


def test_a_request_sent_twice_with_one_key_happens_once(world: World) -> None:
    ana, headers = caller(world), {"Idempotency-Key": "a1"}
    body = {"key_id": world.key, "count": 1}
    path = f"/keys/{world.key}/copies"
    first, second = (ana("POST", path, {"count": 1}, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert ana.get("/balance")["cut"] == 3
    other = ana("POST", path, {"count": 2}, headers=headers)
    assert (other.status_code, json.loads(other.content)["code"]) == (409, "idempotency-key-reused")
    assert body["count"] == 1


def test_each_token_has_its_own_keys(world: World) -> None:
    headers = {"Idempotency-Key": "a1"}
    for ana in (caller(world), caller(world)):
        made = ana("POST", f"/keys/{world.key}/copies", {"count": 1}, headers=headers)
        assert made.status_code == 201
    assert caller(world).get("/balance")["cut"] == 4


def test_a_key_that_is_too_long_or_empty_is_refused(world: World) -> None:
    for key in ("", "x" * 121):
        answer = caller(world)("POST", "/sites", {"name": "B"}, headers={"Idempotency-Key": key})
        assert answer.status_code == 422
        assert json.loads(answer.content)["data"]["field"] == "Idempotency-Key"


def test_a_key_with_control_characters_is_refused(world: World) -> None:
    for key in ("a\x00b", "a\tb", "a\x7f", "clé"):
        answer = caller(world)("POST", "/sites", {"name": "B"}, headers={"Idempotency-Key": key})
        assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "invalid")


def test_what_the_holder_has_already_changes_nothing_and_says_so(world: World) -> None:
    ana, body = caller(world), {"copy_ids": [world.copy], "person_id": world.bo_person}
    first, second = (json.loads(ana("POST", "/check-out", body).content) for _ in range(2))
    assert first["handling"] is not None
    assert second == first | {"handling": None}


def test_a_handling_can_be_undone_at_once(world: World) -> None:
    ana = caller(world)
    body = {"copy_ids": [world.copy], "person_id": world.bo_person}
    handling = json.loads(ana("POST", "/check-out", body).content)["handling"]
    undone = ana("POST", "/undo", {"handling": handling})
    assert json.loads(undone.content) == {"ids": [world.copy]}
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_the_journal_says_through_which_channel(world: World) -> None:
    ana = caller(world)
    for headers, channel in (({}, "api"), ({"Keystead-Channel": "cli"}, "cli")):
        ana("POST", "/sites", {"name": f"From the {channel}"}, headers=headers)
        entry = journal.entries(world.ana, limit=1)[0]
        assert (entry.channel, entry.account_id) == (channel, world.ana.account_id)


def test_a_late_entry_is_marked_as_one(world: World) -> None:
    ana = caller(world)
    body = {"copy_id": world.copy, "person_id": world.bo_person}
    refused = ana(
        "POST",
        "/past-loans",
        body | {"from_at": "2020-01-01T09:00:00Z", "until_at": "2020-01-01T08:00:00Z"},
    )
    assert json.loads(refused.content)["data"]["field"] == "until_at"


def test_no_answer_ever_holds_a_codes_value(world: World) -> None:
    ana = caller(world)
    path, body = "/codes", {"lock_id": world.lock, "name": "Keypad", "value": "4471"}
    refused = ana("POST", path, body)
    assert (refused.status_code, json.loads(refused.content)["data"]["field"]) == (422, "value")
    assert b"4471" not in refused.content
