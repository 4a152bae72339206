"""Which statements Keystead sends for something, so that the bare driver can send the same."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.bench.bare import Slot, Statement


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements sent within the block; saving sessions and the like included."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            inside = connection.in_atomic_block
            found.append(Statement(sql, tuple(map(plain, values or ())), inside))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield found


def plain(value: Any) -> Any:
    """A value that can be sent to another process: no views of memory, no wrappers of a driver."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if type(value).__name__ == "Binary":
        return bytes(value.obj)
    return int(value) if isinstance(value, int) and type(value) is not bool else value


def with_slots(statements: list[Statement], slots: Mapping[str, Any]) -> list[Statement]:
    """The same statements with slots where a value is the one that a slot has.

    PostgreSQL takes the values of several rows as arrays; slots are found in them, too. Raises
    RuntimeError where two slots have the same value, or a slot is never used.
    """
    names = {(type(value), value): name for name, value in slots.items()}
    used = set[str]()

    def slotted(value: Any) -> Any:
        if isinstance(value, list):
            return [slotted(each) for each in value]
        name = names.get((type(value), value))
        if name is None:
            return value
        used.add(name)
        return Slot(name)

    changed = [
        Statement(each.sql, tuple(map(slotted, each.values)), each.is_inside) for each in statements
    ]
    if len(names) < len(slots) or used != set(slots):
        raise RuntimeError(f"Slots without a value of their own: {set(slots) - used}")
    return changed
