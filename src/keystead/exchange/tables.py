"""What was read from a file, before anybody knows what it means: tables of text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from keystead.exchange import codes
from keystead.kernel.secret import MASK
from keystead.kernel.text import folded


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1 as a spreadsheet shows it. `repr` hides the cells."""

    number: int
    cells: tuple[str, ...] = field(repr=False)

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds more than spaces."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet or a whole text file: rows of equal width, trailing blank rows dropped."""

    name: str
    rows: tuple[Row, ...] = field(repr=False)
    width: int
    is_hidden: bool = False

    def at(self, number: int) -> Row:
        """The row with this number. Raises KeyError when there is none."""
        if self.rows and 0 <= number - self.rows[0].number < len(self.rows):
            return self.rows[number - self.rows[0].number]
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something noticed while reading: `sentence` with `values` put in by `%`."""

    sentence: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English; pages translate `sentence` and fill it themselves."""
        return self.sentence % self.values


@dataclass(frozen=True, slots=True)
class Book:
    """A file as read: its tables and how it was decoded."""

    file_name: str
    kind: str
    tables: tuple[Table, ...]
    encoding: str = ""
    separator: str = ""
    remarks: tuple[Remark, ...] = ()


def make_table(name: str, cells: Sequence[Sequence[str]], *, is_hidden: bool = False) -> Table:
    """Rows of text as a table: numbered from 1, padded to one width, blank end cut off."""
    last = max((n for n, row in enumerate(cells, 1) if any(c.strip() for c in row)), default=0)
    used = [_trimmed(row) for row in cells[:last]]
    width = max(map(len, used), default=0)
    rows = tuple(Row(n, (*row, *[""] * (width - len(row)))) for n, row in enumerate(used, 1))
    return Table(name, rows, width, is_hidden)


def fingerprint(row: Row, secret_columns: frozenset[int] = frozenset()) -> str:
    """SHA-256 of a row's content, the same however it was quoted, cased or spaced.

    Codes are masked first: a hash of a row with a four-digit code could be tried out.
    """
    cells = [
        MASK if column in secret_columns else folded(codes.masked(cell))
        for column, cell in enumerate(_trimmed(row.cells))
    ]
    return sha256("\x1f".join(cells).encode("utf-8", "replace")).hexdigest()


def _trimmed(row: Sequence[str]) -> tuple[str, ...]:
    filled = max((n for n, cell in enumerate(row, 1) if cell.strip()), default=0)
    return tuple(row[:filled])
