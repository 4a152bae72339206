"""What an address asks for: numbers, days and words in its query, read without trust."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from keystead.kernel.clock import local_to_utc

MOST_DIGITS = 18


def number(request: HttpRequest, name: str) -> int | None:
    """A positive whole number of the query, or None where it is missing or nonsense."""
    text = request.GET.get(name, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        return None
    return int(text) or None


def words(request: HttpRequest, name: str, longest: int = 80) -> str:
    """A short text of the query, trimmed."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]


def choice(request: HttpRequest, name: str, allowed: tuple[str, ...], otherwise: str = "") -> str:
    """A word of the query if it is one of those allowed."""
    found = words(request, name)
    return found if found in allowed else otherwise


def day(request: HttpRequest, name: str) -> date | None:
    """A day of the query (2026-11-23), or None."""
    try:
        return date.fromisoformat(words(request, name))
    except ValueError:
        return None


def start_of(chosen: date | None, zone: str) -> datetime | None:
    """The first moment of a day at a place, as aware UTC."""
    return local_to_utc(datetime.combine(chosen, time()), zone) if chosen else None


def address(base: str, **query: Any) -> str:
    """An address with this query; what is empty is left out."""
    kept = {name: value for name, value in query.items() if value not in (None, "", 0, False)}
    return f"{base}?{urlencode(kept)}" if kept else base
