"""Excel workbooks (.xlsx), opened in a process of their own with little memory and time.

Measured before that was so: two cells, one of them in the last corner of a sheet, made the
reader ask for 512 GB and end the whole server. Damage now stays with the process that reads.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NoReturn

from keystead.exchange import limits
from keystead.exchange.errors import (
    FileRefused,
    FileTooLarge,
    NotATable,
    UnreadableWorkbook,
    UnsafeWorkbook,
)
from keystead.exchange.reading.delimited import check_row, too_many_rows
from keystead.exchange.tables import Book, Remark, Table, make_table
from keystead.kernel.fact import gettext_noop
from keystead.kernel.words import said as _

READER = Path(__file__).with_name("workbook_reader.py")
_KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")

HIDDEN = gettext_noop("The sheet “%(sheet)s” is hidden in the workbook; it is read all the same.")
FORMULAS = gettext_noop(
    "The sheet “%(sheet)s” has %(count)s formulas; the values stored with them are read."
)
EMPTY_FORMULAS = gettext_noop(
    "In the sheet “%(sheet)s”, %(count)s formulas have no stored value and read as empty. "
    "Open the workbook, save it once and choose it again."
)
UNREAD = gettext_noop("The sheet “%(sheet)s” holds no cells (a chart, or nothing at all).")


def read_workbook(data: bytes, name: str) -> Book:
    """Read every sheet of a workbook as text. Raises a FileRefused that says why not."""
    _check_container(data)
    sheets = _ask_reader(data)
    remarks: list[Remark] = []
    tables = [_table(sheet, remarks) for sheet in sheets]
    used = tuple(table for table in tables if table.rows)
    if not used:
        raise NotATable(_("The workbook holds no filled cells."), field="file")
    return Book(name, "xlsx", used, remarks=tuple(remarks))


def _check_container(data: bytes) -> None:
    """Look at the directory of the archive before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError):
        raise UnreadableWorkbook(
            _("The workbook is damaged. Open it, save it again and choose the new file."),
            field="file",
        ) from None
    if len(parts) > limits.MAX_ZIP_ENTRIES:
        raise UnsafeWorkbook(f"The workbook consists of {len(parts):,} parts. {_AS_CSV}")
    total = sum(part.file_size for part in parts)
    if total > limits.MAX_UNPACKED_BYTES:
        raise UnsafeWorkbook(f"The workbook unpacks to {total // 2**20:,} MB. {_AS_CSV}")
    for part in parts:
        if part.file_size > 2**17 and part.file_size > (
            part.compress_size * limits.MAX_PACKING_RATIO
        ):
            raise UnsafeWorkbook(
                _("The workbook unpacks to far more than it holds. %(as_csv)s", as_csv=_AS_CSV)
            )
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise NotATable(
            _("This archive is not an Excel workbook. %(as_csv)s", as_csv=_AS_CSV), field="file"
        )


_AS_CSV = "Save the register as .xlsx or .csv from your spreadsheet program and choose that file."


def _ask_reader(data: bytes) -> list[dict[str, Any]]:
    bounds = {
        "rows": limits.MAX_ROWS,
        "columns": limits.MAX_COLUMNS,
        "cells": limits.MAX_CELLS,
        "characters": limits.MAX_CHARACTERS,
        "sheets": limits.MAX_SHEETS,
        "memory": limits.WORKBOOK_MEMORY_BYTES,
        "seconds": limits.WORKBOOK_SECONDS,
        "unpacked": limits.MAX_UNPACKED_BYTES,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell, nothing from outside
            [sys.executable, "-P", str(READER), json.dumps(bounds)],
            input=data,
            capture_output=True,
            timeout=limits.WORKBOOK_SECONDS,
            env={key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_heavy() from None
    if done.returncode != 0:
        raise _too_heavy()
    answer = json.loads(done.stdout)
    if "refused" in answer:
        _refuse(answer["refused"], answer.get("sheet", ""))
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def _too_heavy() -> FileRefused:
    return UnsafeWorkbook(
        _(
            "The workbook cannot be read within the memory and time set for it. Often "
            "a stray cell lies far right or far below: delete it, or save the register "
            "as .csv."
        ),
        field="file",
    )


def _refuse(reason: str, sheet: str) -> NoReturn:
    if reason == "too-wide":
        raise FileTooLarge(
            _(
                "The sheet “%(sheet)s” has more than %(max_columns)s columns. Delete the "
                "columns that do not belong to the register.",
                sheet=sheet,
                max_columns=limits.MAX_COLUMNS,
            ),
            field="file",
        )
    if reason == "too-many-sheets":
        raise FileTooLarge(
            _(
                "The workbook has more than %(max_sheets)s sheets. Keep only the register's.",
                max_sheets=limits.MAX_SHEETS,
            ),
            field="file",
        )
    if reason == "too-large":
        raise too_many_rows()
    if reason == "protected":
        raise UnreadableWorkbook(
            _("The workbook is protected by a password. Take it off, save and choose it again."),
            field="file",
        )
    raise UnreadableWorkbook(
        _("The workbook is damaged. Open it, save it again and choose the new file."), field="file"
    )


def _table(sheet: dict[str, Any], remarks: list[Remark]) -> Table:
    name = str(sheet["name"])
    rows: list[list[str]] = sheet["rows"]
    for number, row in enumerate(rows, 1):
        check_row(number, row)
    table = make_table(name, rows, is_hidden=bool(sheet["hidden"]))
    if table.is_hidden:
        remarks.append(Remark(HIDDEN, {"sheet": name}))
    if not table.rows:
        remarks.append(Remark(UNREAD, {"sheet": name}))
    if sheet["formulas"]:
        remarks.append(Remark(FORMULAS, {"sheet": name, "count": str(sheet["formulas"])}))
    if sheet["empty_formulas"]:
        count = str(sheet["empty_formulas"])
        remarks.append(Remark(EMPTY_FORMULAS, {"sheet": name, "count": count}))
    return table
