"""Whatever the document allows, and what it does not: never a mistake of ours."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.result import Ok

from keystead import permissions
from keystead.api.openapi import document
from keystead.api.urls import api
from tests.cast import World
from tests.transports.api.things import CLIENT, things, token

SCHEMA = schemathesis.openapi.from_dict(document(api))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]

EXAMPLES = 3
ALWAYS_POSSIBLE = {404, 405}
"""An address without its id leads nowhere."""


def send(case: Case[Any], slug: str, secret: str) -> Any:
    """Send a generated request to the workspace of the test."""
    places = {name: quote(str(value), safe="") for name, value in case.path_parameters.items()}
    path = case.operation.path.format(**places | {"slug": slug})
    headers = {
        name: str(value).encode("latin-1", "replace").decode("latin-1")
        for name, value in (case.headers or {}).items()
    }
    return CLIENT.generic(
        case.method,
        f"{path}?{urlencode(case.query or {}, doseq=True, errors='replace')}",
        data=_body(case),
        content_type="application/json",
        headers=headers | {"Authorization": f"Bearer {secret}"},
    )


def _body(case: Case[Any]) -> str | bytes:
    if isinstance(case.body, bytes):
        return case.body
    return "" if isinstance(case.body, NotSet) else json.dumps(case.body, default=str)


@pytest.mark.audit
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_makes_a_mistake(world: World, mode: GenerationMode) -> None:
    things(world.ana, world)
    secret = token(world.ana)
    assert len(OPERATIONS) == len(permissions.API)
    for operation in OPERATIONS:

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers_properly(case: Case[Any]) -> None:
            answer = send(case, world.slug, secret)
            raw = case.operation.definition.raw
            known = {int(status) for status in raw["responses"]} | ALWAYS_POSSIBLE
            assert answer.status_code in known, (raw["operationId"], case, answer.content)

        answers_properly()
