"""One page of a long list, and the ways to the ones before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from keystead.web import asked

PER_PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The rows of a page; addresses are empty where there is no other page."""

    rows: list[T]
    summary: str
    prev_url: str
    next_url: str


def paged(
    request: HttpRequest, fetch: Callable[[int, int], list[T]], per_page: int = PER_PAGE
) -> Paged[T]:
    """Rows from `fetch(limit, offset)`, beginning where the address says (`from`, default 0)."""
    start = asked.number(request, "from") or 0
    found = fetch(per_page + 1, start)
    rows = found[:per_page]
    before, after = max(start - per_page, 0), start + per_page
    return Paged(
        rows,
        f"{start + 1}–{start + len(rows)}" if rows else "",
        _at(request, before) if start else "",
        _at(request, after) if len(found) > per_page else "",
    )


def _at(request: HttpRequest, start: int) -> str:
    """This address, beginning with another row; the filters stay."""
    query = {name: request.GET[name] for name in request.GET if name != "from"}
    return asked.address(request.path, **query, **({"from": start} if start else {}))
