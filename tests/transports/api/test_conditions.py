"""Entity tags: nothing is sent twice, and no change is lost."""

import json

import pytest

from keystead.custody import operations as custody
from keystead.places import queries as places
from tests.cast import World
from tests.transports.api.examples import examples
from tests.transports.api.things import CLIENT, caller, things, token

pytestmark = pytest.mark.db
WHOLE = {"name": "Quay", "number": "", "address": "", "time_zone": ""}


def test_an_answer_that_is_still_the_same_is_not_sent_again(world: World) -> None:
    ana = caller(world)
    for example in examples(things(world.ana, world)):
        if example.method != "GET" or "export" in example.operation_id:
            continue
        first = ana("GET", example.path)
        if first.status_code != 200 or not first.has_header("ETag"):
            continue
        again = ana("GET", example.path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), example
        assert again["ETag"] == first["ETag"]


def test_a_change_of_what_is_told_is_sent(world: World) -> None:
    ana = caller(world)
    tag = ana("GET", f"/copies/{world.copy}")["ETag"]
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    later = ana("GET", f"/copies/{world.copy}", headers={"If-None-Match": f'"x", {tag}'})
    assert later.status_code == 200
    assert later["ETag"] != tag


def test_a_late_change_is_refused_with_the_newer_version(world: World) -> None:
    ana, path = caller(world), f"/sites/{world.site}"
    tag = ana("GET", path)["ETag"]
    changed = ana("PUT", path, WHOLE, headers={"If-Match": tag})
    assert (changed.status_code, json.loads(changed.content)["version"]) == (200, 2)
    late = ana("PUT", path, WHOLE | {"name": "Late"}, headers={"If-Match": tag})
    said = json.loads(late.content)
    assert (late.status_code, said["code"], said["data"]["version"]) == (
        412,
        "changed-meanwhile",
        2,
    )
    assert places.site(world.ana, world.site).name == "Quay"
    newer = ana("PUT", path, WHOLE | {"name": "New"}, headers={"If-Match": changed["ETag"]})
    assert newer.status_code == 200


def test_a_loan_meanwhile_does_not_stand_against_a_correction(world: World) -> None:
    ana, path = caller(world), f"/copies/{world.copy}"
    tag = ana("GET", path)["ETag"]
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    body = {"mark": "17", "home_container_id": world.cabinet, "home_position_id": None}
    assert ana("PUT", path, body, headers={"If-Match": tag}).status_code == 200


def test_a_change_names_a_version_once(world: World) -> None:
    ana, path = caller(world), f"/sites/{world.site}"
    for body, headers, field in (
        (WHOLE, {}, "version"),
        (WHOLE | {"version": 0}, {}, "version"),
        (WHOLE | {"version": None}, {}, "version"),
        (WHOLE | {"version": 2}, {"If-Match": '"1"'}, "version"),
        (WHOLE, {"If-Match": "*"}, "If-Match"),
        (WHOLE, {"If-Match": "1"}, "If-Match"),
        (WHOLE, {"If-Match": '"1", "2"'}, "If-Match"),
        (WHOLE, {"If-Match": f'"{10**18}9"'}, "If-Match"),
        (WHOLE, {"If-Match": '"0-ab"'}, "If-Match"),
    ):
        refused = ana("PUT", path, body, headers=headers)
        said = json.loads(refused.content)
        assert (refused.status_code, said["data"]["field"]) == (422, field), (body, headers)
    assert (
        ana("PUT", path, WHOLE | {"version": 1}, headers={"If-Match": 'W/"1"'}).status_code == 200
    )


def test_a_condition_is_never_passed_over(world: World) -> None:
    body = {"copy_ids": [world.copy], "person_id": world.bo_person}
    refused = caller(world)("POST", "/check-out", body, headers={"If-Match": '"1"'})
    assert (refused.status_code, json.loads(refused.content)["data"]["field"]) == (422, "If-Match")


def test_a_body_of_another_type_is_refused_after_the_token(world: World) -> None:
    address = f"/api/v1/w/{world.slug}/firms"
    good = {"Authorization": f"Bearer {token(world.ana)}"}
    body = json.dumps({"name": "Locks Ltd"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/xml"):
        answer = CLIENT.generic("POST", address, body, content_type=kind, headers=good)
        assert (answer.status_code, json.loads(answer.content)["code"]) == (
            415,
            "unsupported-media-type",
        ), kind
        assert CLIENT.generic("POST", address, body, content_type=kind).status_code == 401
    latin = "application/json; charset=latin-1"
    assert (
        CLIENT.generic("POST", address, body, content_type=latin, headers=good).status_code == 415
    )
    utf8 = "application/json; charset=UTF-8"
    assert CLIENT.generic("POST", address, body, content_type=utf8, headers=good).status_code == 201
    upload = f"/api/v1/w/{world.slug}/imports"
    as_json = CLIENT.generic("POST", upload, body, content_type="application/json", headers=good)
    assert as_json.status_code == 415
