"""The examples of docs/api.md, run in their order."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import World
from tests.transports.api.things import CLIENT, token

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"
EXAMPLE = re.compile(r"^```http\n(.*?)^```\n```answer\n(\d+)\n(.*?)^```", re.M | re.S)


def examples() -> Iterator[tuple[str, str, dict[str, str], str, int, Any]]:
    """Method, path, headers, body, status and what the answer must contain."""
    for request, status, answer in EXAMPLE.findall(PAGE.read_text()):
        head, _, body = request.partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ", 1)
        headers = dict(line.split(": ", 1) for line in lines)
        yield method, path, headers, body.strip(), int(status), json.loads(answer)


def contains(answer: Any, wanted: Any) -> bool:
    """Whether everything in `wanted` is in the answer; lists are of the same length."""
    if isinstance(wanted, dict):
        return all(key in answer and contains(answer[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return len(answer) == len(wanted) and all(map(contains, answer, wanted))
    if wanted == "…":
        return isinstance(answer, str) and answer != ""
    return bool(answer == wanted)


def test_every_request_on_the_page_has_its_answer() -> None:
    assert len(list(examples())) == PAGE.read_text().count("```http") > 8


@pytest.mark.db
def test_the_examples_answer_what_the_page_says(world: World) -> None:
    good = {"Authorization": f"Bearer {token(world.ana)}"}
    for method, path, headers, body, status, wanted in examples():
        answer = CLIENT.generic(
            method, path, data=body, content_type="application/json", headers=headers | good
        )
        assert answer.status_code == status, (method, path, answer.content)
        assert contains(json.loads(answer.content), wanted), (method, path, answer.content)
