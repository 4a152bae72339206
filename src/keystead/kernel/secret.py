"""A value that opens doors must not travel by accident."""

import hmac
from typing import NoReturn

MASK = "••••"


class Secret:
    """A code, combination or token that shows itself only to whoever calls `reveal()`.

    `repr`, `str` and formatting give a mask of constant width; pickling and JSON are refused.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Wrap `value`; it is kept in memory only."""
        self._value = value

    def reveal(self) -> str:
        """The value in clear. Call it only where the secret is sealed, hashed or shown."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret cannot be pickled.")
