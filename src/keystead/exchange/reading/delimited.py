"""Text files with separators: CSV as spreadsheets, registers and people write it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from keystead.exchange import limits
from keystead.exchange.errors import FileTooLarge, NotATable, QuoteNeverClosed
from keystead.exchange.reading.encoding import decoded
from keystead.exchange.tables import Book, Remark, make_table
from keystead.kernel.fact import gettext_noop
from keystead.kernel.words import said as _

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_CHARS = 60_000
_MAX_REMARKS = 20


def read_delimited(
    data: bytes, name: str, *, encoding: str | None = None, separator: str | None = None
) -> Book:
    """Read a delimited text file. Raises NotATable, FileTooLarge or QuoteNeverClosed."""
    text, used = decoded(data, encoding=encoding)
    said, text, skipped = _said_separator(text)
    separator = separator or said or guess_separator(text)
    if separator not in SEPARATORS:
        raise NotATable(_("The separator is a comma, semicolon, tab or bar."), field="separator")
    remarks: list[Remark] = []
    cells: list[list[str]] = [[]] * skipped
    for number, record in enumerate(_records(text, separator, skipped, remarks), skipped + 1):
        check_row(number, record)
        cells.append(record)
        if len(cells) > limits.MAX_ROWS:
            raise too_many_rows()
    table = make_table(name, cells)
    if len(table.rows) * table.width > limits.MAX_CELLS:
        raise too_many_rows()
    return Book(name, "csv", (table,), used, separator, tuple(remarks))


def guess_separator(text: str) -> str:
    """The separator that cuts most lines into the same number of cells; comma if none does."""
    sample = text[:_SAMPLE_CHARS]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(SEPARATORS, key=lambda mark: _evenness(sample, mark))


def too_many_rows() -> FileTooLarge:
    """The refusal for a table with too many rows or cells."""
    return FileTooLarge(
        f"The table is too large: at most {limits.MAX_ROWS:,} rows and {limits.MAX_CELLS:,} cells "
        "fit into one import. Split the file into parts.",
        field="file",
    )


def check_row(number: int, cells: list[str]) -> None:
    """Refuse a row with too many columns or a cell with too much text."""
    if len(cells) > limits.MAX_COLUMNS:
        raise FileTooLarge(
            _(
                "Row %(number)s has %(count)s columns; at most %(max_columns)s are "
                "possible. Check the separator, or delete the columns that do not belong "
                "to the register.",
                number=number,
                count=len(cells),
                max_columns=limits.MAX_COLUMNS,
            ),
            field="file",
            row=number,
        )
    for column, cell in enumerate(cells, 1):
        if len(cell) > limits.MAX_CELL_CHARS:
            raise FileTooLarge(
                f"The cell in row {number}, column {column} has {len(cell):,} characters; at most "
                f"{limits.MAX_CELL_CHARS:,} are possible. Is a quotation mark missing there?",
                field="file",
                row=number,
                column=column,
            )


def _said_separator(text: str) -> tuple[str | None, str, int]:
    """Spreadsheet programs may say it in the first line: `sep=;`."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    if len(said) == 5 and said.lower().startswith("sep=") and said[4] in SEPARATORS:
        return said[4], rest, 1
    if first.rstrip("\r").lower() == "sep=\t":
        return "\t", rest, 1
    return None, text, 0


def _evenness(sample: str, mark: str) -> tuple[float, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(_lines(sample), delimiter=mark) if row)
    except csv.Error:
        widths = Counter(line.count(mark) + 1 for line in sample.splitlines() if line.strip())
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (0.0, 0) if width < 2 else (rows / widths.total(), width)


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


class _Counted:
    """Lines with their count, remembering those of the record being read."""

    def __init__(self, text: str, before: int) -> None:
        self._lines = _lines(text)
        self.count = before
        self.recent: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        self.recent.append(line)
        return line


def _records(text: str, separator: str, before: int, remarks: list[Remark]) -> Iterator[list[str]]:
    lines = _Counted(text, before)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.recent.clear()
        start = lines.count + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            if len(lines.recent) > 1 or "expected after" not in str(problem):
                raise _open_quote(lines.recent, separator, start) from None
            if len(remarks) < _MAX_REMARKS:
                remarks.append(Remark(STRAY_QUOTE, {"line": str(start)}))
            yield next(csv.reader(lines.recent, delimiter=separator))


STRAY_QUOTE = gettext_noop("Line %(line)s has a stray quotation mark; check that row below.")


def _open_quote(lines: list[str], separator: str, start: int) -> QuoteNeverClosed:
    line = start + _line_of_last_opening("".join(lines), separator)
    return QuoteNeverClosed(
        _(
            "A quotation mark opens a cell in line %(line)s and is never closed "
            "properly. Add the missing mark at the end of that cell, or take the "
            "opening one away.",
            line=line,
        ),
        field="file",
        line=line,
    )


def _line_of_last_opening(text: str, separator: str) -> int:
    """How many line ends lie before the quotation mark that opens the last quoted cell."""
    at, opened, end_of_cell = 0, 0, re.compile(f"[{re.escape(separator)}\r\n]")
    while True:
        if text.startswith('"', at):
            opened = at
            close = _closing(text, at + 1)
            if close < 0 or text[close + 1 : close + 2] not in ("", separator, "\r", "\n"):
                break
            at = close + 1
        end = end_of_cell.search(text, at)
        if end is None:
            break
        at = end.end()
    return sum(line.endswith(("\n", "\r")) for line in _lines(text[:opened]))


def _closing(text: str, at: int) -> int:
    while (at := text.find('"', at)) >= 0 and text[at + 1 : at + 2] == '"':
        at += 2
    return at
