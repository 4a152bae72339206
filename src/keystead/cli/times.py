"""Times on the command line: typed and told as clocks at the workspace show them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from keystead.cli.refusing import INVALID, Refused
from keystead.cli.session import Session
from keystead.cli.words import translate as _
from keystead.kernel.clock import local_to_utc

AHEAD = re.compile(r"(?:in )?(\d{1,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
CLOCK = re.compile(r"\d{1,2}:\d\d")


def moment(session: Session, text: str | None) -> str | None:
    """A local date and time (2026-11-24 17:00), a time today (17:00), or ISO with an offset.

    Returns ISO 8601 with an offset, as the API takes it. Raises Refused.
    """
    if text is None:
        return None
    typed = text.strip()
    if CLOCK.fullmatch(typed):
        today = datetime.now(UTC).astimezone(ZoneInfo(session.zone)).date()
        typed = f"{today.isoformat()} {typed.zfill(5)}"
    found = _read(datetime.fromisoformat, typed, "2026-11-24 17:00")
    if len(typed) <= len("2026-11-24"):
        raise Refused(_("Say the time, too: {day} 17:00").format(day=typed), INVALID)
    aware = found if found.tzinfo else local_to_utc(found, session.zone)
    return aware.isoformat()


def due(session: Session, text: str | None) -> str | None:
    """The same, or from now on: 2h, "2 hours", "30 min", 3d, "1 week". Raises Refused.

    Days and weeks keep the clock; minutes and hours are as long as they are.
    """
    found = AHEAD.fullmatch(text.strip()) if text else None
    if found is None:
        return moment(session, text)
    count, unit = int(found[1]), found[2][0].lower()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    local = now.astimezone(ZoneInfo(session.zone))
    if unit in "dw":
        ahead = local.replace(tzinfo=None) + timedelta(days=count * (7 if unit == "w" else 1))
        return local_to_utc(ahead, session.zone).isoformat()
    return (now + timedelta(minutes=count * (60 if unit == "h" else 1))).isoformat()


def day(text: str | None) -> str | None:
    """A day such as 2026-11-24. Raises Refused."""
    return _read(date.fromisoformat, text.strip(), "2026-11-24").isoformat() if text else None


def told(iso: str | None) -> str:
    """An instant of the API as people read it: 2026-11-24 17:00, in the zone it came in."""
    return iso[:16].replace("T", " ") if iso else ""


def _read(convert: Callable[[str], Any], text: str, example: str) -> Any:
    try:
        return convert(text)
    except ValueError:
        raise Refused(
            _("{text} cannot be read; write it like {example}.").format(text=text, example=example),
            INVALID,
        ) from None
