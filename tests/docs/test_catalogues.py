"""German is complete: every sentence is translated, and keeps its values and marks."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import keystead

PLACES = re.compile(r"%\([a-z_]+\)[sdf]|%[sd]|\{[a-z_]*\}|`[^`]+`|</?[a-z]+>")
CATALOGUES = sorted(Path(keystead.__file__).parent.glob("locale/*/LC_MESSAGES/django.po"))


def messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def forms(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, tuple | list) else [str(value)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_everything_is_translated(path: Path) -> None:
    found = messages(path)
    assert len(found) > 2_000
    missing = [m.id for m in found if not all(forms(m.string)) or m.fuzzy]
    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_values_and_marks_are_kept(path: Path) -> None:
    for message in messages(path):
        known = {place for form in forms(message.id) for place in PLACES.findall(form)}
        for form in forms(message.string):
            assert set(PLACES.findall(form)) <= known, message.id
        wanted = set(PLACES.findall(forms(message.id)[-1]))
        assert wanted == set(PLACES.findall(forms(message.string)[-1])), message.id
