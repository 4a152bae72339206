"""Rows written in bulk: buffered per table, flushed together in the order tables need."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

Model = type[models.Model]
FLUSH_AT = 20_000


def tables() -> list[Model]:
    """Keystead's tables, each after those it points at."""
    configs = [config for config in apps.get_app_configs() if config.name.startswith("keystead.")]
    return [model for config in configs for model in config.get_models()]


def columns(model: Model) -> list[str]:
    """The names of a table's columns, in the order rows are written."""
    return [str(field.column) for field in model._meta.concrete_fields]


def plain(value: Any) -> Any:
    """A value as SQLite keeps it through Django: times as text in UTC, without their zone."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


class Rows:
    """Collects rows and writes them with `executemany`, through the gate and past no trigger."""

    def __init__(self) -> None:
        self._order = tables()
        self._waiting: dict[Model, list[tuple[Any, ...]]] = {model: [] for model in self._order}
        self._ids: dict[Model, int] = {}
        self._count = 0
        self._defaults = {
            model: [(field.attname, field.get_default) for field in model._meta.concrete_fields]
            for model in self._order
        }

    def next_id(self, model: Model) -> int:
        """An id of a table, used for nothing yet."""
        self._ids[model] = self._ids.get(model, 0) + 1
        return self._ids[model]

    def add(self, model: Model, **values: Any) -> int:
        """Add a row by the names of its fields; others get their defaults. Returns its id."""
        if "id" not in values and model._meta.pk.name == "id":
            values["id"] = self.next_id(model)
        row = [
            plain(values.pop(name) if name in values else default())
            for name, default in self._defaults[model]
        ]
        if values:
            raise TypeError(f"{model.__name__} has no field {', '.join(values)}.")
        self.append(model, tuple(row))
        return int(row[0])

    def append(self, model: Model, row: tuple[Any, ...]) -> None:
        """Add a row that is in the order of the columns and in plain values."""
        self._waiting[model].append(row)
        self._count += 1

    def flush(self, *, even_few: bool = False) -> None:
        """Write what has come together, in one transaction."""
        if self._count < FLUSH_AT and not even_few:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for model in self._order:
                if waiting := self._waiting[model]:
                    cursor.executemany(insertion(model), waiting)
                    waiting.clear()
        self._count = 0


def insertion(model: Model) -> str:
    """The statement that inserts one row of a table."""
    names = columns(model)
    marks = ", ".join(["%s"] * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ({marks})'
