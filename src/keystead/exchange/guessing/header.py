"""Where the heading row is: below titles, above the data, or nowhere."""

from keystead.exchange.guessing import dates, synonyms
from keystead.exchange.tables import Row, Table

_LOOKED_AT = 30
_KNOWN = 0.6


def find(table: Table) -> int | None:
    """The number of the heading row, or None when the table starts with data."""
    candidates = [row for row in table.rows[:_LOOKED_AT] if not row.is_blank]
    best = max(candidates, key=_known_headings, default=None)
    if best is not None and _known_headings(best) >= min(2, _filled(best)):
        return best.number
    return _unknown_headings(candidates)


def _known_headings(row: Row) -> int:
    return sum(max(synonyms.meanings(c).values(), default=0.0) >= _KNOWN for c in row.cells)


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _unknown_headings(rows: list[Row]) -> int | None:
    """The first full row of different words without digits, as headings of any language are."""
    if len(rows) < 2:
        return None
    widest = max(map(_filled, rows))
    first = next(row for row in rows if _filled(row) >= max(1, widest * 0.8))
    cells = [cell.strip() for cell in first.cells if cell.strip()]
    texts = all(not any(c.isdigit() for c in cell) and len(cell) <= 40 for cell in cells)
    below = [row for row in rows if row.number > first.number]
    differs = any(
        any(c.isdigit() for c in cell) or dates.looks_like_date(cell)
        for row in below
        for cell in row.cells
    )
    if texts and differs and len(set(cells)) == len(cells):
        return first.number
    return None
