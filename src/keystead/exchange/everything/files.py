"""Writing the tables into one file: a zip of CSV files, a workbook, or a JSON document.

The file is written first, inside of one reading transaction, and sent afterwards: what it says is
true of one moment, and a slow line keeps nothing open in the database.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any, Literal, get_args
from zoneinfo import ZoneInfo

import xlsxwriter
from django.conf import settings
from django.utils.timezone import now

from keystead.database.reading import one_snapshot
from keystead.exchange import exporting
from keystead.exchange.everything import sheets
from keystead.exchange.everything.sheets import Cell, Sheet
from keystead.exchange.problems import as_text
from keystead.journal import queries as journal
from keystead.journal.operation import require, rights_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right

Format = Literal["csv", "xlsx", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
TYPES = {
    "csv": ("application/zip", "zip"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("application/json", "json"),
}
VERSION = 1
ROWS_OF_A_SHEET = 1_000_000
"""A worksheet takes 1,048,576 rows; what is more goes on in a second one."""
LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Taken:
    """The finished file, open for reading and already without a name on the disk."""

    file: IO[bytes]
    file_name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class _Source:
    """Whose data, for whom, told in which zone, as of when."""

    actor: Actor
    workspace: journal.WorkspaceView
    zone: ZoneInfo
    at: datetime

    def tables(self) -> Iterator[Sheet]:
        """The tables this actor gets."""
        rights = rights_of(self.actor)
        return (sheet for sheet in sheets.SHEETS if sheet.needs in rights)

    def told(self, value: Cell) -> Cell:
        """A value as people read it: times without seconds, in the zone."""
        if isinstance(value, datetime):
            return f"{value.astimezone(self.zone):%Y-%m-%d %H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        return ("yes" if value else "no") if isinstance(value, bool) else value


def take_out(actor: Actor, kind: Format) -> Taken:
    """Everything the workspace knows as one file, as of one moment.

    Needs the right to export; the table of members also that to manage them. Codes are there
    without values; tokens, passwords and the journal are not.
    """
    require(actor, Right.EXPORT)
    workspace = journal.workspace(actor.workspace_id)
    source = _Source(actor, workspace, ZoneInfo(workspace.time_zone), now())
    write = {"csv": _write_csv, "xlsx": _write_workbook, "json": _write_json}[kind]
    with _nameless() as file:
        with one_snapshot():
            write(source, file)
        file.seek(0)
        content_type, suffix = TYPES[kind]
        name = f"{workspace.slug}-{source.at.astimezone(source.zone):%Y-%m-%d}.{suffix}"
        return Taken(file, name, content_type)


@contextmanager
def _nameless() -> Iterator[IO[bytes]]:
    """A file in the data folder that is gone when it is closed; closed at once on a failure."""
    folder = settings.DATA / "uploads"
    folder.mkdir(exist_ok=True, mode=0o700)
    file = TemporaryFile(dir=folder)  # noqa: SIM115  # whoever sends it closes it
    try:
        yield file
    except BaseException:
        file.close()
        raise


def _write_csv(source: _Source, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        rows = exporting.copy_rows(source.actor, source.zone)
        _write_table(archive, sheets.COPIES, exporting.HEADINGS, rows)
        for sheet in source.tables():
            _write_table(archive, sheet.name, tuple(sheet.columns), _cells(source, sheet))


def _write_table(
    archive: zipfile.ZipFile, name: str, headings: tuple[str, ...], rows: Iterable[Any]
) -> None:
    with archive.open(f"{name}.csv", "w", force_zip64=True) as raw:
        text = io.TextIOWrapper(raw, "utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(headings)
        writer.writerows(rows)
        text.flush()
        text.detach()


def _cells(source: _Source, sheet: Sheet) -> Iterator[list[Cell]]:
    """The rows of a table for a CSV file: no cell is taken for a formula."""
    for row in sheet.read(source.actor):
        told = [source.told(of(row)) for of in sheet.columns.values()]
        yield [as_text(cell) if isinstance(cell, str) else cell for cell in told]


def _write_workbook(source: _Source, file: IO[bytes]) -> None:
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(settings.DATA / "uploads"),
        },
    )
    copies = exporting.copy_rows(source.actor, source.zone, escape=str)
    _write_sheet(book, "Copies", exporting.HEADINGS, copies)
    for sheet in source.tables():
        told = (
            [source.told(of(row)) for of in sheet.columns.values()]
            for row in sheet.read(source.actor)
        )
        _write_sheet(book, sheet.heading, tuple(sheet.columns), told)
    book.close()


def _write_sheet(
    book: xlsxwriter.Workbook,
    heading: str,
    headings: tuple[str, ...],
    rows: Iterable[Iterable[Cell]],
) -> None:
    page, at, number = book.add_worksheet(heading), 0, 1
    page.write_row(0, 0, headings)
    for row in rows:
        if at == ROWS_OF_A_SHEET:
            number, at = number + 1, 0
            page = book.add_worksheet(f"{heading} {number}")
            page.write_row(0, 0, headings)
        at += 1
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                # As text, whatever it looks like: a spreadsheet calculates nothing of it.
                page.write_string(at, column, cell[:LONGEST_CELL])
            elif cell is not None:
                page.write_number(at, column, cell)


def _write_json(source: _Source, file: IO[bytes]) -> None:
    head = {
        "format": "keystead-export",
        "version": VERSION,
        "taken_at": source.at.astimezone(source.zone).isoformat(),
        "workspace": {
            "slug": source.workspace.slug,
            "name": source.workspace.name,
            "time_zone": source.workspace.time_zone,
            "locale": source.workspace.locale,
        },
    }
    text = io.TextIOWrapper(file, "utf-8")
    text.write(json.dumps(head, ensure_ascii=False)[:-1])
    names = [_name(heading) for heading in exporting.HEADINGS]
    copies = (
        {name: cell for name, cell in zip(names, row, strict=True) if cell}
        for row in exporting.copy_rows(source.actor, source.zone, escape=str)
    )
    _write_list(text, sheets.COPIES, copies)
    for sheet in source.tables():
        _write_list(text, _name(sheet.name), _records(source, sheet))
    text.write("\n}\n")
    text.flush()
    text.detach()


def _records(source: _Source, sheet: Sheet) -> Iterator[dict[str, Cell]]:
    for row in sheet.read(source.actor):
        yield {_name(name): _exact(source, of(row)) for name, of in sheet.columns.items()}


def _exact(source: _Source, value: Cell) -> Cell:
    """A value for programs: times with their offset."""
    if isinstance(value, datetime):
        return value.astimezone(source.zone).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _name(heading: str) -> str:
    return heading.lower().replace(" ", "_").replace("-", "_")


def _write_list(text: io.TextIOWrapper, name: str, rows: Iterable[dict[str, Any]]) -> None:
    text.write(f',\n"{name}": [')
    for number, row in enumerate(rows):
        text.write((",\n " if number else "\n ") + json.dumps(row, ensure_ascii=False))
    text.write("\n]")
