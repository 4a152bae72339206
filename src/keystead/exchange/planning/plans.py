"""A plan: what an import would write, and what has to be settled before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

from keystead.exchange.planning.doubts import Answers, Doubt
from keystead.exchange.planning.records import (
    AccessPoint,
    CodeFound,
    Container,
    Copy,
    Holder,
    Key,
    Outcome,
    PlannedRow,
    Ring,
    Space,
)


class _Named(Protocol):
    @property
    def identity(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


@dataclass(frozen=True)
class Plan:
    """Every row of a file with what it leads to, and every doubt.

    The same file, layouts, answers and day always give an equal plan.
    """

    rows: tuple[PlannedRow, ...] = field(repr=False)
    doubts: tuple[Doubt, ...] = field(repr=False)

    @cached_property
    def questions(self) -> tuple[Doubt, ...]:
        """The doubts that still block the import."""
        return tuple(doubt for doubt in self.doubts if doubt.blocks)

    @property
    def is_ready(self) -> bool:
        """Whether every question is answered."""
        return not self.questions

    def suggested(self) -> Answers:
        """Answers that take the default of every open question."""
        return Answers({doubt.id: doubt.default for doubt in self.questions})

    @cached_property
    def copies(self) -> tuple[Copy, ...]:
        """Every copy, in the order of the file."""
        return tuple(copy for row in self.rows for copy in row.copies)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every key once."""
        return _once(copy.key for copy in self.copies)

    @cached_property
    def rings(self) -> tuple[Ring, ...]:
        """Every ring once."""
        return _once(copy.ring for copy in self.copies if copy.ring)

    @cached_property
    def holders(self) -> tuple[Holder, ...]:
        """Every holder once, those who only know a code included."""
        knowers = (knower for code in self.codes for knower in code.knowers)
        return _once([*(copy.holder for copy in self.copies if copy.holder), *knowers])

    @cached_property
    def spaces(self) -> tuple[Space, ...]:
        """Every site and space once, outer ones first."""
        found = _once(space for row in self.rows for space in row.spaces)
        return tuple(sorted(found, key=lambda space: len(space.path)))

    @cached_property
    def access_points(self) -> tuple[AccessPoint, ...]:
        """Every access point once, alarm panels and doors of codes included."""
        coded = [code.access_point for code in self.codes if code.access_point]
        return _once([*(point for row in self.rows for point in row.opens), *coded])

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """Every container once."""
        coded = [code.container for code in self.codes if code.container]
        return _once([*(copy.home.container for copy in self.copies if copy.home), *coded])

    @cached_property
    def codes(self) -> tuple[CodeFound, ...]:
        """Every code and every knowledge of a code, in the order of the file."""
        return tuple(code for row in self.rows for code in row.codes)

    @cached_property
    def opens(self) -> dict[str, tuple[AccessPoint, ...]]:
        """What each key (by identity) opens, collected from all its rows."""
        found: dict[str, dict[str, AccessPoint]] = {}
        for row in self.rows:
            for key in {copy.key.identity for copy in row.copies}:
                for point in row.opens:
                    found.setdefault(key, {}).setdefault(point.identity, point)
        return {key: tuple(points.values()) for key, points in found.items()}

    def outcomes(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        """The rows with this outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    def __iter__(self) -> Iterator[PlannedRow]:
        return iter(self.rows)


def _once(found: Iterable[_T]) -> tuple[_T, ...]:
    first: dict[str, _T] = {}
    for one in found:
        first.setdefault(one.identity, one)
    return tuple(first.values())
