"""Pure rules about keys, their hierarchy and their copies."""

from collections.abc import Mapping

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
