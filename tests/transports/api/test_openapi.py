"""The OpenAPI document: kept in docs/, true about bodies, complete about verbs."""

import inspect
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel

from keystead import permissions
from keystead.api import openapi
from keystead.api.openapi import document
from keystead.api.urls import PARTS, api, openapi_served, operation_ids
from keystead.api.values import Body
from keystead.exchange.demo import operations as _demo  # noqa: F401 - registers its verb
from keystead.journal.operation import VERBS
from tests.cast import World
from tests.transports.api.examples import examples
from tests.transports.api.things import CLIENT, Upload, caller, things

REFUSED_HERE = {"undo": 200, "record_past_loan": 201}
"""Their example is one that the register refuses by then; what they would answer otherwise."""
KEPT = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"
DOCUMENT = document(api)

OWN_SIGN_IN = {
    "people.add_app",
    "people.add_passkey",
    "people.ask_for_new_email",
    "people.change_email",
    "people.change_password",
    "people.end_other_sessions",
    "people.end_session",
    "people.note_recovery_code_used",
    "people.remove_factor",
    "people.renew_recovery_codes",
    "people.require_second_factor",
    "people.reset_password",
}
ON_THE_SERVER = {
    "exchange.begin_quarantine",
    "exchange.end_quarantine",
    "exchange.hold_back_restored",
    "exchange.note_demonstration_loaded",
    "exchange.note_backup_key",
    "exchange.note_place",
    "journal.accept_break",
    "journal.make_signing_key",
    "people.note_recovery_link",
    "people.set_password",
    "people.take_factors_away",
    "vault.begin_rotation",
    "vault.confirm_recovery_key",
    "vault.make_recovery_key",
    "vault.prepare",
    "vault.prepare_vault_key",
    "vault.put_vault_key_in_use",
    "vault.recover",
    "vault.reseal",
    "vault.retire_data_keys",
}
BY_THE_WORKER = {
    "exchange.note_backup_failed",
    "exchange.note_backup_made",
    "exchange.stop_import",
    "journal.note_break",
    "journal.note_checkpoint",
    "journal.note_checkpoint_failed",
    "journal.note_mended",
    "notify.give_up",
    "notify.look_around",
    "notify.make_digests",
    "notify.note_failures",
    "notify.note_sent",
    "people.note_lock_outs",
}
NOT_OVER_THE_API = {
    **dict.fromkeys(OWN_SIGN_IN, "in the browser: signing in"),
    **dict.fromkeys(ON_THE_SERVER, "on the server itself"),
    **dict.fromkeys(BY_THE_WORKER, "the worker does it"),
    "exchange.apply_rows": "part of apply_import",
    "exchange.begin_import": "part of apply_import",
    "exchange.prepare": "part of change_answers and change_columns",
    "exchange.stage": "part of add_import",
    "exchange.together": "many operations in one: those ending in _many, atomic",
    "journal.confirm_clock": "in the browser: somebody looks at the clock",
    "custody.check_out_to_newcomer": "two steps of one form: add_person, check_out",
    "hardware.fit_cylinder_numbered": "part of hardware.add_lock",
    "hardware.record_code_on": "two steps of one form: add_lock, record_code",
    "hardware.retire_container": "custody.retire_container does it, and looks inside first",
    "places.retire_site": "custody.retire_site does it, and looks for containers first",
    "places.retire_space": "custody.retire_space does it, and looks inside first",
    "keys.add_key": "part of custody.add_key_with_copies",
    "keys.make_copies": "part of custody.cut_copies, which says where they are",
    "people.accept_invitation": "in the browser: it makes a password",
    "people.change_role": "in the browser: it needs a factor, which no token shows",
    "people.change_workspace": "in the browser",
    "people.end_site_role": "in the browser: signing in",
    "people.give_site_role": "in the browser: signing in",
    "people.create_workspace": "in the browser",
    "people.found": "in the browser: the first owner signs up",
    "people.make_token": "in the browser: a token cannot make tokens",
    "people.note_sign_in": "a fact about signing in",
    "people.note_sign_out": "a fact about signing in",
}


def test_the_document_in_docs_is_this_one() -> None:
    text = json.dumps(DOCUMENT, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert KEPT.read_text() == text, "Run: keystead openapi docs/openapi.json"


@pytest.mark.db
def test_the_document_is_served_to_anybody(world: World) -> None:
    answer = CLIENT.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert json.loads(answer.content) == json.loads(json.dumps(DOCUMENT))
    again = CLIENT.get("/api/v1/openapi.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert openapi_served() is openapi_served(), "it costs most of a second to make"


def test_every_verb_is_an_operation_or_says_why_not() -> None:
    offered = {needs for needs in permissions.API.values() if needs in VERBS}
    ours = {name for name, verb in VERBS.items() if verb.run.__module__.startswith("keystead.")}
    assert ours - offered == set(NOT_OVER_THE_API)


RECORDED = Path(openapi.__file__).with_name("examples.json")
HOW = "Run: RECORD_EXAMPLES=1 pytest tests/transports/api/test_openapi.py; keystead openapi"
MOST_ITEMS = 2


def short(answer: Any) -> Any:
    """An answer whose lists are cut, to be read by people."""
    if isinstance(answer, dict) and isinstance(answer.get("items"), list):
        return answer | {"items": answer["items"][:MOST_ITEMS]}
    return answer


def recorded(world: World) -> dict[str, Any]:
    """Every example with what it is answered, by operationId."""
    ana, found = caller(world), {}
    for example in examples(things(world.ana, world)):
        response = ana(example.method, example.path, example.body)
        body, status = example.body, response.status_code
        if isinstance(body, Upload):
            body = {"file": body.content.decode(), **body.fields}
        answer: Any = told(response) if status < 400 else None
        if example.operation_id in REFUSED_HERE:
            status, answer = REFUSED_HERE[example.operation_id], {"ids": [1]}
        found[operation_ids()[example.operation_id]] = {
            "path": f"/api/v1/w/{{slug}}{example.path}",
            "body": body,
            "status": status,
            "answer": answer,
        }
    return found


def told(response: Any) -> Any:
    """An answer to show: JSON cut short, the beginning of a text, nothing of what is neither."""
    content = b"".join(response) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if not content:
        return None
    if "json" in kind and not response.streaming:
        return short(json.loads(content))
    return content.decode("utf-8-sig")[:300] if kind.startswith("text/") else ""


def shape(value: Any) -> Any:
    """What an answer is made of: names, but no values."""
    return sorted(value) if isinstance(value, dict) else type(value).__name__


@pytest.mark.db
def test_the_recorded_examples_are_those_of_the_tests(world: World) -> None:
    now = json.loads(json.dumps(recorded(world)))
    if "RECORD_EXAMPLES" in os.environ:
        text = json.dumps(now, indent=1, ensure_ascii=False, sort_keys=True)
        RECORDED.write_text(text + "\n")
    kept = json.loads(RECORDED.read_text())
    assert set(kept) == set(now), HOW
    for name, one in now.items():
        assert (kept[name]["path"], kept[name]["body"]) == (one["path"], one["body"]), HOW
        assert shape(kept[name]["answer"]) == shape(one["answer"]), (name, HOW)


def test_every_operation_shows_a_request_and_an_answer() -> None:
    for methods in DOCUMENT["paths"].values():
        for endpoint in methods.values():
            contents = [
                *endpoint.get("requestBody", {}).get("content", {}).values(),
                *(c for r in endpoint["responses"].values() for c in r.get("content", {}).values()),
            ]
            assert all("example" in content for content in contents), endpoint["operationId"]
    for refusal in DOCUMENT["components"]["responses"].values():
        assert all("example" in content for content in refusal["content"].values())


def test_the_examples_in_the_document_fit_its_own_schemas() -> None:
    parts = {"components": DOCUMENT["components"]}
    for methods in DOCUMENT["paths"].values():
        for endpoint in methods.values():
            contents = [
                *endpoint.get("requestBody", {}).get("content", {}).items(),
                *(c for r in endpoint["responses"].values() for c in r.get("content", {}).items()),
            ]
            for kind, content in contents:
                if kind == "application/json" and endpoint["operationId"] not in openapi.FILES:
                    jsonschema_rs.validate(content["schema"] | parts, content["example"])


def endpoints() -> dict[str, Any]:
    """Every endpoint's function by its name."""
    return {
        operation.url_name or "": inspect.unwrap(operation.view_func)
        for part in PARTS
        for view in part.routes.router.path_operations.values()
        for operation in view.operations
    }


def test_every_operation_is_told_and_named_once() -> None:
    told = [e for methods in DOCUMENT["paths"].values() for e in methods.values()]
    counts = Counter(endpoint["operationId"] for endpoint in told)
    assert set(counts.values()) == {1}
    assert set(counts) == set(operation_ids().values())
    assert set(operation_ids()) == set(permissions.API)
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
    if verb is None or operation_id.endswith("_many"):
        return
    parameters = inspect.signature(endpoints()[operation_id]).parameters
    body = parameters.get("body")
    shape: type[BaseModel] | None = body.annotation if body else None
    sent = set(parameters) - {"request", "body"} | set(shape.model_fields if shape else ())
    wanted = set(inspect.signature(verb.run).parameters) - {"change", "value", "token"}
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
        if endpoint["operationId"] == operation_ids()[operation_id]
    )
    schema: dict[str, Any] = found["responses"][status]["content"]["application/json"]["schema"]
    return schema
