"""What a column of a register can be, and what a person decides about a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from keystead.exchange.errors import LayoutMismatch
from keystead.kernel.words import said as _


class Field(StrEnum):
    """The meaning of a column."""

    KEY = "key"
    KEY_NAME = "key-name"
    NUMBER = "number"
    COUNT = "count"
    OPENS = "opens"
    SITE = "site"
    BUILDING = "building"
    ROOMS = "rooms"
    HOOK = "hook"
    WHERE = "where"
    HOLDER = "holder"
    HOLDER_LAST = "holder-last"
    HOLDER_FIRST = "holder-first"
    FIRM = "firm"
    DEPARTMENT = "department"
    ISSUED = "issued"
    DUE = "due"
    RETURNED = "returned"
    STATUS = "status"
    DEPOSIT = "deposit"
    SIGNATURE = "signature"
    SET = "set"
    CODE = "code"
    NOTE = "note"
    UNKNOWN = "unknown"


DATES = (Field.ISSUED, Field.DUE, Field.RETURNED)
REPEATABLE = (Field.NOTE, Field.UNKNOWN, Field.CODE)
"""Fields that several columns may have."""


class Purpose(StrEnum):
    """What a table is for."""

    REGISTER = "register"
    CODES = "codes"
    IGNORE = "ignore"


@lru_cache(maxsize=256)
def _columns(fields: tuple[Field, ...]) -> dict[Field, tuple[int, ...]]:
    """The columns by their meaning; every cell of a file asks for them."""
    return {field: tuple(n for n, one in enumerate(fields) if one is field) for field in fields}


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read one table: its purpose, its header row and the meaning of each column.

    `header` is a row number, or None when the first row is already data. `rows_are_sets`: each
    row is a set of keys on a ring under one number, not one key.
    """

    purpose: Purpose
    header: int | None
    fields: tuple[Field, ...]
    rows_are_sets: bool = False

    def columns(self, field: Field) -> tuple[int, ...]:
        """The columns with this meaning, counted from 0."""
        return _columns(self.fields).get(field, ())

    def plain(self) -> dict[str, Any]:
        """The layout as values fit for JSON."""
        return {
            "purpose": self.purpose.value,
            "header": self.header,
            "fields": [field.value for field in self.fields],
            "rows_are_sets": self.rows_are_sets,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The layout from such values. Raises LayoutMismatch when they make no layout."""
        try:
            header = plain["header"]
            return cls(
                Purpose(plain["purpose"]),
                None if header is None else int(header),
                tuple(Field(field) for field in plain["fields"]),
                bool(plain["rows_are_sets"]),
            )
        except (KeyError, ValueError, TypeError):
            raise LayoutMismatch(
                _("This does not say what each column is."), field="layouts"
            ) from None

    def has(self, *fields: Field) -> bool:
        """Whether at least one column has one of these meanings."""
        return any(field in self.fields for field in fields)
