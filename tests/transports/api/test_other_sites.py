"""Scenario 30 over the API: a manager of site A asks for, or sends, anything of site B."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from keystead import permissions
from keystead.api.openapi import document
from keystead.api.urls import api as whole_api
from keystead.api.urls import operation_ids
from keystead.people.roles import OWN, Role
from tests.cast import World, describe, site_member
from tests.transports.api.examples import Example, examples
from tests.transports.api.test_every_endpoint import headers, told
from tests.transports.api.things import Caller, Things, caller, nowhere, things

pytestmark = pytest.mark.db

CANARY = "Quokka"
"""Ends every name at site B."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Site A with its manager's way in, site B, and ids of nothing."""

    a: Things
    b: Things
    nothing: Things
    manager: Caller
    owner: Caller


@pytest.fixture
def sites(world: World) -> Sites:
    a = things(world.ana, world)
    b = things(world.ana, describe(world.ana, world.slug, f" {CANARY}"), f" {CANARY}")
    manager = site_member(world.ana, "Mo", {a.site: Role.KEY_MANAGER})
    return Sites(
        a,
        replace(b, person=a.person, firm=a.firm),
        replace(nowhere(b), person=a.person, firm=a.firm),
        caller(world, manager),
        caller(world),
    )


def same(first: HttpResponse, second: HttpResponse, sites: Sites, example: Any) -> None:
    assert first.status_code == second.status_code, (example, first.content, second.content)
    assert told(first.content, sites.b) == told(second.content, sites.nothing), example
    assert headers(first) == headers(second), example
    assert CANARY not in first.content.decode(), example


def test_scenario_30_ids_of_another_site_answer_like_ids_of_nothing(sites: Sites) -> None:
    before = sites.owner.get("/journal/seal")
    for foreign, missing in zip(examples(sites.b), examples(sites.nothing), strict=True):
        if (foreign.path, foreign.body) == (missing.path, missing.body):
            continue
        one = sites.manager(foreign.method, foreign.path, foreign.body)
        other = sites.manager(missing.method, missing.path, missing.body)
        same(one, other, sites, foreign)
        empty = one.status_code == 200 and b'"items": []' in one.content
        assert empty or one.status_code in {403, 404, 409}, (foreign, one.content)
    assert sites.owner.get("/journal/seal") == before


def test_scenario_30_one_id_of_another_site_among_ones_own(sites: Sites) -> None:
    kinds = {f.name for f in fields(Things)} - {"workspace", "slug", "hooks", "person", "firm"}
    for kind in sorted(kinds):
        foreign = replace(sites.a, **{kind: getattr(sites.b, kind)})
        missing = replace(sites.a, **{kind: getattr(sites.nothing, kind)})
        for usual, one, other in zip(*map(examples, (sites.a, foreign, missing)), strict=True):
            if one != usual:
                first = sites.manager(one.method, one.path, one.body)
                second = sites.manager(other.method, other.path, other.body)
                same(first, second, sites, one)


FIELDS = {
    "access_point_id": "door",
    "container_id": "cabinet",
    "copy_id": "copy",
    "cylinder_id": "spare_cylinder",
    "home_container_id": "cabinet",
    "home_position_id": "hooks",
    "key_id": "key",
    "leads_from_id": "hall",
    "leads_to_id": "hall",
    "lock_id": "lock",
    "parent_id": "hall",
    "position_id": "hooks",
    "ring_id": "ring",
    "site_id": "site",
    "space_id": "hall",
    "system_id": "system",
    "thing_id": "copy",
    "copy_ids": "copies",
    "without_copy_ids": "copies",
    "ring_ids": "ring",
    "access_point_ids": "door",
}
"""What each field or parameter that names a thing by its id is about."""
OF_ALL = {"person_id", "firm_id", "returned_by_id", "membership_id", "notice_ids"}
"""Persons and firms are for everybody who looks after a site; members for owners;
notices are only ever one's own."""


def id_of(register: Things, operation: str, name: str) -> Any:
    if operation in {"add_key_with_copies", "change_key"} and name == "parent_id":
        return register.key
    found = getattr(register, FIELDS[name])
    if name.endswith("_ids"):
        return list(found) if isinstance(found, tuple) else [found]
    return found[0] if isinstance(found, tuple) else found


def named() -> Iterator[tuple[str, str, str]]:
    """Every id that an operation takes beside its path: its row, where, name."""
    api = document(whole_api)
    rows = {told: row for row, told in operation_ids().items()}
    for methods in api["paths"].values():
        for about in methods.values():
            for parameter in about.get("parameters", ()):
                if parameter["in"] == "query" and is_id(parameter["name"]):
                    yield rows[about["operationId"]], "query", parameter["name"]
            body = about.get("requestBody", {}).get("content", {}).get("application/json")
            for name in _properties(api, body["schema"]) if body else ():
                if is_id(name):
                    yield rows[about["operationId"]], "body", name


def is_id(name: str) -> bool:
    return name.endswith(("_id", "_ids")) and name not in OF_ALL


def _properties(api: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        schema = api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return list(schema.get("properties", ()))


def with_id(example: Example, where: str, name: str, value: Any) -> Example:
    if where == "body":
        return replace(example, body={**(example.body or {}), name: value})
    plain, _, query = example.path.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith(f"{name}=")]
    return replace(example, path=f"{plain}?{'&'.join([*kept, f'{name}={value}'])}")


def test_scenario_30_every_field_and_parameter_that_takes_an_id(sites: Sites) -> None:
    known = {example.operation_id: example for example in examples(sites.a)}
    checked = 0
    for operation, where, name in named():
        example = known[operation]
        answers = [  # ids of nothing first: what an operation leaves out does not hinder it
            sites.manager(changed.method, changed.path, changed.body)
            for register in (sites.nothing, sites.b, sites.nothing)
            for changed in [with_id(example, where, name, id_of(register, operation, name))]
        ]
        same(answers[1], answers[2], sites, (operation, where, name))
        checked += 1
    assert checked >= 40


LISTS = {
    "/sites": "site_id",
    "/spaces": "space_id",
    "/access-points": "access_point_id",
    "/containers": "container_id",
    "/cylinders": "cylinder_id",
    "/codes": "code_id",
    "/key-systems": "system_id",
    "/keys": "key_id",
    "/key-tree": "key_id",
    "/copies": "copy_id",
    "/rings": "ring_id",
    "/out": "stay_id",
    "/to-review": "stay_id",
    "/incidents?open_only=false": "incident_id",
    "/copies.csv": "",
    "/balances": "",
    f"/search?text={CANARY}": "",
    "/search?text=1": "",
    f"/scans?code=AA+{CANARY}-1&code=T-1+{CANARY}": "",
    f"/tags?text=T-1+{CANARY}": "",
    "/story/person/{person}": "",
    "/story/firm/{firm}": "",
    "/story/copy/{copy}": "",
    "/story/site/{site}": "",
}
"""What lists things, and what `id` stands for in it."""


def ids_of(register: Things) -> set[tuple[str, int]]:
    return {
        ("site_id", register.site),
        ("space_id", register.hall),
        ("space_id", register.store),
        ("access_point_id", register.door),
        ("container_id", register.cabinet),
        ("home_container_id", register.cabinet),
        ("position_id", register.hooks[0]),
        ("cylinder_id", register.cylinder),
        ("cylinder_id", register.spare_cylinder),
        ("lock_id", register.lock),
        ("code_id", register.code),
        ("system_id", register.system),
        ("key_id", register.key),
        ("ring_id", register.ring),
        ("incident_id", register.incident),
        *(("copy_id", n) for n in (*register.copies, register.spare, register.damaged)),
    }


def told_ids(value: Any, name: str) -> Iterator[tuple[str, int]]:
    """Every number in an answer, with the name of its field."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from told_ids(inner, name if key == "id" else key)
    elif isinstance(value, list):
        for inner in value:
            yield from told_ids(inner, name.removesuffix("s"))
    elif isinstance(value, int):
        yield name, value


def test_scenario_30_nothing_of_another_site_is_listed_counted_or_found(sites: Sites) -> None:
    sites.owner("POST", "/check-out", {"copy_ids": [sites.b.copy], "person_id": sites.a.person})
    for path, kind in LISTS.items():
        address = path.format(person=sites.a.person, firm=sites.a.firm, copy=sites.a.copy, site=1)
        answer = sites.manager("GET", address)
        assert answer.status_code in {200, 404}, path
        if isinstance(answer, StreamingHttpResponse):
            assert CANARY.encode() not in answer.getvalue(), path
            continue
        found = json.loads(answer.content)
        for repeated in ("text", "unknown"):  # what was asked for
            found.pop(repeated, None)
        assert CANARY not in json.dumps(found), (path, found)
        assert not ids_of(sites.b) & set(told_ids(found, kind)), path
    assert sites.manager.get("/today")["out"] == 0
    assert sites.manager.get("/balance")["cut"] == len(sites.manager.get("/copies")["items"])


def test_a_site_manager_may_call_what_the_table_opens_to_sites(sites: Sites) -> None:
    for example in examples(sites.a):
        needs = permissions.API[example.operation_id]
        is_open = permissions.is_per_site(needs) or permissions.right_of(needs) in OWN
        answer = sites.manager(example.method, example.path, example.body)
        is_refused = answer.status_code == 403 and b'"forbidden"' in answer.getvalue()
        assert is_refused != is_open, (example, answer.getvalue()[:200])


def test_every_operation_was_tried(sites: Sites) -> None:
    assert {example.operation_id for example in examples(sites.b)} == set(permissions.API)
