"""Codes that people write into a register's notes: found, taken out, never shown again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keystead.exchange import limits
from keystead.kernel.secret import MASK, Secret

_WORDS = (
    r"(?P<word>alarm(?:anlage)?(?:[- ]?code)?|pin(?:[- ]?code|nummer)?"
    r"|(?:door|gate|entry|access|key ?pad|lock ?box|key ?safe|safe|tür|tuer|tor|haus|zugangs?"
    r"|tresor|öffnungs|zahlen|ziffern)?[- ]?code|passcode|combo|combination|kombination"
    r"|zahlen(?:kombination|schloss)|geheim(?:zahl|nummer)|keypad|key ?safe|lock ?box"
    r"|schlüssel(?:safe|kasten)|tresor|safe)"
)
_FILLER = (
    r"(?:\s{0,3}(?:is|ist|lautet|no\.?|nr\.?|number|nummer|code|pin|now|jetzt|neu|new"
    r"|(?:for|für|to|zum|zur|an|at|am)\s{1,3}(?:(?:the|der|die|das)\s{1,3})?[^\W\d]{1,30})\b\.?"
    r"){0,4}"
)
_BOX = r"key ?safe|lock ?box|keypad|schlüssel(?:safe|kasten)|tresor|safe"
_DIGITS = r"(?P<digits>(?<![\w])[A-Za-z*#]?\d(?:[ .\-]?\d){2,9}[A-Za-z*#]?(?![\w]))"
_WORD_FIRST = re.compile(
    rf"\b{_WORDS}{_FILLER}\s{{0,3}}[:=#(\-–]?\s{{0,3}}{_DIGITS}", re.IGNORECASE
)
_DIGITS_FIRST = re.compile(
    rf"{_DIGITS}\s{{0,3}}(?:[(=:\-–,]|is the|ist der|ist die|for the|für die|für den)?\s{{0,3}}"
    rf"{_WORDS}\b",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"\b(?P<word>kennwort|passwor[dt]|passphrase|losung)\b"
    r"(?P<sign>\s{0,3}[:=]\s{0,3}|\s{1,3}(?:(?:is|ist|lautet)\s{1,3})?)"
    r"[\"'„“”‚‘’«»]?(?P<digits>[^\s\"'„“”‚‘’«»,;]{1,100})",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}")
_NOT_A_PASSWORD = frozenset(
    [
        "with",
        "by",
        "at",
        "from",
        "of",
        "see",
        "via",
        "siehe",
        "bei",
        "beim",
        "von",
        "vom",
        "im",
        "in",
        "unknown",
        "unbekannt",
        "changed",
        "geändert",
        "known",
        "is",
        "ist",
        "the",
        "der",
        "die",
        "das",
        "to",
        "for",
        "für",
        "protected",
        "geschützt",
        "wechseln",
        "change",
    ]
)
_WORTH_A_LOOK = re.compile(
    r"alarm|code|pin|comb|komb|geheim|zahlen|key ?pad|safe|lock ?box|tresor|schlüsselkasten"
    r"|kennwort|passw|passphrase|losung",
    re.IGNORECASE,
)
_THREE_DIGITS_DO = ("comb", "komb", "zahlen", "schloss")


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a text: what it was called there, its value, and where it stands."""

    word: str
    value: Secret
    start: int
    end: int

    @property
    def is_alarm(self) -> bool:
        """Whether the text says that the code is for an alarm."""
        return "alarm" in self.word

    @property
    def is_container(self) -> bool:
        """Whether only a container's name stands before the digits, as in `safe 1201`."""
        return re.fullmatch(_BOX, self.word) is not None


def found_in(text: str) -> tuple[Found, ...]:
    """The codes in a text, in order and without overlap."""
    if _WORTH_A_LOOK.search(text) is None:
        return ()
    hits = sorted(_hits(text[: limits.MAX_CELL_CHARS]), key=lambda hit: (hit.start, -hit.end))
    kept: list[Found] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return tuple(kept)


def masked(text: str) -> str:
    """The text with every code in it replaced by a mask of constant width."""
    return without(text, found_in(text))


def without(text: str, found: tuple[Found, ...]) -> str:
    """The text with these codes masked."""
    parts, at = [], 0
    for hit in found:
        parts += [text[at : hit.start], MASK]
        at = hit.end
    return "".join((*parts, text[at:]))


def is_code(text: str) -> bool:
    """Whether a whole cell looks like a code: 3 to 10 digits, perhaps with * or #."""
    return re.fullmatch(r"[A-Za-z*#]?\d(?:[ .\-]?\d){2,9}[A-Za-z*#]?", text.strip()) is not None


def _hits(text: str) -> Iterator[Found]:
    for pattern in (_WORD_FIRST, _DIGITS_FIRST):
        for match in pattern.finditer(text):
            if _is_plausible(match):
                yield _found(match)
    for match in _PASSWORD.finditer(text):
        said = match["digits"]
        plain = ":" not in match["sign"] and "=" not in match["sign"]
        if said.casefold().strip(".!?") in _NOT_A_PASSWORD:
            continue
        is_loose = plain and "ist" not in match["sign"] and " is" not in match["sign"]
        if is_loose and said[:1].islower() and not any(c.isdigit() for c in said):
            continue
        yield _found(match)


def _is_plausible(match: re.Match[str]) -> bool:
    digits = sum(c.isdigit() for c in match["digits"])
    if _DATE.fullmatch(match["digits"]):
        return False
    word = match["word"].casefold()
    return digits >= 4 or any(part in word for part in _THREE_DIGITS_DO)


def _found(match: re.Match[str]) -> Found:
    value = Secret(match["digits"])
    return Found(match["word"].casefold(), value, match.start("digits"), match.end("digits"))
