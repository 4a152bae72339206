"""The OpenAPI document: kept in docs/, true about bodies, complete about verbs."""

import inspect
import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel

from keystead import permissions
from keystead.api.openapi import document
from keystead.api.urls import PARTS, api
from keystead.api.values import Body
from keystead.journal.operation import VERBS
from tests.cast import World
from tests.transports.api.examples import examples
from tests.transports.api.things import CLIENT, caller, things

KEPT = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"
DOCUMENT = document(api)

NOT_OVER_THE_API = {
    "custody.check_out_to_newcomer": "two steps of one form: add_person, check_out",
    "hardware.fit_cylinder_numbered": "part of hardware.add_lock",
    "hardware.record_code_on": "two steps of one form: add_lock, record_code",
    "people.invite_new_person": "in the browser: the link is shown once",
    "hardware.retire_container": "custody.retire_container does it, and looks inside first",
    "keys.add_key": "part of custody.add_key_with_copies",
    "keys.make_copies": "part of custody.cut_copies, which says where they are",
    "people.accept_invitation": "in the browser: it makes a password",
    "people.change_role": "in the browser: signing in",
    "people.change_workspace": "in the browser",
    "people.end_site_role": "in the browser: signing in",
    "people.give_site_role": "in the browser: signing in",
    "people.create_workspace": "in the browser",
    "people.found": "in the browser: the first owner signs up",
    "people.invite": "in the browser: the link is shown once",
    "people.make_token": "in the browser: a token cannot make tokens",
    "people.note_password_change": "a fact about signing in",
    "people.note_sign_in": "a fact about signing in",
    "people.note_sign_out": "a fact about signing in",
    "people.remove_member": "in the browser: signing in",
    "people.withdraw_invitation": "in the browser",
    "people.withdraw_token": "in the browser",
}


def test_the_document_in_docs_is_this_one() -> None:
    text = json.dumps(DOCUMENT, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert KEPT.read_text() == text, "Run: keystead openapi docs/openapi.json"


@pytest.mark.db
def test_the_document_is_served_to_anybody(world: World) -> None:
    answer = CLIENT.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert json.loads(answer.content) == json.loads(json.dumps(DOCUMENT))


def test_every_verb_is_an_operation_or_says_why_not() -> None:
    offered = {needs for needs in permissions.API.values() if needs in VERBS}
    contexts = {"people", "places", "hardware", "keys", "custody"}
    verbs = {name for name in VERBS if name.split(".")[0] in contexts}
    assert verbs - offered == set(NOT_OVER_THE_API)


def endpoints() -> dict[str, Any]:
    """Every endpoint's function by its name."""
    return {
        operation.operation_id or "": inspect.unwrap(operation.view_func)
        for part in PARTS
        for view in part.routes.router.path_operations.values()
        for operation in view.operations
    }


def test_every_operation_is_told_and_named_once() -> None:
    told = [e for methods in DOCUMENT["paths"].values() for e in methods.values()]
    counts = Counter(endpoint["operationId"] for endpoint in told)
    assert set(counts.values()) == {1}
    assert set(counts) == set(permissions.API)
    for endpoint in told:
        assert endpoint["summary"].endswith("."), endpoint["operationId"]
        assert endpoint["security"] == [{"Bearer": []}]
        assert {"401", "403", "404", "422"} <= set(endpoint["responses"])


def test_no_two_shapes_share_a_name() -> None:
    bodies = Counter(shape.__name__ for shape in Body.__subclasses__())
    answers = {
        name
        for view in endpoints().values()
        for name in [getattr(inspect.signature(view).return_annotation, "__name__", "")]
    }
    assert set(bodies.values()) == {1}
    assert not set(bodies) & answers


@pytest.mark.parametrize("operation_id", sorted(permissions.API))
def test_a_body_has_exactly_the_parameters_of_its_verb(operation_id: str) -> None:
    verb = VERBS.get(permissions.API[operation_id])
    if verb is None:
        return
    parameters = inspect.signature(endpoints()[operation_id]).parameters
    body = parameters.get("body")
    shape: type[BaseModel] | None = body.annotation if body else None
    sent = set(parameters) - {"request", "body"} | set(shape.model_fields if shape else ())
    wanted = set(inspect.signature(verb.run).parameters) - {"change", "value"}
    assert sent == wanted


@pytest.mark.db
def test_answers_are_as_the_document_says(world: World) -> None:
    ana = caller(world)
    for example in examples(things(world.ana, world)):
        answer = ana(example.method, example.path, example.body)
        is_json = answer.headers.get("Content-Type", "") == "application/json; charset=utf-8"
        if answer.status_code in {200, 201} and is_json:
            schema = answered(example.operation_id, str(answer.status_code))
            whole = schema | {"components": DOCUMENT["components"]}
            jsonschema_rs.validate(whole, json.loads(answer.content))


def answered(operation_id: str, status: str) -> dict[str, Any]:
    found = next(
        endpoint
        for methods in DOCUMENT["paths"].values()
        for endpoint in methods.values()
        if endpoint["operationId"] == operation_id
    )
    schema: dict[str, Any] = found["responses"][status]["content"]["application/json"]["schema"]
    return schema
