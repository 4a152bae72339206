"""What callers may send: ids in range, text a database can keep, times that say their zone."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from keystead.api.cursors import LONGEST

LARGEST_ID = 2**63 - 1
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Body(BaseModel):
    """What a caller sends. A field nobody knows is refused, so that no typing error is lost."""

    model_config = ConfigDict(extra="forbid")


def _only_text(pattern: str, example: str) -> BeforeValidator:
    """Numbers would be taken for seconds since 1970, and a day for its midnight."""
    form = re.compile(pattern)

    def check(value: Any) -> Any:
        if not isinstance(value, str) or not form.match(value):
            raise PydanticCustomError(
                "text-such-as", "This must be text such as {example}.", {"example": example}
            )
        return value

    return BeforeValidator(check)


def _in_range(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise PydanticCustomError("year-out-of-range", "This year is out of range.")
    return value


PathId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""An id in an address or query."""
Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
"""An id in a body: a whole number, not text or true."""
Ids = Annotated[list[Id], Field(max_length=500)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
Note = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Moment = Annotated[
    AwareDatetime,
    _only_text(r"\d{4}-\d\d-\d\dT", "2026-11-24T17:00:00+01:00"),
    AfterValidator(_in_range),
]
"""ISO 8601 with an offset: 2026-11-24T17:00:00+01:00."""
Day = Annotated[date, _only_text(r"\d{4}-\d\d-\d\d$", "2026-11-24")]
"""A day at the site: 2026-11-24."""

State = Literal["stored", "held", "missing", "destroyed"]
MissingKind = Literal["lost", "stolen", "unaccounted"]
IncidentKind = Literal[
    "lost", "stolen", "unaccounted", "missing-part", "damaged", "wrong-seal", "compromised"
]
SpaceKind = Literal["building", "floor", "flat", "room", "yard", "other"]
AccessPointKind = Literal[
    "door", "gate", "safe", "vehicle", "cabinet", "mailbox", "padlock", "alarm-panel", "other"
]
ContainerKind = Literal["cabinet", "lockbox", "safe", "drawer", "envelope", "other"]
LockKind = Literal["mechanical", "keypad", "smart"]
KeyKind = Literal["metal", "fob", "card", "remote", "other"]
TaggedKind = Literal["copy", "ring", "container", "access_point"]
"""Closed sets; a test compares them with the rules."""

Limit = Annotated[int, Field(ge=1, le=200)]
After = Annotated[
    str | None, Field(max_length=LONGEST, description="`next` of the page before, as it was.")
]
Words = Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")]
