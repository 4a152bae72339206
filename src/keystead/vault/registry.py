"""Which columns hold sealed values. Their owners hand them in at start-up; none may be missing.

Rotation goes through them: what is not here would stay sealed with an old key.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from keystead.vault.envelope import beginning


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

    def values_of(self, workspace_id: int) -> QuerySet[Any]:
        """The rows of a workspace that hold a value, hidden ones included."""
        rows = self.model._base_manager.filter(workspace_id=workspace_id)
        return rows.exclude(**{self.field: None})

    def sealed_with(self, workspace_id: int, version: int) -> QuerySet[Any]:
        """Those sealed with this version of the workspace's data key."""
        return self.values_of(workspace_id).filter(**self._range(version))

    def sealed_otherwise(self, workspace_id: int, version: int) -> QuerySet[Any]:
        """Those sealed with another version."""
        return self.values_of(workspace_id).exclude(**self._range(version))

    def _range(self, version: int) -> dict[str, bytes]:
        return {
            f"{self.field}__gte": beginning(version),
            f"{self.field}__lt": beginning(version + 1),
        }


COLUMNS: dict[str, SealedColumn] = {}
"""By purpose."""


def register(column: SealedColumn) -> None:
    """Hand in, at start-up, a column of sealed values. Each has a purpose of its own."""
    if COLUMNS.get(column.purpose, column) != column:
        raise RuntimeError(f"Two columns are sealed for {column.purpose}.")
    COLUMNS[column.purpose] = column
