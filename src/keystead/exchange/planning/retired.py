"""Rows that name what is out of use: asked about, so that nothing comes back unnoticed.

Pure: what is retired, and which copies are on the register already, comes in as values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from keystead.exchange.planning.doubts import Answers, Doubts, in_order
from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import (
    AccessPoint,
    CodeFound,
    Copy,
    Outcome,
    PlannedRow,
    number_identity,
    path_identity,
)

KINDS = ("place", "container", "door", "key", "ring")
"""What can be out of use, in the order in which it comes back: what holds others first."""


def name_of(kind: str, identity: str) -> str:
    """How a retired thing is called here: its kind and what an import finds it under."""
    return f"{kind}:{identity}"


@dataclass(frozen=True, slots=True)
class Retired:
    """What is out of use, by name: since which day. `copies` are those on the register already,
    by the identity of their key."""

    since: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, frozenset[str]] = field(default_factory=dict)


def settled(plan: Plan, retired: Retired, answers: Answers) -> Plan:
    """The plan with its questions about retired things, and with what was answered to them.

    A row that brings nothing new is not asked about: what is on the register stays as it is.
    """
    doubts = Doubts(answers)
    rows = tuple(
        _Reading(row, retired, doubts).settled() if row.outcome is Outcome.PLANNED else row
        for row in plan.rows
    )
    return Plan(rows, in_order([*plan.doubts, *doubts.all()]))


class _Reading:
    """One row on its way through the questions."""

    def __init__(self, row: PlannedRow, retired: Retired, doubts: Doubts) -> None:
        self.row = row
        self.retired = retired
        self.doubts = doubts
        self.revives: set[str] = set()
        self.answers: dict[str, str] = {}

    def settled(self) -> PlannedRow:
        """The row as it is to be written."""
        row = self.row
        fresh = [copy for copy in row.copies if not self._is_there(copy)]
        if not fresh and not row.codes:
            return self._as_it_is()
        shown = self._named(fresh)
        for name, text in shown.items():
            kind = name.partition(":")[0]
            choice = self.doubts.ask(
                f"{kind}-retired",
                sheet=row.sheet,
                row=row.number,
                found=text,
                about=name,
                since=self.retired.since[name],
            )
            if choice == "skip":
                return replace(
                    row,
                    outcome=Outcome.LEFT_OUT,
                    key=None,
                    copies=(),
                    spaces=(),
                    opens=(),
                    codes=(),
                )
            self.answers[name] = choice
        self.revives = {name for name, choice in self.answers.items() if choice == "back"}
        return replace(
            row,
            copies=tuple(self._copy(copy) for copy in row.copies),
            opens=tuple(point for point in row.opens if not self._is_without(_door(point))),
            codes=tuple(code for code in row.codes if not self._is_without(*_boxes([code]))),
            revives=frozenset(self.revives),
        )

    def _is_there(self, copy: Copy) -> bool:
        known = self.retired.copies.get(copy.key.identity, frozenset())
        return number_identity(copy.number) in known

    def _as_it_is(self) -> PlannedRow:
        """A row of copies that are all there: nothing retired is touched for them."""
        row = self.row
        keys = {name_of("key", copy.key.identity) for copy in row.copies}
        places = set(_places(row, list(row.copies)))
        doors = {_door(point) for point in row.opens}
        if not self.retired.since.keys() & (keys | places | doors):
            return row
        return replace(row, spaces=(), opens=())

    def _named(self, fresh: list[Copy]) -> dict[str, str]:
        """Every retired thing the row would need, with how to call it."""
        row = self.row
        found = _places(row, fresh)
        found |= {name: text for copy in fresh for name, text in _home(copy).items()}
        found |= {name: _box_text(code) for code in row.codes for name in _boxes([code])}
        found |= {_door(point): point.name for point in row.opens}
        found |= {name_of("key", copy.key.identity): copy.key.label for copy in fresh}
        found |= {name_of("ring", c.ring.identity): c.ring.name for c in fresh if c.ring}
        return {name: text for name, text in found.items() if name in self.retired.since}

    def _is_without(self, *names: str) -> bool:
        return any(self.answers.get(name) == "without" for name in names)

    def _copy(self, copy: Copy) -> Copy:
        """The copy without the place or ring that stays out of use; the text is kept."""
        if copy.ring is not None and self._is_without(name_of("ring", copy.ring.identity)):
            copy = replace(copy, ring=None)
        if copy.home is None or not self._is_without(*_home(copy)):
            return copy
        where = " ".join(filter(None, [copy.home.container.name, copy.home.position]))
        remark = "\n".join(filter(None, [copy.remark, where]))
        return replace(copy, home=None, remark=remark)


def _door(point: AccessPoint) -> str:
    return name_of("door", point.identity)


def _home(copy: Copy) -> dict[str, str]:
    if copy.home is None:
        return {}
    box = copy.home.container
    return {name_of("container", box.identity): box.name}


def _boxes(codes: list[CodeFound]) -> Iterator[str]:
    for code in codes:
        if code.container is not None:
            yield name_of("container", code.container.identity)
        if code.access_point is not None:
            yield _door(code.access_point)


def _box_text(code: CodeFound) -> str:
    place = code.container or code.access_point
    return place.name if place else ""


def _places(row: PlannedRow, copies: list[Copy]) -> dict[str, str]:
    """The sites and spaces a row names, each with all that is around it."""
    paths = [space.path for space in row.spaces]
    paths += [point.path for point in row.opens]
    paths += [copy.home.container.path for copy in copies if copy.home is not None]
    paths += [code.container.path for code in row.codes if code.container is not None]
    paths += [code.access_point.path for code in row.codes if code.access_point is not None]
    return {
        name_of("place", path_identity(path[:depth])): path[depth - 1]
        for path in paths
        for depth in range(1, len(path) + 1)
    }
