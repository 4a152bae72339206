"""Spellings that probably mean the same: found, never merged here."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from keystead.kernel.text import folded

_SHORT = {
    "st": "street",
    "str": "straße",
    "strasse": "straße",
    "rd": "road",
    "ave": "avenue",
    "ln": "lane",
    "bldg": "building",
    "dept": "department",
    "univ": "university",
}
_LEGAL = frozenset(
    [
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "gbr",
        "ltd",
        "limited",
        "llc",
        "inc",
        "plc",
        "co",
        "fa",
        "firma",
        "&",
        "und",
        "and",
        "e.k.",
        "ug",
    ]
)
_MOST_COMPARED = 300


def pairs(spellings: Mapping[str, int], *, loose: bool = False) -> Iterator[tuple[str, str]]:
    """(variant, better spelling) for texts that probably mean the same; the value is how often.

    `loose` also pairs a name with a longer one that starts with it, such as IT and IT Services.
    """
    buckets: dict[str, list[str]] = defaultdict(list)
    for text in sorted(spellings, key=lambda t: _rank(t, spellings[t])):
        better = next(
            (b for b in _near(text, buckets, loose=loose) if _alike(text, b, loose)), None
        )
        if better is not None:
            yield text, better
            continue
        bucket = buckets[_bucket(text, loose)]
        if len(bucket) < _MOST_COMPARED:
            bucket.append(text)


def symbol_shape(symbol: str) -> str:
    """A symbol without spaces, hyphens and leading zeros: 008, 8 and `0-08` have one shape."""
    return re.sub(r"0*(\d+)", r"\1", re.sub(r"[\s\-_./]", "", folded(symbol)))


def _near(text: str, buckets: Mapping[str, list[str]], *, loose: bool) -> list[str]:
    return buckets.get(_bucket(text, loose), [])


def _rank(text: str, count: int) -> tuple[bool, bool, int, str]:
    """The better spelling first: not abbreviated, not shouted, more frequent."""
    words = [word.strip(".") for word in text.casefold().split() if word.endswith(".")]
    is_short = any(word not in _LEGAL for word in words)
    return (is_short, text.isupper() and len(text) > 3, -count, text)


def _tokens(text: str, loose: bool) -> list[str]:
    words = [word for word in re.split(r"[\s,/]+", folded(text)) if word]
    return [w for w in words if w.strip(".") not in _LEGAL] or words if loose else words


def _bucket(text: str, loose: bool) -> str:
    words = _tokens(text, loose)
    return words[0][:1] if loose and words else "".join(word[0] for word in words)


def _alike(a: str, b: str, loose: bool) -> bool:
    left, right = _tokens(a, loose), _tokens(b, loose)
    if loose and left and right and len(left) != len(right):
        short = min(len(left), len(right))
        return all(map(_same_word, left[:short], right[:short]))
    return len(left) == len(right) and all(map(_same_word, left, right))


def _same_word(a: str, b: str) -> bool:
    a_stem, b_stem = a.rstrip("."), b.rstrip(".")
    if a_stem == b_stem or _SHORT.get(a_stem, a_stem) == _SHORT.get(b_stem, b_stem):
        return True
    if a.endswith(".") and len(a_stem) > 1 and b.startswith(a_stem):
        return True
    if b.endswith(".") and len(b_stem) > 1 and a.startswith(b_stem):
        return True
    return min(len(a), len(b)) >= 5 and a.isalpha() and b.isalpha() and _one_edit(a, b)


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] in (rest_b[1:], rest_b) or rest_b[1:] == rest_a or swapped
