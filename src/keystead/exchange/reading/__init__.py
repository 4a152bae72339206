"""From the bytes of an upload to tables of text, or a refusal that says what to do."""

from pathlib import PurePath

from keystead.exchange import limits
from keystead.exchange.errors import FileTooLarge, NotATable
from keystead.exchange.reading.delimited import read_delimited
from keystead.exchange.reading.workbook import read_workbook
from keystead.exchange.tables import Book
from keystead.kernel.words import said as _

__all__ = ["read"]

_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_WORKBOOKS = (".xlsx", ".xlsm")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(
    data: bytes, file_name: str, *, encoding: str | None = None, separator: str | None = None
) -> Book:
    """Read a register as text; the content decides what it is. A name that says otherwise of a
    workbook is refused: somebody is mistaken about the file.

    `encoding` and `separator` overrule the guess for text files. Raises a FileRefused.
    """
    name = PurePath(file_name.replace("\\", "/")).name[:120] or "register"
    if len(data) > limits.MAX_UPLOAD_BYTES:
        raise FileTooLarge(
            _(
                "The file has %(value)s MB; at most %(value2)s MB can be imported. Split "
                "it into parts.",
                value=len(data) // 2**20,
                value2=limits.MAX_UPLOAD_BYTES // 2**20,
            ),
            field="file",
            size_bytes=len(data),
        )
    if not data.strip(b" \t\r\n\x00"):
        raise NotATable(
            _("The file is empty. Choose the file that holds the register."), field="file"
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return read_workbook(data, name)
    _refuse_other_kinds(data)
    if name.casefold().endswith(_WORKBOOKS):
        raise NotATable(
            _(
                "The name of this file says workbook, but it is none. If it is text, give it a "
                "name that ends in .csv; otherwise save the register once more as .xlsx."
            ),
            field="file",
        )
    return read_delimited(data, name, encoding=encoding, separator=separator)


def _refuse_other_kinds(data: bytes) -> None:
    advice = "Save the register as .xlsx or .csv and choose that file."
    if data.startswith(_OLD_OFFICE):
        raise NotATable(
            _(
                "This is an old or password-protected Excel file. Open it, take the "
                "protection off, save it as .xlsx or .csv and choose that file."
            ),
            field="file",
        )
    for start, what in _OTHER_KINDS:
        if data.startswith(start):
            raise NotATable(
                _("This is %(what)s, not a table. %(advice)s", what=what, advice=advice),
                field="file",
            )
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith((b"<html", b"<!doc", b"<?xml")):
        raise NotATable(
            _("This is a web page or XML, not a table. %(advice)s", advice=advice), field="file"
        )
