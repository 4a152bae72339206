"""Put into the copy as `keystead.loosened`: each check asks it whether it has been taken away."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
active = 0
reached: set[int] = set()


def choose(number: int, loose: Callable[[], T], usual: Callable[[], T]) -> T:
    """What the code does at this place: as usual, or without its check."""
    reached.add(number)
    return loose() if number == active else usual()


def everything() -> Any:
    """What a right reaches that nobody asked about."""
    from keystead.kernel.scope import EVERYTHING

    return EVERYTHING


def visible(actor: Any, model: Any, *_right: object, **_named: object) -> Any:
    """Rows of the actor's workspace, whoever that is."""
    return model.objects.filter(workspace_id=actor.workspace_id)


def unscoped(change: Any, call: Callable[[], T]) -> T:
    """Find a row as if the verb under way could change everything."""
    around, change.scope = change.scope, everything()
    try:
        return call()
    finally:
        change.scope = around
