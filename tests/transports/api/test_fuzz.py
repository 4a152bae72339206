"""Whatever the document allows, and what it does not, as each role: never a mistake of ours.

Ids are often those of things that are there, so that requests get past the look-up; each answer
has a status, a type and a shape that the document names, and nobody is answered without a token.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.result import Ok

from keystead import permissions
from keystead.api.openapi import document
from keystead.api.problems import MEDIA_TYPE
from keystead.api.urls import api
from keystead.people.roles import Role
from tests.cast import World, member
from tests.transports.api.things import CLIENT, Things, caller, things, token

DOCUMENT = document(api)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]

FEW, MANY = 1, 125
"""Examples of each operation, for each role and each of the two modes: a thousand in an audit."""
ALWAYS_POSSIBLE = {404, 405}
"""An address without its id leads nowhere."""
LISTS = {"copy_ids": "copies", "access_point_ids": "door", "ring_ids": "ring"}
CALLED = {
    "access_point_id": "door",
    "container_id": "cabinet",
    "home_container_id": "cabinet",
    "cylinder_id": "cylinder",
    "import_id": "staged",
    "leads_from_id": "hall",
    "leads_to_id": "store",
    "parent_id": "hall",
    "returned_by_id": "person",
    "space_id": "hall",
    "thing_id": "copy",
}
"""Which of the things a field of this name means, where it is not called the same."""


def seeds(t: Things) -> dict[str, Any]:
    """Values that mean something in the register, by the field that takes them."""
    named = ("code", "copy", "firm", "incident", "key", "lock", "person", "ring", "site", "tag")
    found: dict[str, Any] = {f"{name}_id": getattr(t, name) for name in (*named, "system")}
    found |= {field: getattr(t, name) for field, name in CALLED.items()}
    found |= {"position_id": t.hooks[3], "home_position_id": t.hooks[3], "version": 1}
    return found | {"copy_ids": list(t.copies), "access_point_ids": [t.door], "ring_ids": [t.ring]}


def seeded(value: Any, known: dict[str, Any], use: Iterator[bool]) -> Any:
    """A generated value with some of its ids replaced by those of things that are there."""
    if isinstance(value, list):
        return [seeded(one, known, use) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: known[name] if name in known and next(use) else seeded(inner, known, use)
        for name, inner in value.items()
    }


def send(case: Case[Any], slug: str, secret: str | None) -> Any:
    """Send a generated request to the workspace of the test."""
    places = {name: quote(str(value), safe="") for name, value in case.path_parameters.items()}
    path = case.operation.path.format(**places | {"slug": slug})
    headers = {
        name: str(value).encode("latin-1", "replace").decode("latin-1")
        for name, value in (case.headers or {}).items()
        if name.lower() != "authorization"
    }
    return CLIENT.generic(
        case.method,
        f"{path}?{urlencode(case.query or {}, doseq=True, errors='replace')}",
        data=_body(case),
        content_type="application/json",
        headers=headers | ({"Authorization": f"Bearer {secret}"} if secret else {}),
    )


def _body(case: Case[Any]) -> str | bytes:
    if isinstance(case.body, bytes):
        return case.body
    return "" if isinstance(case.body, NotSet) else json.dumps(case.body, default=str)


def require_as_promised(case: Case[Any], answer: Any) -> None:
    """Fail unless status, type and shape of an answer are those in the document."""
    raw = case.operation.definition.raw
    told = (raw["operationId"], case, answer.status_code)
    known = {int(status) for status in raw["responses"]} | ALWAYS_POSSIBLE
    assert answer.status_code in known, told
    if answer.streaming or answer.status_code in {204, 304}:
        return
    if answer.status_code >= 400:
        assert answer["Content-Type"] == MEDIA_TYPE, told
        assert json.loads(answer.content)["status"] == answer.status_code, told
        return
    content = raw["responses"][str(answer.status_code)].get("content", {})
    if "application/json" in content:
        whole = content["application/json"]["schema"] | {"components": DOCUMENT["components"]}
        jsonschema_rs.validate(whole, json.loads(answer.content))


def play(world: World, role: Role, examples: int, operations: Sequence[Any]) -> dict[str, set[int]]:
    """Send generated requests to these operations as this role; the statuses of each."""
    known = seeds(things(world.ana, world))
    someone = world.ana if role is Role.OWNER else member(world.ana, "Someone", role)
    secret = token(someone)
    seen: dict[str, set[int]] = {}
    for operation in operations:
        name = operation.definition.raw["operationId"]
        for mode in GenerationMode:

            @settings(
                max_examples=examples,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                database=None,
            )
            @given(
                case=operation.as_strategy(generation_mode=mode),
                use=st.lists(st.sampled_from([True, True, True, False]), min_size=8, max_size=8),
            )
            def answers_properly(case: Case[Any], use: list[bool]) -> None:
                again = iter(use * 1_000)
                case.path_parameters = seeded(dict(case.path_parameters or {}), known, again)
                case.query = seeded(dict(case.query or {}), known, again)
                if not isinstance(case.body, NotSet | bytes):
                    case.body = seeded(case.body, known, again)
                assert send(case, world.slug, None).status_code in {401, *ALWAYS_POSSIBLE}
                answer = send(case, world.slug, secret)
                require_as_promised(case, answer)
                seen.setdefault(name, set()).add(answer.status_code)  # noqa: B023

            answers_properly()
    return seen


@pytest.mark.db
@pytest.mark.parametrize("role", list(Role))
def test_a_few_requests_of_every_kind_make_no_mistake(world: World, role: Role) -> None:
    seen = play(world, role, FEW, OPERATIONS)
    assert len(seen) == len(OPERATIONS) == len(permissions.API)


@pytest.mark.audit
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.definition.raw["operationId"])
def test_a_thousand_requests_of_one_kind_make_no_mistake(
    world: World, role: Role, operation: Any
) -> None:
    (statuses,) = play(world, role, MANY, [operation]).values()
    assert statuses - ALWAYS_POSSIBLE


@pytest.mark.db
def test_what_was_taken_off_is_gone(world: World) -> None:
    known, ana = things(world.ana, world), caller(world)
    assert ana("GET", "/tags?text=T-1").status_code == 200
    assert ana("DELETE", f"/tags/{known.tag}").status_code == 204
    assert ana("GET", "/tags?text=T-1").status_code == 404
    assert ana("DELETE", f"/locks/{known.lock}/cylinder").status_code == 204
    assert ana.get("/locks", access_point_id=known.door)["items"][0]["cylinder_id"] is None
