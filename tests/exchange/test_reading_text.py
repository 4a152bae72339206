"""Text files: encodings, separators, quotes, and what is refused."""

import pytest

from keystead.exchange import limits
from keystead.exchange.errors import FileTooLarge, NotATable, QuoteNeverClosed
from keystead.exchange.reading import read
from keystead.exchange.reading.delimited import guess_separator
from tests.exchange.support import book, register, table

ROWS = "Schließung;Tür;Bemerkung\r\nGS 2;Büro;Größe\r\n"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_scenario_20_letters_are_right_whatever_the_encoding(encoding: str, expected: str) -> None:
    found = book(ROWS.encode(encoding))
    assert found.encoding == expected
    assert found.tables[0].rows[1].cells == ("GS 2", "Büro", "Größe")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_scenario_20_columns_are_right_whatever_the_separator(separator: str) -> None:
    text = ROWS.replace(";", separator)
    assert book(text).separator == separator
    assert table(text).width == 3


def test_scenario_20_line_breaks_and_separators_inside_quotes_stay_in_their_cell() -> None:
    found = table('key,note\r\nAA1,"first line\nsecond, ""quoted"""\r\nAA2,plain\r\n')
    assert found.at(2).cells == ("AA1", 'first line\nsecond, "quoted"')
    assert found.at(3).cells == ("AA2", "plain")


def test_scenario_20_the_german_register_reads_right() -> None:
    found = book(register("schluesselverzeichnis.csv"))
    assert (found.encoding, found.separator) == ("cp1252", ";")
    assert found.tables[0].width == 10
    assert len(found.tables[0].rows) == 121
    assert found.tables[0].at(2).cells[-1] == "Übergabe\nan Nachmieter"
    assert found.tables[0].at(15).cells[3] == "Küche, Teeküche"


def test_scenario_20_the_byte_order_mark_is_not_part_of_the_first_heading() -> None:
    assert table(register("campus-keys.csv")).at(1).cells[0] == "Key Code"


def test_a_separator_named_in_the_first_line_is_used_and_rows_keep_their_numbers() -> None:
    found = book("sep=|\nkey|note\nAA1|a, b, c, d\n")
    assert found.separator == "|"
    assert found.tables[0].at(3).cells == ("AA1", "a, b, c, d")


def test_the_person_may_overrule_encoding_and_separator() -> None:
    found = read("Tür;a,b\n".encode("cp850"), "x.csv", encoding="cp850", separator=",")
    assert found.tables[0].rows[0].cells == ("Tür;a", "b")


def test_an_unknown_encoding_is_refused_with_the_choices() -> None:
    with pytest.raises(NotATable, match="utf-8"):
        read(b"a,b\n", "x.csv", encoding="ebcdic")


def test_short_rows_are_filled_up_and_blank_ends_cut_off() -> None:
    found = table("key,door,note\nAA1\n\nAA2,Hall,,\n,,\n\n")
    assert found.width == 3
    assert [row.cells for row in found.rows] == [
        ("key", "door", "note"),
        ("AA1", "", ""),
        ("", "", ""),
        ("AA2", "Hall", ""),
    ]


def test_one_column_is_a_table_too() -> None:
    assert table("key\nAA1\nAA2\n").width == 1


def test_the_separator_that_cuts_evenly_wins_over_the_frequent_one() -> None:
    assert guess_separator("a;b;c\n1,5;2,5;3\n4,1;x;y, z, w\n") == ";"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('key,note\nAA1,fine\nAA2,"never closed\nAA3,x\n', 3),
        ('key,note\nAA1,"two\nlines",x\nAA2,ok\nAA3,"open\n', 5),
        ('key,note\n"AA1,x\nAA2,"Mum, Dad"\n', 2),
        ('"', 1),
        ('key\n"' + "x\n" * 100_000, 2),
    ],
)
def test_a_quote_never_closed_names_the_line_where_it_opens(text: str, line: int) -> None:
    with pytest.raises(QuoteNeverClosed, match=f"line {line} ") as refusal:
        book(text)
    assert refusal.value.data["line"] == line


def test_a_stray_quote_within_a_line_is_read_and_remarked() -> None:
    found = book('key,note\nAA1,"Ben"s bike\nAA2,5" pipe\n')
    assert found.tables[0].at(2).cells == ("AA1", "Bens bike")
    assert found.tables[0].at(3).cells == ("AA2", '5" pipe')
    assert [remark.text for remark in found.remarks] == [
        "Line 2 has a stray quotation mark; check that row below."
    ]


@pytest.mark.parametrize("empty", [b"", b"   \r\n \n", b"\x00\x00\x00\x00"])
def test_an_empty_file_is_refused(empty: bytes) -> None:
    with pytest.raises(NotATable, match="empty"):
        book(empty)


def test_a_nul_byte_is_refused_with_its_line() -> None:
    with pytest.raises(NotATable, match="Line 3"):
        book(b"key,note\nAA1,x\nAA2,\x00y\n")


@pytest.mark.parametrize(
    "start",
    [b"%PDF-1.7\n", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\x7fELF", b"<html><table>", b"\x1f\x8b"],
)
def test_other_kinds_of_file_are_named(start: bytes) -> None:
    with pytest.raises(NotATable, match=r"save|Save"):
        book(start + b"rest of the file, with text")


def test_binary_garbage_is_refused() -> None:
    garbage = bytes((n * 7919 + n // 251) % 255 + 1 for n in range(20_000))
    with pytest.raises(NotATable):
        book(garbage)


def test_an_old_excel_file_says_what_to_do() -> None:
    with pytest.raises(NotATable, match=r"\.xlsx"):
        book(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_more_than_the_largest_upload_is_refused_before_reading() -> None:
    with pytest.raises(FileTooLarge, match="20 MB"):
        book(bytes(limits.MAX_UPLOAD_BYTES + 1))


def test_ten_thousand_columns_are_refused_with_the_row() -> None:
    with pytest.raises(FileTooLarge, match=r"Row 2 has 10000 columns"):
        book("key,note\n" + ",".join(["x"] * 10_000) + "\n")


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(FileTooLarge, match="100,000 rows"):
        book("key,note\n" + "AA1,x\n" * (limits.MAX_ROWS + 1))


def test_too_many_cells_are_refused() -> None:
    row = ",".join(["x"] * 150)
    with pytest.raises(FileTooLarge, match="2,000,000 cells"):
        book(f"{row}\n" * 15_000)


def test_a_cell_with_too_much_text_is_refused_with_its_place() -> None:
    with pytest.raises(FileTooLarge, match="row 2, column 2"):
        book("key,note\nAA1," + "x" * 10_001 + "\n")


def test_a_file_name_is_only_its_last_part() -> None:
    assert book("a,b\n", "C:\\Users\\ana\\keys.csv").file_name == "keys.csv"
    assert book("a,b\n", "../../etc/passwd").file_name == "passwd"


def test_cells_do_not_show_in_a_repr() -> None:
    assert "4471" not in repr(book("key,note\nAA1,alarm 4471\n"))
