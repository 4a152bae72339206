"""Copy numbers, counts and the contents of sets."""

import re
from dataclasses import dataclass

from keystead.kernel.text import folded

_DIGITS = re.compile(r"\d{1,9}")
_ONE = re.compile(
    r"(?P<count>\d{1,3})\s*(?:x\b\s*)?(?P<sort>[^\W\d][^\W\d \-]*(?:[ \-][^\W\d]+)*)?"
)
_COUNTED = re.compile(rf"(?:{_ONE.pattern.replace('P<count>', ':').replace('P<sort>', ':')}\s*)+")
_SORTS = frozenset(["fob", "fobs", "remote", "remotes", "card", "cards", "transponder", "chip"])
_PLAIN = frozenset(["key", "schlüssel", "x", "stück", "stk", "pc", "pcs", "piece"])
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ein": 1,
    "eins": 1,
    "eine": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
}
MOST_PIECES = 500
MOST_COPIES = 1_000_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many pieces of one sort; the sort is empty for plain keys."""

    count: int
    sort: str = ""


def copy_number(text: str, symbol: str, symbols: frozenset[str]) -> tuple[str, str]:
    """A copy's number without `#` and the key's symbol before it: `AC28-2`, `#2` and `2` are 2.

    The second value is the folded symbol of another known key when the number names that one.
    """
    text = " ".join(text.split())
    stem, dash, rest = text.rpartition("-")
    if dash and rest and folded(stem) == folded(symbol):
        return rest.strip(), ""
    if dash and _DIGITS.fullmatch(rest) and folded(stem) in symbols:
        return text, folded(stem)
    return text.removeprefix("#").strip() or text, ""


def plain(number: str) -> int | None:
    """The number as a register counts copies (1 to a million), or None where it is a mark."""
    found = int(number) if number.isascii() and _DIGITS.fullmatch(number) else 0
    return found if 1 <= found <= MOST_COPIES else None


def pieces(text: str) -> tuple[Pieces, ...] | None:
    """What a count cell says: `4`, `3 + fob`, `2 yale 1 mortice`. None if it cannot be read."""
    said = folded(text)
    if _DIGITS.fullmatch(said):
        return _within((Pieces(int(said)),))
    if said in _WORDS:
        return (Pieces(_WORDS[said]),)
    found: list[Pieces] = []
    for part in re.split(r"\s*(?:[+,;&]|\band\b|\bund\b)\s*", said):
        if _COUNTED.fullmatch(part):
            found += [Pieces(int(m["count"]), _sort(m["sort"] or "")) for m in _ONE.finditer(part)]
        elif re.fullmatch(r"[^\W\d][\w \-]{0,30}", part) and (found or part in _SORTS):
            found.append(Pieces(1, _sort(part)))
        else:
            return None
    return _within(tuple(found))


def _sort(text: str) -> str:
    text = " ".join(text.split())
    text = text.removesuffix("s") if len(text) > 3 else text
    return "" if text in _PLAIN else text


def _within(found: tuple[Pieces, ...]) -> tuple[Pieces, ...] | None:
    total = sum(piece.count for piece in found)
    return found if 0 < total <= MOST_PIECES else None
