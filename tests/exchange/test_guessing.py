"""Which row is the heading and which column is what."""

import pytest

from keystead.exchange.guessing import Field, Layout, Purpose, guess, heading, secret_columns
from keystead.exchange.guessing.synonyms import meanings, normal
from tests.exchange.support import book, register, table, workbook


def fields(text: str) -> list[str]:
    return [field.value for field in guess(table(text)).fields]


def test_the_campus_register() -> None:
    layout = guess(table(register("campus-keys.csv")))
    assert layout == Layout(
        Purpose.REGISTER,
        1,
        (
            Field.KEY,
            Field.NUMBER,
            Field.BUILDING,
            Field.ROOMS,
            Field.HOOK,
            Field.HOLDER_LAST,
            Field.HOLDER_FIRST,
            Field.DEPARTMENT,
            Field.ISSUED,
            Field.DUE,
            Field.RETURNED,
            Field.DEPOSIT,
            Field.NOTE,
        ),
    )


def test_the_german_register() -> None:
    layout = guess(table(register("schluesselverzeichnis.csv")))
    assert [field.value for field in layout.fields] == [
        "key",
        "number",
        "count",
        "opens",
        "holder",
        "firm",
        "issued",
        "returned",
        "signature",
        "note",
    ]
    assert layout.header == 1
    assert not layout.rows_are_sets


def test_the_familys_seven_lines() -> None:
    assert fields(register("family.csv").decode()) == ["key", "count", "opens", "where"]


def test_the_letting_book_has_its_heading_below_the_title_and_a_sheet_of_codes() -> None:
    keys, codes = map(guess, book(register("letting-key-book.xlsx")).tables)
    assert (keys.purpose, keys.header, keys.rows_are_sets) == (Purpose.REGISTER, 4, True)
    assert [field.value for field in keys.fields] == [
        "key",
        "site",
        "set",
        "count",
        "status",
        "holder",
        "issued",
        "note",
    ]
    assert (codes.purpose, codes.fields) == (Purpose.CODES, (Field.SITE, Field.CODE))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Key Symbol", Field.KEY),
        ("Schließung", Field.KEY),
        ("Door(s)", Field.OPENS),
        ("Name des Inhabers", Field.HOLDER),
        ("Last Name", Field.HOLDER_LAST),
        ("Vorname", Field.HOLDER_FIRST),
        ("Ausgegeben am", Field.ISSUED),
        ("zurück am", Field.RETURNED),
        ("Rückgabe bis", Field.DUE),
        ("Kaution", Field.DEPOSIT),
        ("Bemerkungen", Field.NOTE),
        ("Alarm code", Field.CODE),
        ("Where kept", Field.WHERE),
        ("Schlüsselkasten", Field.HOOK),
    ],
)
def test_headings_in_english_and_german(header: str, field: Field) -> None:
    assert max(meanings(header).items(), key=lambda item: item[1])[0] is field


def test_punctuation_and_plurals_in_headings_do_not_matter() -> None:
    assert normal("Room(s)") == "room"
    assert normal("Schl.-Nr.") == "schl nr"


def test_the_number_column_is_the_key_where_there_is_no_other() -> None:
    assert fields("Key no,Door\nAA1,Hall\nAA2,Attic\n") == ["key", "opens"]
    assert fields("Key,Key no,Door\nAA,1,Hall\nAA,2,Attic\n") == ["key", "number", "opens"]


def test_out_is_a_date_only_where_dates_stand_below() -> None:
    assert "issued" in fields("Key,Holder,Out\nAA1,Bo,2026-01-02\nAA2,Cy,2026-01-03\n")
    assert "issued" not in fields("Key,Holder,Out\nAA1,Bo,yes\nAA2,Cy,no\n")


def test_columns_without_a_known_heading_are_guessed_from_their_cells() -> None:
    rows = "".join(f"AA{n},2026-01-{n + 10},in\n" for n in range(1, 9))
    assert fields(f"Foo,Bar,Baz\n{rows}") == ["key", "issued", "status"]


def test_a_file_without_a_heading_has_none() -> None:
    layout = guess(table("AA1,2026-01-02,in\nAA2,2026-01-03,out\nAA3,2026-01-05,in\n"))
    assert layout.header is None
    assert layout.fields[0] is Field.KEY


def test_headings_in_an_unknown_language_are_still_the_heading() -> None:
    assert guess(table("nyckel,dörr\nAA1,Hall\nAA2,Vind 3\n")).header == 1


def test_a_sheet_that_names_no_key_is_not_read() -> None:
    tables = book(workbook(Keys=[["Key", "Door"], ["A1", "x"]], Rates=[["Job", "Price"], ["a", 1]]))
    assert [guess(one).purpose for one in tables.tables] == [Purpose.REGISTER, Purpose.IGNORE]


def test_a_column_of_codes_stays_secret_when_called_a_remark() -> None:
    found = table("Key,PIN\nAA1,4471\nAA2,9902\n")
    as_remark = Layout(Purpose.REGISTER, 1, (Field.KEY, Field.NOTE))
    assert secret_columns(found, as_remark) == {1}


def test_key_code_is_the_key_and_not_a_code() -> None:
    assert fields("Key Code,Door\n1201,Hall\n1202,Attic\n") == ["key", "opens"]


def test_code_over_symbols_is_not_a_secret() -> None:
    layout = guess(table("Code,Door,Holder\nAC28,Hall,Bo\nAC29,Attic,Cy\n"))
    assert Field.CODE not in layout.fields


def test_columns_without_heading_are_called_by_their_letter() -> None:
    found = table("Key,\nAA1,x\n")
    assert heading(found, guess(found), 1) == "B"
