"""A value that opens doors must not travel by accident."""

import hmac
from typing import Any, Generic, NoReturn, Self, TypeVar

MASK = "••••"

V = TypeVar("V", str, bytes)


class Hidden(Generic[V]):
    """A value that shows itself only to whoever calls `reveal()`.

    `repr`, `str` and formatting give a mask of constant width; pickling and JSON are refused.
    It never changes, so that a copy of it is itself.
    """

    __slots__ = ("_value",)

    def __init__(self, value: V) -> None:
        """Wrap `value`; it is kept in memory only."""
        self._value: V = value

    def reveal(self) -> V:
        """The value in clear. Call it only where the secret is sealed, hashed or shown."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._value), _bytes(other._value))

    def __hash__(self) -> int:
        return hash((type(self), self._value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret cannot be pickled.")


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


class Secret(Hidden[str]):
    """A code, combination, token or password."""

    __slots__ = ()


class SecretBytes(Hidden[bytes]):
    """A key, or the bytes of a secret on their way into the vault or out of it."""

    __slots__ = ()
