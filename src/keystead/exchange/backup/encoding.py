"""One neutral text for each value, the same whatever database it came from. Pure.

A column has a kind; a value is null, true or false, a whole number, or a text that its kind
explains. `encode` and `decode` are inverse; `decode` takes nothing on trust.
"""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

Plain = None | bool | int | str
MOST = 2**63


class BadValue(ValueError):
    """A value that its column cannot have."""


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _datetime(value: datetime) -> str:
    if value.tzinfo is None:
        raise BadValue("a time without a zone")
    return value.astimezone(UTC).isoformat()


_ENCODERS: dict[str, Callable[[Any], Plain]] = {
    "bool": bool,
    "int": int,
    "float": lambda value: repr(float(value)),
    "text": str,
    "bytes": lambda value: base64.b64encode(bytes(value)).decode(),
    "datetime": _datetime,
    "date": lambda value: str(value.isoformat()),
    "time": lambda value: str(value.isoformat()),
    "duration": lambda value: int(value // timedelta(microseconds=1)),
    "uuid": str,
    "decimal": str,
    "json": canonical_json,
}
KINDS = frozenset(_ENCODERS)


def encode(kind: str, value: Any) -> Plain:
    """The neutral form of a value of this kind. Raises BadValue for what does not fit."""
    if value is None:
        return None
    try:
        return _ENCODERS[kind](value)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadValue(f"{type(value).__name__} is no {kind}") from error


def _whole(value: Plain) -> int:
    if type(value) is not int or not -MOST <= value < MOST:
        raise BadValue("not a whole number")
    return value


def _text(value: Plain) -> str:
    if type(value) is not str:
        raise BadValue("not a text")
    value.encode()  # refuses halves of letters
    return value


def _truth(value: Plain) -> bool:
    if type(value) is not bool:
        raise BadValue("neither true nor false")
    return value


def _moment(value: Plain) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() != timedelta(0):
        raise BadValue("a time that is not in UTC")
    return moment


_DECODERS: dict[str, Callable[[Plain], Any]] = {
    "bool": _truth,
    "int": _whole,
    "float": lambda value: float(_text(value)),
    "text": _text,
    "bytes": lambda value: base64.b64decode(_text(value), validate=True),
    "datetime": _moment,
    "date": lambda value: date.fromisoformat(_text(value)),
    "time": lambda value: time.fromisoformat(_text(value)),
    "duration": lambda value: timedelta(microseconds=_whole(value)),
    "uuid": lambda value: UUID(_text(value)),
    "decimal": lambda value: Decimal(_text(value)),
    "json": lambda value: json.loads(_text(value)),
}


def decode(kind: str, value: Plain) -> Any:
    """The value behind a neutral form. Raises BadValue, whatever somebody wrote there."""
    if value is None:
        return None
    try:
        return _DECODERS[kind](value)
    except (
        ValueError,
        OverflowError,
        RecursionError,
        InvalidOperation,
        binascii.Error,
    ) as error:
        raise BadValue(f"not a {kind}") from error
