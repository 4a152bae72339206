"""Which bytes mean which letters: found out from the file itself."""

import codecs
import re

from keystead.exchange.errors import NotATable
from keystead.kernel.words import said as _

CHOICES = ("utf-8", "utf-16", "cp1252", "latin-1", "cp850", "mac-roman")
"""What a person may choose instead of the guess."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BINARY_SHARE = 0.002
_ODD_LETTERS = frozenset("äöüßéèêëáàâãåæçíìîïñóòôõøúùûÿœšžÄÖÜÉÈÁÀÂÅÆÇÍÎÑÓÔÕØÚŒŠŽ€–—’„“”‘§°")


def decoded(data: bytes, *, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding it was read with. Raises NotATable for binary data."""
    name = encoding or _guess(data)
    if encoding is not None and encoding not in CHOICES:
        raise NotATable(
            _(
                "“%(encoding)s” is not an encoding to choose from. Choose one of: %(choices)s.",
                encoding=encoding,
                choices=", ".join(CHOICES),
            ),
            field="encoding",
        )
    try:
        text = data.decode(_exact(name, data))
    except UnicodeError:
        raise NotATable(
            _(
                "The file is not text in %(name)s. Choose another encoding, or save it as UTF-8.",
                name=name,
            ),
            field="encoding",
        ) from None
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    _refuse_binary(text)
    return text, name.removesuffix("-sig")


def _exact(name: str, data: bytes) -> str:
    if name == "utf-8":
        return "utf-8-sig"
    if name == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    return name


def _guess(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    head = data[:4000]
    if len(data) % 2 == 0 and _zeros_alternate(head):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess_single_byte(data)
    return "utf-8"


def _zeros_alternate(head: bytes) -> bool:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    return max(even, odd) > half * 0.6 and min(even, odd) < half * 0.1


def _guess_single_byte(data: bytes) -> str:
    """Windows unless the bytes make more letters as DOS or old Macintosh text."""
    high = bytes(byte for byte in data[:200_000] if byte >= 0x80)
    scores = {name: _score(high, name) for name in ("cp1252", "cp850", "mac-roman")}
    best = max(scores, key=lambda name: scores[name])
    if scores["cp1252"] >= scores[best] * 0.9:
        best = "cp1252"
    try:
        data.decode(best)
    except UnicodeDecodeError:
        return "latin-1"
    return best


def _score(high: bytes, name: str) -> float:
    text = high.decode(name, "replace")
    return sum((c in _ODD_LETTERS) - (c == "\ufffd") for c in text) / max(1, len(text))


def _refuse_binary(text: str) -> None:
    if "\x00" in text:
        where = text.count("\n", 0, text.index("\x00")) + 1
        raise NotATable(
            _(
                "Line %(where)s holds a NUL byte, so the file is damaged or not a text "
                "file. Export it again from the program it comes from.",
                where=where,
            ),
            field="file",
            line=where,
        )
    if len(_CONTROL.findall(text)) > max(3, len(text) * _BINARY_SHARE):
        raise NotATable(
            _("The file is not a table but binary data. Save the register as .xlsx or .csv."),
            field="file",
        )
