"""Runs as a program of its own: a workbook on standard input, its text as JSON on output.

Imports nothing of Keystead, so that it starts fast and can lose nothing when it is killed.
"""

import contextlib
import datetime as dt
import io
import json
import re
import sys
import zipfile
from typing import Any

import python_calamine as calamine

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")
_EMPTY_FORMULA = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?: [^<>]*)?/>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?"
    rb"\s*</(?:\w+:)?c>"
)


class Refused(Exception):
    """The workbook goes beyond a bound; the message is the reason's short name."""

    def __init__(self, reason: str, sheet: str = "") -> None:
        super().__init__(reason)
        self.answer = {"refused": reason, "sheet": sheet}


def main() -> None:
    """Read, answer, exit; whatever goes wrong is told in one JSON object."""
    bounds = json.loads(sys.argv[1])
    _limit(bounds["memory"], bounds["seconds"])
    data = sys.stdin.buffer.read()
    try:
        answer: dict[str, Any] = {"sheets": sheets(data, bounds)}
    except Refused as refusal:
        answer = refusal.answer
    except calamine.PasswordError:
        answer = {"refused": "protected"}
    except (calamine.CalamineError, zipfile.BadZipFile, ValueError, KeyError, EOFError):
        answer = {"refused": "damaged"}
    sys.stdout.write(json.dumps(answer))


def _limit(memory: int, seconds: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sheets(data: bytes, bounds: dict[str, int]) -> list[dict[str, Any]]:
    """Every worksheet with its text, merged blocks filled downwards."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(book.sheet_names) > bounds["sheets"]:
        raise Refused("too-many-sheets")
    parts = _parts_by_sheet(data)
    cells_left, characters_left = bounds["cells"], bounds["characters"]
    found = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        last_row, last_column = sheet.end or (-1, -1)
        if last_column >= bounds["columns"]:
            raise Refused("too-wide", meta.name)
        if last_row >= bounds["rows"] or (last_row + 1) * (last_column + 1) > cells_left:
            raise Refused("too-large", meta.name)
        cells_left -= (last_row + 1) * (last_column + 1)
        rows = [[text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        characters_left -= sum(len(cell) for row in rows for cell in row)
        if characters_left < 0:
            raise Refused("too-large", meta.name)
        _fill_merged(rows, sheet.merged_cell_ranges or [])
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        counts = _formulas(data, parts.get(meta.name, ""), bounds["unpacked"])
        found.append({"name": meta.name, "hidden": hidden, "rows": rows, **counts})
    return found


def text(value: object) -> str:
    """A cell as unambiguous text: 1 for 1.0, `2026-11-03 12:15` for a date with a time."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        clock = "" if value.time() == dt.time() else value.strftime(" %H:%M:%S").removesuffix(":00")
        return f"{value.date().isoformat()}{clock}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S").removesuffix(":00")
    return str(value)


def _fill_merged(
    rows: list[list[str]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """A value merged over rows stands for each of them; over columns, only for the first."""
    for (top, left), (bottom, _right) in ranges:
        if bottom <= top or top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        for row in rows[top + 1 : bottom + 1]:
            row[left] = row[left] or rows[top][left]


def _parts_by_sheet(data: bytes) -> dict[str, str]:
    """Which part of the archive holds which sheet, as the workbook and its relations say."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            listed = archive.read("xl/workbook.xml").decode("utf-8", "replace")
            related = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        except (KeyError, RuntimeError, NotImplementedError):
            return {}
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", related):
        where, which = re.search(r'Target="([^"]*)"', tag), re.search(r'\bId="([^"]*)"', tag)
        if where and which:
            path = where[1].lstrip("/")
            targets[which[1]] = path if path.startswith("xl/") else f"xl/{path}"
    parts = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", listed):
        name, which = re.search(r'\bname="([^"]*)"', tag), re.search(r':id="([^"]*)"', tag)
        if name and which and which[1] in targets:
            parts[name[1]] = targets[which[1]]
    return parts


def _formulas(data: bytes, part: str, most: int) -> dict[str, int]:
    """How many formulas a sheet has, and how many of them carry no stored value."""
    none = {"formulas": 0, "empty_formulas": 0}
    if not part:
        return none
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            with archive.open(part) as stream:
                xml = stream.read(most)
        except (KeyError, RuntimeError, NotImplementedError):
            return none
    formulas = len(_FORMULA.findall(xml))
    return {"formulas": formulas, "empty_formulas": len(_EMPTY_FORMULA.findall(xml))}


if __name__ == "__main__":
    main()
