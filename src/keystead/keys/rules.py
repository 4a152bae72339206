"""Pure rules about keys, their hierarchy and their copies."""

import re
from collections.abc import Iterator, Mapping

from keystead.kernel.text import folded

KEY_KINDS = ("metal", "fob", "card", "remote", "other")
MOST_COPIES_AT_ONCE = 500


def label_of(symbol: str, name: str) -> str:
    """How people call a key: its symbol, else its name."""
    return symbol or name


def copy_label(key_label: str, number: int) -> str:
    """How people call a copy: `AA·3`."""
    return f"{key_label}·{number}"


def would_circle(key: int, new_parent: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether putting `key` under `new_parent` makes it stand above itself."""
    above = new_parent
    while above is not None:
        if above == key:
            return True
        above = parents.get(above)
    return False


def free_numbers(count: int, first: int, taken: frozenset[int]) -> list[int]:
    """The next `count` copy numbers from `first` on that are not taken."""
    found: list[int] = []
    number = first
    while len(found) < count:
        if number not in taken:
            found.append(number)
        number += 1
    return found


_SEPARATED = re.compile(r"(.+?)[\s·.#/_-]+(\d{1,7})")


def readings(text: str) -> Iterator[tuple[str, int]]:
    """Each (folded key label, copy number) a typed copy label may mean: AA·3, AA-3, AA 3, AA3.

    Without a separator every way to end the label counts: AA13 is copy 13 of AA or 3 of AA1.
    """
    cleaned = text.strip()
    if separated := _SEPARATED.fullmatch(cleaned):
        yield folded(separated[1]), int(separated[2])
        return
    first_digit = len(cleaned.rstrip("0123456789"))
    for start in range(max(first_digit, 1, len(cleaned) - 7), len(cleaned)):
        if cleaned[start] != "0":
            yield folded(cleaned[:start]), int(cleaned[start:])
