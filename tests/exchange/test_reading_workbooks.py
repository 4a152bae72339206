"""Excel workbooks: cells as text, merged cells, and workbooks made to do harm."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from keystead.exchange import limits
from keystead.exchange.errors import (
    FileRefused,
    FileTooLarge,
    NotATable,
    UnreadableWorkbook,
    UnsafeWorkbook,
)
from tests.exchange.support import book, register, saved, table, workbook

SHEET = "xl/worksheets/sheet1.xml"


def with_part(data: bytes, name: str, content: bytes, *, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", kind) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content)
    return out.getvalue()


def sheet_xml(rows: str) -> bytes:
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f'<?xml version="1.0"?>{start}<sheetData>{rows}</sheetData></worksheet>'.encode()


def test_the_letting_book_has_two_sheets_and_unambiguous_text() -> None:
    found = book(register("letting-key-book.xlsx"), "letting-key-book.xlsx")
    assert [(t.name, len(t.rows), t.width) for t in found.tables] == [
        ("Key book", 184, 8),
        ("Alarm codes", 2, 2),
    ]
    keys = found.tables[0]
    assert keys.at(1).cells[0] == "KEY BOOK - Harbour & Partners Lettings"
    assert keys.at(5).cells[:4] == ("1", "35 The Crescent, Flat 6", "B", "4")
    assert keys.at(10).cells[6] == "2026-11-03 12:15"
    assert keys.at(12).cells[0] == "008"


def test_cells_become_unambiguous_text() -> None:
    row: list[object] = [1, 1.5, True, dt.date(2026, 2, 1), dt.datetime(2026, 2, 1, 9, 5), "008"]
    found = table(workbook(Keys=[["a", "b", "c", "d", "e", "f"], row]))
    assert found.at(2).cells == ("1", "1.5", "TRUE", "2026-02-01", "2026-02-01 09:05", "008")


def test_a_value_merged_over_rows_stands_for_each_of_them() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in (["building", "key"], ["Old Main", "AA1"], [None, "AA2"], ["Gym", "AA3"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    found = table(saved(made))
    assert [row.cells for row in found.rows[1:]] == [
        ("Old Main", "AA1"),
        ("Old Main", "AA2"),
        ("Gym", "AA3"),
    ]


def test_a_formula_without_a_stored_value_is_remarked_not_calculated() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.append(["key", "note"])
    sheet.append(["AA1", '=HYPERLINK("http://x")'])
    found = book(saved(made))
    assert found.tables[0].at(2).cells[:1] == ("AA1",)
    assert any("1 formulas have no stored value" in remark.text for remark in found.remarks)


def test_text_that_looks_like_a_formula_stays_text() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.append(["key", "note"])
    sheet.append(["AA1", "x"])
    sheet["B2"].value = "=1+1"
    sheet["B2"].data_type = "s"
    assert table(saved(made)).at(2).cells == ("AA1", "=1+1")


def test_a_hidden_sheet_is_read_and_remarked() -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["key", "note"])
    hidden = made.create_sheet("Codes")
    hidden.append(["Property", "PIN"])
    hidden.sheet_state = "hidden"
    found = book(saved(made))
    assert [t.is_hidden for t in found.tables] == [False, True]
    assert any("hidden" in remark.text for remark in found.remarks)


def test_rows_keep_their_numbers_below_blank_rows_and_columns() -> None:
    made = openpyxl.Workbook()
    made.worksheets[0]["C5"] = "key"
    found = table(saved(made))
    assert found.at(5).cells == ("", "", "key")


def test_two_cells_in_far_corners_do_not_eat_the_memory() -> None:
    made = openpyxl.Workbook()
    made.worksheets[0]["A1"] = "key"
    made.worksheets[0]["XFD1048576"] = "x"
    with pytest.raises(UnsafeWorkbook, match="stray cell"):
        book(saved(made))


def test_too_many_columns_name_the_sheet() -> None:
    with pytest.raises(FileTooLarge, match="Keys"):
        book(workbook(Keys=[["x"] * (limits.MAX_COLUMNS + 1)]))


def test_a_cell_with_too_much_text_is_refused() -> None:
    with pytest.raises(FileTooLarge, match="row 1, column 1"):
        book(workbook(Keys=[["x" * 10_001]]))


def test_many_cells_sharing_one_long_text_do_not_eat_the_memory() -> None:
    data = workbook(Keys=[["x"]])
    text = b"<si><t>" + b"x" * 5_000_000 + b"</t></si>"
    strings = b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    data = with_part(data, "xl/sharedStrings.xml", strings + text + b"</sst>", kind=0)
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2000))
    with pytest.raises(FileRefused):
        book(with_part(data, SHEET, sheet_xml(rows), kind=0))


def test_a_zip_bomb_is_refused_before_unpacking() -> None:
    bomb = with_part(workbook(Keys=[["x"]]), SHEET, sheet_xml(" " * (60 * 2**20)))
    with pytest.raises(UnsafeWorkbook, match="far more than it holds"):
        book(bomb)


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    data = workbook(Keys=[["x"]])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for n in range(3):
            archive.writestr(f"xl/media/{n}.bin", b"\x00" * (70 * 2**20))
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            for info in old.infolist():
                archive.writestr(info, old.read(info))
    with pytest.raises(UnsafeWorkbook, match="210 MB"):
        book(out.getvalue())


def test_a_directory_that_lies_about_sizes_does_not_eat_the_memory() -> None:
    honest = with_part(workbook(Keys=[["x"]]), SHEET, sheet_xml(" " * (1500 * 2**20 // 10)))
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo(SHEET).file_size
    lying = honest.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(FileRefused):
        book(lying)


def test_too_many_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(limits.MAX_ZIP_ENTRIES + 1):
            archive.writestr(f"{n}", b"")
    with pytest.raises(UnsafeWorkbook, match="10,001 parts"):
        book(out.getvalue())


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_a_damaged_workbook_is_refused(cut: int) -> None:
    with pytest.raises((UnreadableWorkbook, UnsafeWorkbook)):
        book(workbook(Keys=[["key", "note"]])[:-cut])


def test_another_archive_is_not_a_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(NotATable, match="not an Excel workbook"):
        book(out.getvalue())


def test_an_outside_entity_is_never_fetched() -> None:
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c><c r="B1"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    data = with_part(workbook(Keys=[["x"]]), SHEET, evil)
    try:
        found = book(data)
    except FileRefused:
        return
    assert "root:" not in "".join(found.tables[0].rows[0].cells)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(NotATable, match="no filled cells"):
        book(saved(openpyxl.Workbook()))


def test_too_many_sheets_are_refused() -> None:
    sheets: dict[str, list[list[object]]] = {
        f"s{n}": [["key"]] for n in range(limits.MAX_SHEETS + 1)
    }
    with pytest.raises(FileTooLarge, match="50 sheets"):
        book(workbook(**sheets))
