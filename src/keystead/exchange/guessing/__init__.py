"""A first reading of a table: which row is the heading, which column is what."""

from dataclasses import replace

from keystead.exchange import codes
from keystead.exchange.guessing import content, header, synonyms
from keystead.exchange.guessing.fields import REPEATABLE, Field, Layout, Purpose
from keystead.exchange.tables import Table
from keystead.kernel.text import folded

__all__ = ["Field", "Layout", "Purpose", "guess", "heading", "secret_columns"]

_ENOUGH = 0.2
_THE_KEY = (Field.KEY, Field.KEY_NAME, Field.OPENS, Field.SITE)
_SET_HEADINGS = ("set", "ring", "bund")


def guess(table: Table) -> Layout:
    """The likeliest layout of a table; a person may change every part of it."""
    at = header.find(table)
    fields = _assigned(table, at)
    if Field.KEY not in fields and _is_said(table, at, fields, Field.NUMBER):
        fields[fields.index(Field.NUMBER)] = Field.KEY
    elif Field.KEY not in fields and Field.KEY_NAME in fields:
        fields[fields.index(Field.KEY_NAME)] = Field.KEY
    layout = Layout(Purpose.REGISTER, at, tuple(fields))
    layout = replace(layout, purpose=_purpose(table, layout))
    return replace(layout, rows_are_sets=_rows_are_sets(table, layout))


def heading(table: Table, layout: Layout, column: int) -> str:
    """The heading of a column (counted from 0), or its letter when there is none."""
    if layout.header is not None:
        text = " ".join(table.at(layout.header).cells[column].split())
        if text:
            return codes.masked(text[:60])
    return letter(column)


def secret_columns(table: Table, layout: Layout) -> frozenset[int]:
    """The columns that hold nothing but codes: those said to, and those that look it.

    A column headed “PIN” full of digits stays secret when a person only calls it a remark.
    """
    found = set(layout.columns(Field.CODE))
    if layout.header is not None:
        for column in (*layout.columns(Field.UNKNOWN), *layout.columns(Field.NOTE)):
            said = synonyms.meanings(table.at(layout.header).cells[column])
            cells = [row.cells[column] for row in table.rows if row.number > layout.header]
            if Field.CODE in said and content.share(cells, codes.is_code) >= 0.5:
                found.add(column)
    return frozenset(found)


def letter(column: int) -> str:
    """A column's letters as a spreadsheet shows them: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _assigned(table: Table, at: int | None) -> list[Field]:
    """Give each meaning to the column it fits best; first come, first served on a tie."""
    body = [row.cells for row in table.rows if at is None or row.number > at]
    columns = list(zip(*body, strict=True)) if body else [()] * table.width
    wishes: list[tuple[float, int, Field]] = []
    for number, cells in enumerate(columns):
        said = synonyms.meanings(table.at(at).cells[number]) if at is not None else {}
        found = {f: content.adjusted(f, score, cells) for f, score in said.items()}
        for field, score in content.meanings(cells).items():
            found.setdefault(field, score)
        wishes += [(score, number, field) for field, score in found.items() if score >= _ENOUGH]
    fields = [Field.UNKNOWN] * table.width
    taken: set[Field] = set()
    for _score, number, field in sorted(wishes, key=lambda wish: (-wish[0], wish[1])):
        if fields[number] is Field.UNKNOWN and field not in taken:
            fields[number] = field
            taken |= set() if field in REPEATABLE else {field}
    return fields


def _is_said(table: Table, at: int | None, fields: list[Field], field: Field) -> bool:
    """Whether a column has this meaning because its heading says so, not by its cells alone."""
    if at is None or field not in fields:
        return False
    return field in synonyms.meanings(table.at(at).cells[fields.index(field)])


def _purpose(table: Table, layout: Layout) -> Purpose:
    """A sheet of codes has codes and no keys; a sheet that names no key is not read."""
    names_a_key = layout.has(*_THE_KEY)
    if layout.has(Field.CODE) and not layout.has(Field.KEY, Field.HOLDER, Field.NUMBER):
        return Purpose.CODES
    if not names_a_key or len(table.rows) <= (layout.header or 0):
        return Purpose.IGNORE
    return Purpose.REGISTER


def _rows_are_sets(table: Table, layout: Layout) -> bool:
    if not layout.has(Field.COUNT) or layout.has(Field.NUMBER) or layout.header is None:
        return False
    counted = folded(heading(table, layout, layout.columns(Field.COUNT)[0]))
    return layout.has(Field.SET) or any(word in counted.split() for word in _SET_HEADINGS)
