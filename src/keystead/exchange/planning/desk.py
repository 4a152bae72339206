"""The working table of a plan: sheets, one row at a time, and the doubts about them."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from keystead.exchange import codes, limits
from keystead.exchange.guessing import heading, secret_columns
from keystead.exchange.guessing.dates import Orders
from keystead.exchange.guessing.fields import Field, Layout
from keystead.exchange.planning.doubts import Choice, Doubts
from keystead.exchange.tables import Row, Table
from keystead.kernel.secret import MASK, Secret

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_SYMBOLS = (Field.KEY, Field.NUMBER)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a plan has to know from outside: the day at the site, and names for what has none.

    `site` holds the places and cabinets of a file that names no site of its own.
    """

    today: dt.date
    site: str = "Main site"
    cabinet: str = "Key cabinet"
    unnamed_key: str = "Unnamed key"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its layout. `secret_columns` hold nothing but codes."""

    table: Table
    layout: Layout
    headings: tuple[str, ...]
    secret_columns: frozenset[int]

    @property
    def name(self) -> str:
        """The sheet's or file's name."""
        return self.table.name

    def body(self) -> Iterator[Row]:
        """The rows below the heading."""
        start = self.layout.header or 0
        return (row for row in self.table.rows if row.number > start)

    def cells(self, *fields: Field) -> Iterator[tuple[int, str]]:
        """(row number, tidy text) of the filled cells with one of these meanings."""
        columns = [column for field in fields for column in self.layout.columns(field)]
        for row in self.body():
            for column in columns:
                if text := tidy(row.cells[column]):
                    yield row.number, text


@dataclass(slots=True)
class Desk:
    """Everything the steps of a plan share. `orders` is by sheet and column; the name maps
    give the spelling that counts."""

    settings: Settings
    doubts: Doubts
    orders: dict[tuple[str, int], Orders] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    known_symbols: frozenset[str] = frozenset()
    words: dict[tuple[Field, str], str] = field(default_factory=dict)
    firms_of: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def word(self, kind: Field, text: str) -> str:
        """A place, department or firm in the spelling that counts."""
        return self.words.get((kind, text), text)


@dataclass(frozen=True, slots=True)
class LooseCode:
    """A code taken out of a cell of a row, not yet tied to what it opens."""

    word: str
    is_alarm: bool
    value: Secret


class Case:
    """One row being read: its cells without codes, remarks to keep, and whether it is left out."""

    def __init__(self, desk: Desk, sheet: Sheet, row: Row) -> None:
        self.desk = desk
        self.sheet = sheet
        self.row = row
        self.notes: list[str] = []
        self.is_left_out = False
        self.codes: list[LooseCode] = []
        self._texts = [self._without_codes(n, cell) for n, cell in enumerate(row.cells)]

    def text(self, field: Field) -> str:
        """The cell with this meaning, trimmed, on one line, codes masked; empty if none."""
        columns = self.sheet.layout.columns(field)
        return tidy(self._texts[columns[0]]) if columns else ""

    def texts(self, field: Field) -> Iterator[tuple[str, str]]:
        """(heading, text) of every filled cell with this meaning."""
        for column in self.sheet.layout.columns(field):
            if text := tidy(self._texts[column]):
                yield self.sheet.headings[column], text

    def heading(self, field: Field) -> str:
        """The heading of the column with this meaning; empty if there is none."""
        columns = self.sheet.layout.columns(field)
        return self.sheet.headings[columns[0]] if columns else ""

    def ask(
        self,
        kind: str,
        field: Field | None = None,
        *,
        found: str = "",
        about: str | None = None,
        rows: tuple[int, ...] = (),
        choices: tuple[Choice, ...] = (),
        **values: str,
    ) -> str:
        """Note a doubt about this row and return what to do; `skip` leaves the row out."""
        choice = self.desk.doubts.ask(
            kind,
            sheet=self.sheet.name,
            row=self.row.number,
            rows=rows,
            column=self.heading(field) if field else "",
            found=found,
            about=about,
            choices=choices,
            **values,
        )
        self.is_left_out = self.is_left_out or choice == "skip"
        return choice

    def keep(self, heading: str, text: str) -> None:
        """Keep a cell's text in the remark, under its heading."""
        note = f"{heading}: {text}" if heading else text
        if text and note not in self.notes:
            self.notes.append(note)

    def keep_cell(self, field: Field) -> None:
        """Keep the cell with this meaning in the remark."""
        self.keep(self.heading(field), self.text(field))

    def name(self, field: Field, text: str, longest: int = limits.MAX_NAME_CHARS) -> str:
        """A text fit to be a name: not too long, and no formula goes unnoticed."""
        if text.startswith(("=", "@")):
            self.ask("formula", field, found=text)
        if len(text) > longest:
            self.ask("too-long", field, about="*")
            self.keep(self.heading(field), text)
            return text[:longest].strip()
        return text

    def _without_codes(self, column: int, cell: str) -> str:
        meaning = self.sheet.layout.fields[column]
        if column in self.sheet.secret_columns:
            return self._whole_cell_is_code(column, cell)
        found = codes.found_in(cell)
        if meaning in _SYMBOLS:
            # “Safe 1201” is a key's name more often than a safe and its code.
            found = tuple(hit for hit in found if not hit.is_container)
        if not found:
            return cell
        choice = self._ask_about_code(column)
        if choice == "text":
            return cell
        if choice == "seal":
            self.codes += [LooseCode(hit.word, hit.is_alarm, hit.value) for hit in found]
        return codes.without(cell, found)

    def _whole_cell_is_code(self, column: int, cell: str) -> str:
        if tidy(cell) and self._ask_about_code(column) == "seal":
            word = self.sheet.headings[column].casefold()
            self.codes.append(LooseCode(word, self._is_about_alarms(word), Secret(tidy(cell))))
        return MASK if tidy(cell) else ""

    def _is_about_alarms(self, word: str) -> bool:
        return "alarm" in word or "alarm" in self.sheet.name.casefold()

    def _ask_about_code(self, column: int) -> str:
        return self.desk.doubts.ask(
            "code-found",
            sheet=self.sheet.name,
            row=self.row.number,
            column=self.sheet.headings[column],
            about="*",
        )


def make_sheet(table: Table, layout: Layout) -> Sheet:
    """A table with its layout and the headings to show."""
    names = tuple(heading(table, layout, column) for column in range(table.width))
    return Sheet(table, layout, names, secret_columns(table, layout))


@lru_cache(maxsize=20_000)
def tidy(text: str) -> str:
    """Text on one line without control characters and needless spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())
