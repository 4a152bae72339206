"""Which columns hold sealed values. Their owners hand them in at start-up; none may be missing.

Rotation goes through them: what is not here would stay sealed with an old key.
"""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model, QuerySet

from keystead.vault.envelope import beginning


@dataclass(frozen=True, slots=True)
class Found:
    """A sealed value: its row, and the UUID it is bound to."""

    pk: int
    row: UUID
    sealed: bytes


class SealedValues(Protocol):
    """Where values sealed for one purpose lie, as rotation sees it; `SealedColumn` tells more."""

    @property
    def purpose(self) -> str:
        """What they are sealed for."""
        ...

    def otherwise(self, workspace_id: int, version: int, after_id: int = 0) -> list[Found]: ...

    def count_otherwise(self, workspace_id: int, version: int) -> int: ...

    def has_sealed_with(self, workspace_id: int, version: int) -> bool: ...

    def replace(self, pk: int, sealed: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values: `field` of `model`, for `purpose`, bound to the UUID in `row`.

    `batch` is how many are sealed anew in one operation: few where values are big.
    """

    model: type[Model]
    field: str
    purpose: str
    row: str = "uuid"
    batch: int = 200

    def otherwise(self, workspace_id: int, version: int, after_id: int = 0) -> list[Found]:
        """The next batch of values sealed with another version, by id from `after_id` on."""
        rows = self._rows(workspace_id).exclude(**self._range(version)).filter(pk__gt=after_id)
        wanted = rows.order_by("pk").values_list("pk", self.row, self.field)
        return [Found(pk, row, bytes(sealed)) for pk, row, sealed in wanted[: self.batch]]

    def count_otherwise(self, workspace_id: int, version: int) -> int:
        """How many are sealed with another version."""
        return self._rows(workspace_id).exclude(**self._range(version)).count()

    def has_sealed_with(self, workspace_id: int, version: int) -> bool:
        """Whether any is sealed with this version of the workspace's data key."""
        return self._rows(workspace_id).filter(**self._range(version)).exists()

    def replace(self, pk: int, sealed: bytes) -> None:
        """Keep another sealed form of a value."""
        self.model._base_manager.filter(pk=pk).update(**{self.field: sealed})

    def _rows(self, workspace_id: int) -> QuerySet[Any]:
        """The rows of a workspace that hold a value, hidden ones included."""
        rows = self.model._base_manager.filter(workspace_id=workspace_id)
        return rows.exclude(**{self.field: None})

    def _range(self, version: int) -> dict[str, bytes]:
        return {
            f"{self.field}__gte": beginning(version),
            f"{self.field}__lt": beginning(version + 1),
        }


COLUMNS: dict[str, SealedValues] = {}
"""By purpose."""


def register(column: SealedValues) -> None:
    """Hand in, at start-up, a column of sealed values. Each has a purpose of its own."""
    if COLUMNS.get(column.purpose, column) != column:
        raise RuntimeError(f"Two columns are sealed for {column.purpose}.")
    COLUMNS[column.purpose] = column
