"""The register of copies as a file, and knowing such a file again when it comes back."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from keystead.custody import queries as custody
from keystead.custody.queries import StayView
from keystead.exchange.guessing import Field, Layout, Purpose
from keystead.exchange.problems import as_text
from keystead.exchange.tables import Book, Table, make_table
from keystead.journal import queries as journal
from keystead.journal.operation import scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.keys import queries as keys
from keystead.keys.queries import CopyView

AT_ONCE = 500
BOM = "\ufeff"
COLUMNS = {
    "Key": Field.KEY,
    "Name": Field.KEY_NAME,
    "Copy number": Field.NUMBER,
    "Mark": Field.UNKNOWN,
    "State": Field.STATUS,
    "Holder": Field.HOLDER,
    "Firm": Field.FIRM,
    "Out since": Field.ISSUED,
    "Due": Field.DUE,
    "Cabinet": Field.WHERE,
    "Hook": Field.HOOK,
    "Ring": Field.SET,
}
"""The headings, the same in every language, and what each column is when the file comes back."""
HEADINGS = _HEADINGS = tuple(COLUMNS)
_NUMBER, _MARK = _HEADINGS.index("Copy number"), _HEADINGS.index("Mark")
_CABINET, _HOOK = _HEADINGS.index("Cabinet"), _HEADINGS.index("Hook")
_STATES = {"stored": "in", "held": "out", "unaccounted": "missing"}


def copies_csv(actor: Actor) -> Iterator[str]:
    """Every copy and where it is, as the lines of a CSV file, read page by page.

    Each page is as the register is when it is read. Times are those of the workspace's zone.
    Needs the right to export, which is checked before the first line is asked for.
    """
    scope_of(actor, Right.EXPORT)
    zone = ZoneInfo(journal.workspace(actor.workspace_id).time_zone)
    return _lines(actor, zone)


def _lines(actor: Actor, zone: ZoneInfo) -> Iterator[str]:
    yield BOM + _csv([_HEADINGS])
    for page in _pages(actor, zone):
        yield _csv([tuple(map(as_text, cells)) for cells in page])


def copy_rows(
    actor: Actor, zone: ZoneInfo, *, escape: Callable[[str], str] = as_text
) -> Iterator[tuple[str, ...]]:
    """Every copy and where it is, as the cells under `HEADINGS`."""
    for page in _pages(actor, zone):
        for cells in page:
            yield tuple(map(escape, cells))


def _pages(actor: Actor, zone: ZoneInfo) -> Iterator[list[tuple[str, ...]]]:
    after = 0
    while page := keys.copies_after(actor, after, AT_ONCE):
        stays = custody.whereabouts(actor, [copy.id for copy in page])
        yield [_cells(copy, stays[copy.id], zone) for copy in page]
        after = page[-1].id


def _cells(copy: CopyView, stay: StayView, zone: ZoneInfo) -> tuple[str, ...]:
    state = stay.reason if stay.state == "missing" else stay.state
    is_out = stay.state == "held"
    return (
        copy.key_label,
        copy.key_name if copy.key_name != copy.key_label else "",
        str(copy.number),
        copy.mark,
        _STATES.get(state, state),
        (stay.holder or "") if is_out else "",
        (stay.firm_name or "") if is_out else "",
        _time(stay.since, zone) if is_out else "",
        _time(stay.due_at, zone) if is_out else "",
        copy.home_container_name or "",
        copy.home_position_label or "",
        copy.ring_name or "",
    )


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def _csv(rows: list[tuple[str, ...]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def recognised(book: Book) -> Book:
    """The book with Keystead's own export in one column for what is written on a copy.

    A copy with a mark is found by it, whatever its number; cabinet and hook are one place; and
    the apostrophes that keep a spreadsheet from calculating are taken off. Other tables stay.
    """
    tables = tuple(_read_back(table) if is_own(table) else table for table in book.tables)
    return replace(book, tables=tables)


def is_own(table: Table) -> bool:
    """Whether a table is an export of copies, by its headings."""
    return bool(table.rows) and table.rows[0].cells == _HEADINGS


def own_layout() -> Layout:
    """What the columns of an export are."""
    return Layout(Purpose.REGISTER, 1, tuple(COLUMNS.values()))


def _read_back(table: Table) -> Table:
    rows = [list(_HEADINGS)]
    for row in table.rows[1:]:
        cells = [_plain(cell) for cell in row.cells]
        cells[_NUMBER] = cells[_MARK] or cells[_NUMBER]
        cells[_MARK] = ""
        if cells[_CABINET] and cells[_HOOK]:
            cells[_HOOK] = f"{cells[_CABINET]}/{cells[_HOOK]}"
        cells[_HOOK] = cells[_HOOK] or cells[_CABINET]
        cells[_CABINET] = ""
        rows.append(cells)
    made = make_table(table.name, rows, is_hidden=table.is_hidden)
    return replace(made, rows=tuple(replace(r, cells=_wide(r.cells)) for r in made.rows))


def _wide(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (*cells, *[""] * (len(_HEADINGS) - len(cells)))


def _plain(cell: str) -> str:
    bare = cell[1:] if cell.startswith("'") else cell
    return bare if as_text(bare) == cell else cell
