"""When something was so: sets of half-open intervals of aware UTC times. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

EVER = datetime.min.replace(tzinfo=UTC)
"""Before all records."""
NEVER = datetime.max.replace(tzinfo=UTC)
"""After all records; the end of what still lasts."""
TICK = timedelta(microseconds=1)
"""The shortest interval there is: one instant, as times are kept."""

Spans = tuple[tuple[datetime, datetime], ...]
"""Disjoint half-open intervals in order, none empty and no two that touch."""

NONE: Spans = ()
ALWAYS: Spans = ((EVER, NEVER),)


def span(start: datetime | None, end: datetime | None) -> Spans:
    """From `start` (None: ever) until before `end` (None: it still lasts); maybe empty."""
    first, last = start or EVER, end or NEVER
    return ((first, last),) if first < last else NONE


def instant(at: datetime) -> Spans:
    """The shortest interval that has `at` in it."""
    return ((at, at + TICK),)


def union(parts: Iterable[Spans]) -> Spans:
    """When at least one of these was so."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(pair for spans in parts for pair in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def meet(parts: Sequence[Spans]) -> Spans:
    """When all of these were so; always, if there are none."""
    found = ALWAYS
    for spans in parts:
        found = _both(found, spans)
        if not found:
            break
    return found


def _both(one: Spans, other: Spans) -> Spans:
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def has(spans: Spans, at: datetime) -> bool:
    """Whether it was so at this instant."""
    return any(start <= at < end for start, end in spans)
