"""Pure rules about places."""

from collections.abc import Mapping

SPACE_KINDS = ("building", "floor", "flat", "room", "yard", "other")
ACCESS_POINT_KINDS = (
    "door",
    "gate",
    "safe",
    "vehicle",
    "cabinet",
    "mailbox",
    "padlock",
    "alarm-panel",
    "other",
)


def would_circle(item: int, new_parent: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether putting `item` under `new_parent` makes it stand under itself."""
    above = new_parent
    while above is not None:
        if above == item:
            return True
        above = parents.get(above)
    return False


def path(item: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """From the top of the tree down to `item`. Stops at a repeated id."""
    found: list[int] = []
    while item is not None and item not in found:
        found.append(item)
        item = parents.get(item)
    return found[::-1]
