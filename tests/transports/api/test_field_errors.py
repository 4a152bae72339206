"""What is wrong with a field is said in sentences of ours, not in those of the parser."""

import json
from typing import Any

import pytest

from keystead.api.fields import sentence
from tests.cast import World
from tests.transports.api.things import Caller, caller

pytestmark = pytest.mark.db

SITE = {"name": "A"}
PARSERS = ("String should", "Input should", "Field required", "Extra inputs", "Value error")


def said(ana: Caller, path: str, body: Any) -> str:
    answer = ana("POST", path, body)
    assert answer.status_code == 422
    text: str = json.loads(answer.content)["detail"]
    assert not any(words in text for words in PARSERS), text
    return text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "name: This is missing."),
        ({"name": 7}, "name: This must be text."),
        ({"name": "a\x00"}, "name: This has characters that do not belong here."),
        ({"name": "a" * 301}, "name: This is too long: at most 300 characters."),
        ({"name": "A", "adress": ""}, "adress: There is no such field here."),
    ],
)
def test_a_site_s_fields(world: World, body: dict[str, object], words: str) -> None:
    assert said(caller(world), "/sites", body) == words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"copy_ids": ["1"]}, "copy_ids.0: This must be a whole number."),
        ({"copy_ids": [0]}, "copy_ids.0: This must be at least 1."),
        ({"copy_ids": [1] * 501}, "copy_ids: This list is too long: at most 500."),
        ({"due_at": "2026-11-24T17:00:00"}, "due_at: This time does not say its zone."),
        ({"due_at": "2026-11-24"}, "due_at: This must be text such as 2026-11-24T17:00:00+01:00."),
        ({"due_at": "2026-99-24T17:00:00Z"}, "due_at: This is no time."),
        ({"due_at": "1066-11-24T17:00:00Z"}, "due_at: This year is out of range."),
    ],
)
def test_a_loan_s_fields(world: World, more: dict[str, object], words: str) -> None:
    body = {"copy_ids": [world.copy], "person_id": world.bo_person} | more
    assert said(caller(world), "/check-out", body).startswith(words)


def test_choices_are_named(world: World) -> None:
    body = {"text": "T1", "kind": "cat", "thing_id": 1}
    words = "kind: This is none of the choices: 'copy', 'ring', 'container', 'access_point'."
    assert said(caller(world), "/tags", body) == words


def test_what_nobody_foresaw_is_said_plainly() -> None:
    assert sentence({"type": "url_scheme", "msg": "x"}) == "This is not valid here."
    assert sentence({"type": "string_too_long"}) == "This is not valid here."
