"""A table as people may see it before an import: cells with codes masked, doubts beside them."""

from collections import defaultdict
from dataclasses import dataclass

from keystead.exchange import codes
from keystead.exchange.guessing import heading, secret_columns
from keystead.exchange.guessing.fields import Field, Layout
from keystead.exchange.planning.doubts import Doubt
from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import Outcome
from keystead.exchange.tables import Table
from keystead.kernel.secret import MASK


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading or letter, and what it is taken for."""

    heading: str
    field: Field


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row with codes masked; `outcome` and `doubts` come from the plan, if there is one."""

    number: int
    cells: tuple[str, ...]
    outcome: Outcome | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A part of a table."""

    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[PreviewRow, ...]
    row_count: int


def preview(
    table: Table, layout: Layout, plan: Plan | None = None, *, first: int = 1, limit: int = 50
) -> Preview:
    """`limit` rows from row number `first` on, each with its doubts."""
    secret = secret_columns(table, layout)
    columns = tuple(
        Column(heading(table, layout, n), field) for n, field in enumerate(layout.fields)
    )
    shown = [row for row in table.rows if first <= row.number < first + limit]
    doubts = _doubts(table.name, plan, first, first + limit)
    outcomes = {
        row.number: row.outcome for row in (plan.rows if plan else ()) if row.sheet == table.name
    }
    rows = tuple(
        PreviewRow(
            row.number,
            tuple(shown_cell(cell, is_secret=n in secret) for n, cell in enumerate(row.cells)),
            outcomes.get(row.number),
            tuple(doubts.get(row.number, ())),
        )
        for row in shown
    )
    return Preview(table.name, columns, rows, len(table.rows))


def shown_cell(cell: str, *, is_secret: bool) -> str:
    """A cell with codes masked; the mask has one width, whatever the code's length."""
    if is_secret:
        return MASK if cell.strip() else ""
    return codes.masked(cell)


def _doubts(sheet: str, plan: Plan | None, start: int, end: int) -> dict[int, list[Doubt]]:
    found: dict[int, list[Doubt]] = defaultdict(list)
    for doubt in plan.doubts if plan else ():
        if doubt.sheet == sheet:
            for row in doubt.rows:
                if start <= row < end:
                    found[row].append(doubt)
    return found
