"""Refusals over HTTP: each says what is wrong, and nothing that should not be said."""

import json
from typing import Any

import pytest

from keystead import permissions
from keystead.custody import queries
from keystead.kernel.actor import Actor
from tests.cast import World
from tests.transports.api.things import CLIENT, Caller, caller, token

pytestmark = pytest.mark.db


def refused(answer: Any, status: int, code: str, *more: str) -> dict[str, Any]:
    """What a problem says, checked for its form."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said: dict[str, Any] = json.loads(answer.content)
    assert set(said) == {"type", "title", "status", "detail", "code", "data", *more}
    assert (said["status"], said["code"]) == (status, code), said
    assert said["type"] == f"urn:keystead:error:{code}"
    assert said["detail"]
    return said


def test_a_copy_that_is_out_says_to_whom_and_since_when(world: World) -> None:
    ana = caller(world)
    body = {"copy_ids": [world.copy], "person_id": world.bo_person}
    assert ana("POST", "/check-out", body).status_code == 200
    again = ana(
        "POST",
        "/check-out",
        {"copy_ids": [world.copy, world.other_copy], "person_id": world.ana_person},
    )
    data = refused(again, 409, "copy-already-out")["data"]
    assert (data["copy_id"], data["person_id"], data["free"]) == (
        world.copy,
        world.bo_person,
        [world.other_copy],
    )
    assert data["blocked"][0]["since"] == data["since"]


def test_a_change_based_on_an_old_version_names_the_newer_one(world: World) -> None:
    ana, whole = caller(world), {"name": "A", "number": "", "address": "", "time_zone": ""}
    assert ana("PUT", f"/sites/{world.site}", {"version": 1, **whole}).status_code == 200
    late = ana("PUT", f"/sites/{world.site}", {"version": 1, **whole, "name": "B"})
    assert refused(late, 409, "changed-meanwhile")["data"]["version"] == 2


def test_a_body_that_is_not_json_is_refused(world: World) -> None:
    for text in [b"{", b"\xff\xfe", b'{"name": "\xff"}', b"[" * 100_000]:
        answer = CLIENT.post(
            f"/api/v1/w/{world.slug}/sites",
            data=text,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token(world.ana)}"},
        )
        refused(answer, 400, "bad-request")


def test_a_field_that_is_wrong_is_named(world: World) -> None:
    ana = caller(world)
    wrong: list[tuple[object, str]] = [
        ({}, "name"),
        (None, "body"),
        ([], "body"),
        ("name", "body"),
        ({"name": "A", "adress": "Quay"}, "adress"),
        ({"name": 7}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "a" * 301}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "A", "time_zone": "Mars/Olympus"}, "time_zone"),
    ]
    for body, field in wrong:
        said = refused(ana("POST", "/sites", body), 422, "invalid")
        assert said["data"]["field"] == field


def test_an_id_out_of_range_is_refused_in_a_body(world: World) -> None:
    ana = caller(world)
    for number in [0, -1, 2**63, 10**30, 10**400, True, "1", 1.5, None, [1]]:
        body = {"copy_ids": [number], "person_id": world.bo_person}
        said = refused(ana("POST", "/check-out", body), 422, "invalid")
        assert said["data"]["field"] == "copy_ids.0"


def test_an_id_out_of_range_is_refused_in_an_address(world: World) -> None:
    ana = caller(world)
    for number in ["0", "-1", str(2**63), "1" * 400, "abc", "1e3", "%00", "é"]:
        said = refused(ana("GET", f"/sites/{number}"), 422, "invalid")
        assert said["data"]["field"] == "site_id"
        said = refused(ana("GET", "/spaces", query={"site_id": number}), 422, "invalid")
        assert said["data"]["field"] == "site_id"


def test_a_limit_out_of_range_is_refused(world: World) -> None:
    ana = caller(world)
    for limit in ["0", "-1", "201", "x", str(10**30)]:
        said = refused(ana("GET", "/copies", query={"limit": limit}), 422, "invalid")
        assert said["data"]["field"] == "limit"


def test_a_filter_nobody_knows_is_refused(world: World) -> None:
    said = refused(caller(world)("GET", "/out", query={"overdue": "1"}), 422, "invalid")
    assert said["data"]["field"] == "overdue"


def test_a_time_without_its_offset_or_out_of_range_is_refused(world: World) -> None:
    ana = caller(world)
    for due in [
        "2031-11-24 17:00",
        "2031-11-24T17:00:00",
        "2031-11-24",
        "tomorrow",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1924103400",
        1924103400,
        "2031-02-30T00:00:00Z",
        "2031-11-24T17:00:00+99:00",
    ]:
        body = {"copy_ids": [world.copy], "person_id": world.bo_person, "due_at": due}
        said = refused(ana("POST", "/check-out", body), 422, "invalid")
        assert said["data"]["field"] == "due_at"
        assert queries.where_is(world.ana, world.copy).state == "stored"


def test_a_day_that_is_none_is_refused(world: World) -> None:
    ana = caller(world)
    for day in ["2031-11-24T00:00:00Z", 20000, "24.11.2031", "2031-02-30"]:
        body = {"copy_ids": [world.copy], "person_id": world.bo_person, "review_on": day}
        said = refused(ana("POST", "/check-out", body), 422, "invalid")
        assert said["data"]["field"] == "review_on"


def test_a_due_time_in_the_past_is_refused(world: World) -> None:
    body = {
        "copy_ids": [world.copy],
        "person_id": world.bo_person,
        "due_at": "2020-01-01T00:00:00Z",
    }
    said = refused(caller(world)("POST", "/check-out", body), 422, "bad-period")
    assert said["data"]["field"] == "due_at"


def test_a_note_that_no_database_keeps_is_refused(world: World) -> None:
    body = {"copy_ids": [world.copy], "note": "a\x00b"}
    said = refused(caller(world)("POST", "/report-missing", body), 422, "invalid")
    assert said["data"]["field"] == "note"


def test_a_method_an_address_does_not_know_is_refused(world: World) -> None:
    answer = caller(world)("PATCH", "/sites")
    refused(answer, 405, "method-not-allowed")
    assert sorted(answer["Allow"].split(", ")) == ["GET", "POST"]


def test_an_address_that_leads_nowhere_says_so(world: World) -> None:
    for path in ("/api/", "/api/v2/x", f"/api/v1/w/{world.slug}/nonsense"):
        for method in ("GET", "POST"):
            refused(CLIENT.generic(method, path), 404, "not-found")


def test_a_body_that_is_too_big_is_refused(world: World) -> None:
    answer = caller(world)("POST", "/sites", {"name": "x" * 3_000_000})
    refused(answer, 413, "too-big")


def test_a_missing_token_asks_for_one(world: World) -> None:
    answer = CLIENT.get(f"/api/v1/w/{world.slug}/sites")
    refused(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_refusal_for_lack_of_rights_comes_before_the_body_is_read(world: World) -> None:
    refused(caller(world, world.bo)("POST", "/sites", {"nonsense": 1}), 403, "forbidden")


def test_a_mistake_of_ours_shows_nothing_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(actor: Actor) -> None:
        raise RuntimeError("the vault's key is 1234")

    monkeypatch.setattr("keystead.places.queries.sites", broken)
    answer = caller(world)("GET", "/sites")
    said = refused(answer, 500, "mistake", "instance")
    assert said["instance"].startswith("urn:uuid:")
    assert b"1234" not in answer.content


def test_a_holder_speaks_only_about_copies_they_hold(world: World) -> None:
    bo = caller(world, world.bo)
    others = bo("POST", "/report-missing", {"copy_ids": [world.copy], "note": "gone"})
    nobodys = bo("POST", "/report-missing", {"copy_ids": [10**12], "note": "gone"})
    told = refused(others, 404, "not-found"), refused(nobodys, 404, "not-found")
    assert told[0]["detail"] == told[1]["detail"]


def test_the_table_decides_even_where_a_verb_would_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(permissions.API, "sites")
    refused(Caller(world.slug, token(world.ana))("GET", "/sites"), 404, "not-found")
