"""Facts: small immutable statements about what happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, named in the past tense.

    `name` is stable and dotted (`custody.copy-checked-out`). `sentence` tells it to a person;
    its placeholders are fields of the fact. Fields hold ids, plain values and the numbers,
    symbols and names of things; never secrets, names of people or free text.
    """

    name: ClassVar[str]
    sentence: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fact as JSON-ready values: times as ISO 8601 in UTC, days as ISO dates."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"A fact cannot hold {type(value).__name__}.")


KINDS = (
    "access_point",
    "account",
    "code",
    "container",
    "copy",
    "cylinder",
    "firm",
    "import",
    "incident",
    "key",
    "key_system",
    "lock",
    "person",
    "ring",
    "site",
    "space",
)
"""What a fact can be about. A field named `…<kind>_id` or `…<kind>_ids` points at one."""

_BY_LENGTH = sorted(KINDS, key=len, reverse=True)


def _kind_of(field: str) -> str | None:
    for suffix in ("_id", "_ids"):
        if field.endswith(suffix):
            stem = field.removesuffix(suffix)
            return next((k for k in _BY_LENGTH if stem == k or stem.endswith("_" + k)), None)
    return None


@lru_cache(maxsize=1024)
def _pointers(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The fields among these that point at a thing, in alphabetical order, and at what kind."""
    return tuple((name, kind) for name in sorted(names) if (kind := _kind_of(name)))


def mentions(payload: Mapping[str, Any], import_id: int | None = None) -> Iterator[tuple[str, int]]:
    """Each (kind, id) a payload points at, once; and the import it came with, if any."""
    seen: set[tuple[str, int]] = set()
    if import_id is not None:
        seen.add(("import", import_id))
        yield "import", import_id
    for field, kind in _pointers(tuple(payload)):
        value = payload[field]
        if value is None:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, int) and (kind, item) not in seen:
                seen.add((kind, item))
                yield kind, item


def gettext_noop(message: str) -> str:
    """Mark `message` for translation without translating it here."""
    return message
