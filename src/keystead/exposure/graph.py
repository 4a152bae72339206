"""What follows from what somebody has: an AND-OR graph over time, and the shortest reason. Pure.

A node is something one can have, open or be in: a copy in the hand, a code known, a lock, a door, a
box, a space. A `Step` says that whoever has all of its `needs` has its `head`, as long as the step
itself is true. What a person has to begin with are steps that need nothing. Cycles do no harm: a
spare locked behind its own door opens nothing, because nothing follows from itself.

A chain counts in a window if at one instant in it all of its steps were true. Every node therefore
has the times at which it could be had, and these are intersected (all of a step's needs) and united
(any of a node's steps).
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import count

from keystead.kernel.intervals import NONE, Spans, has, meet, union

Node = tuple[str, int]
"""Kind and number of a thing."""


class Confidence(IntEnum):
    """How sure it is that somebody gets in by a chain: as sure as its weakest step."""

    HOLDS = 1
    KNOWS = 2
    APP = 3
    CAN_FETCH = 4
    STILL_LIVE = 5
    UNACCOUNTED = 6
    MAY_BE_GIVEN = 7


@dataclass(frozen=True, slots=True)
class Step:
    """Who has all of `needs` has `head`, at the times `when`, with at most this `confidence`.

    `why` names the record that says so, for the one who draws the chain.
    """

    head: Node
    needs: tuple[Node, ...]
    when: Spans
    confidence: Confidence
    why: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps to a node, each after what it needs, at one instant when all of them were true."""

    steps: tuple[Step, ...]
    at: datetime
    confidence: Confidence


class Graph:
    """Steps that are the same for everybody; `begin` below is what one person has."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._of: dict[Node, list[Step]] = defaultdict(list)
        self._free: list[Step] = []
        for step in steps:
            if not step.needs:
                self._free.append(step)
            for node in set(step.needs):
                self._of[node].append(step)

    def times(
        self,
        begin: Sequence[Step],
        window: Spans,
        worst: Confidence = Confidence.MAY_BE_GIVEN,
    ) -> dict[Node, Spans]:
        """When each node could be had within the window, by steps no less sure than `worst`."""
        found: dict[Node, Spans] = {}
        waiting: dict[Node, None] = {}

        def take(step: Step) -> None:
            if step.confidence > worst:
                return
            before = found.get(step.head, NONE)
            parts = [window, step.when, *(found.get(node, NONE) for node in step.needs)]
            after = union((before, meet(parts)))
            if after != before:
                found[step.head] = after
                waiting[step.head] = None

        for step in (*self._free, *begin):
            take(step)
        while waiting:
            node, _none = waiting.popitem()
            for step in self._of[node]:
                take(step)
        return found

    def chain(self, begin: Sequence[Step], target: Node, window: Spans) -> Chain | None:
        """The shortest of the surest chains to the target within the window, at its first instant.

        No step of it can be left out: there is one step to each node, and each is needed. None if
        there is no chain.
        """
        for worst in Confidence:
            if spans := self.times(begin, window, worst).get(target):
                at = spans[0][0]
                return Chain(self._shortest(begin, target, at, worst), at, worst)
        return None

    def _shortest(
        self, begin: Sequence[Step], target: Node, at: datetime, worst: Confidence
    ) -> tuple[Step, ...]:
        """Knuth's generalisation of Dijkstra's algorithm: costs of needs add up, plus one."""
        best: dict[Node, Step] = {}
        cost: dict[Node, int] = {}
        missing: dict[Step, int] = {}
        queue: list[tuple[int, int, Step]] = []
        numbers = count()

        def offer(step: Step) -> None:
            total = 1 + sum(cost[node] for node in step.needs)
            heapq.heappush(queue, (total, next(numbers), step))

        for step in (*self._free, *begin):
            if step.confidence <= worst and has(step.when, at):
                offer(step)
        while queue and target not in best:
            total, _order, step = heapq.heappop(queue)
            if step.head in best:
                continue
            best[step.head], cost[step.head] = step, total
            for after in self._of[step.head]:
                if after.confidence > worst or not has(after.when, at):
                    continue
                missing[after] = missing.get(after, len(set(after.needs))) - 1
                if missing[after] == 0:
                    offer(after)
        return tuple(sorted(_leading_to(target, best), key=lambda step: cost[step.head]))


def _leading_to(target: Node, best: Mapping[Node, Step]) -> Iterator[Step]:
    """The steps that lead to the target, each once."""
    waiting, seen = [target], {target}
    while waiting:
        step = best[waiting.pop()]
        yield step
        waiting += set(step.needs) - seen
        seen.update(step.needs)
