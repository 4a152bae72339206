"""Lists that are read page by page: how they are sorted, and going on behind a known place.

A place in a list is told by the values the list is sorted by, not by a count of rows: what is
added or renamed meanwhile moves nobody else to another page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet

Value = str | int | datetime | date | None
Spot = tuple[Any, ...]
"""Where a row stands in a sorted list: plain values, or tuples of them."""

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Column:
    """One value to sort by: its path in the database and where a view has it."""

    path: str
    of: Callable[[Any], Value]
    is_falling: bool = False
    may_be_empty: bool = False

    def clause(self) -> Any:
        """For `order_by`; empty values come last on every database."""
        if self.is_falling:
            return F(self.path).desc()
        return F(self.path).asc(nulls_last=True) if self.may_be_empty else self.path

    def equal(self, value: Value) -> Q:
        """Rows with this value."""
        return Q(**{f"{self.path}__isnull": True} if value is None else {self.path: value})

    def behind(self, value: Value) -> Q:
        """Rows that come after all those with this value."""
        if value is None:
            return Q(pk__in=())
        later = Q(**{f"{self.path}__{'lt' if self.is_falling else 'gt'}": value})
        return later | Q(**{f"{self.path}__isnull": True}) if self.may_be_empty else later


class Order:
    """The order of a list: columns such as `"number"`, `"-valid_to=until"` (falling, called
    `until` in the view) or `"loan__review_on?=review_on"` (may be empty); the last is unique."""

    def __init__(self, *columns: str | tuple[str, Callable[[Any], Value]]) -> None:
        self._columns = tuple(map(_column, columns))

    def spot(self, view: Any) -> Spot:
        """Where the row behind this view stands."""
        return tuple(column.of(view) for column in self._columns)

    def page(
        self,
        rows: QuerySet[M],
        *,
        after: Spot | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> QuerySet[M]:
        """These rows in order: those behind `after`, at most `limit`, without the first ones."""
        if after is not None:
            rows = rows.filter(self._behind(after))
        ordered = rows.order_by(*(column.clause() for column in self._columns))
        return ordered[offset:] if limit is None else ordered[offset : offset + limit]

    def _behind(self, after: Spot) -> Q:
        """Behind by the first value, or equal there and behind by the rest."""
        pairs = list(zip(self._columns, after, strict=True))
        last, value = pairs.pop()
        found = reduce(
            lambda rest, pair: pair[0].behind(pair[1]) | (pair[0].equal(pair[1]) & rest),
            reversed(pairs),
            last.behind(value),
        )
        if not pairs:
            return found
        first, value = pairs[0]
        return (first.behind(value) | first.equal(value)) & found


def _column(told: str | tuple[str, Callable[[Any], Value]]) -> Column:
    text, of = (told, None) if isinstance(told, str) else told
    path, _, name = text.partition("=")
    is_falling, may_be_empty = path.startswith("-"), path.endswith("?")
    path = path.strip("-?")
    return Column(path, of or attrgetter(name or path), is_falling, may_be_empty)
