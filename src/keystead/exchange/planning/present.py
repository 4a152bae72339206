"""Places a file names without saying where on the site, and that are on the register already.

Pure: what is there comes in as values.
"""

from collections.abc import Iterator, Mapping

from keystead.exchange.planning.doubts import Answers, Doubts, in_order
from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import Outcome, PlannedRow, path_identity

Present = Mapping[tuple[str, str], tuple[str, str]]
"""By kind (`space` or `door`) and identity in the file: what it is called, and where it is."""


def told(plan: Plan, present: Present, answers: Answers) -> Plan:
    """The plan with a notice for each thing that is used instead of a second one being made."""
    if not present:
        return plan
    doubts = Doubts(answers)
    for row in plan.rows:
        if row.outcome is Outcome.PLANNED:
            for name in named(row):
                if name in present:
                    called, where = present[name]
                    doubts.ask(
                        "place-there",
                        sheet=row.sheet,
                        row=row.number,
                        found=called,
                        about=":".join(name),
                        where=where,
                    )
    return Plan(plan.rows, in_order([*plan.doubts, *doubts.all()]))


def named(row: PlannedRow) -> Iterator[tuple[str, str]]:
    """The spaces and doors of a row by kind and identity."""
    for path in paths(row):
        for depth in range(2, len(path) + 1):
            yield "space", path_identity(path[:depth])
    for point in row.opens:
        yield "door", point.identity
    for code in row.codes:
        if code.access_point is not None:
            yield "door", code.access_point.identity


def paths(row: PlannedRow) -> Iterator[tuple[str, ...]]:
    """Every place a row names, from its site on."""
    for space in row.spaces:
        yield space.path
    for point in row.opens:
        yield point.path
    for copy in row.copies:
        if copy.home is not None:
            yield copy.home.container.path
    for code in row.codes:
        if code.container is not None:
            yield code.container.path
        if code.access_point is not None:
            yield code.access_point.path
