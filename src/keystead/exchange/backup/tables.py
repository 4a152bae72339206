"""Which tables a backup holds: ours and the sign-in library's, but for what is only of a moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps as current
from django.apps.registry import Apps
from django.db import connections, models
from django.db.models.functions import Collate

from keystead.exchange.backup import encoding
from keystead.exchange.backup.encoding import BadValue, Plain

LIBRARY = ("account", "mfa", "socialaccount")
"""The sign-in library's applications whose rows are part of a backup."""

LEFT_OUT = {
    "journal.lease": "who works just now",
    "account.emailconfirmation": "links on their way",
    "notify.delivery": "mails on their way; what digests say stands in the notices",
    "notify.said": "what is in them",
    "people.session": "who is signed in just now",
    "people.tries": "wrong guesses of late",
    "people.lockouts": "guesses not yet told",
}
"""Tables of included applications that belong to a moment, not to the register, and why."""

_KINDS = {
    "BooleanField": "bool",
    "FloatField": "float",
    "BinaryField": "bytes",
    "DateTimeField": "datetime",
    "DateField": "date",
    "TimeField": "time",
    "DurationField": "duration",
    "UUIDField": "uuid",
    "DecimalField": "decimal",
    "JSONField": "json",
}
FEW, MANY = 20, 2_000
"""Rows read at once."""
_WHOLE = (models.IntegerField, models.AutoField)
_TEXTS = (models.CharField, models.TextField, models.GenericIPAddressField, models.FileField)


def labels() -> frozenset[str]:
    """The applications whose tables are part of a backup."""
    ours = {
        config.label
        for config in current.get_app_configs()
        if config.name.startswith("keystead.") or config.label in LIBRARY
    }
    return frozenset(ours)


def kind_of(field: Any) -> str:
    """The kind of a column. Raises TypeError for a field nobody thought of."""
    if isinstance(field, models.ForeignKey):
        return kind_of(field.target_field)
    known = _KINDS.get(field.get_internal_type())
    if known:
        return known
    if isinstance(field, _WHOLE):
        return "int"
    if isinstance(field, _TEXTS):
        return "text"
    raise TypeError(f"{field} has no kind in a backup yet.")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a backup, as some state of the migrations has it."""

    label: str
    model: type[models.Model]
    fields: tuple[Any, ...]
    kinds: tuple[str, ...]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Name and kind of each column."""
        return [(field.attname, kind) for field, kind in zip(self.fields, self.kinds, strict=True)]

    def rows(self, using: str) -> Iterator[list[Plain]]:
        """Every row in its neutral form, in an order that is the same on both databases."""
        manager = self.model._base_manager.using(using)
        names = [field.attname for field in self.fields]
        found = manager.order_by(*self._order(using)).values_list(*names)
        for values in found.iterator(chunk_size=FEW if self._may_be_big() else MANY):
            yield [
                encoding.encode(kind, value) if value is not None else self._null(field, kind)
                for field, kind, value in zip(self.fields, self.kinds, values, strict=True)
            ]

    def _may_be_big(self) -> bool:
        """Whether a row may hold a whole file."""
        return any(
            kind == "bytes" and getattr(field, "max_length", None) is None
            for field, kind in zip(self.fields, self.kinds, strict=True)
        )

    @staticmethod
    def _null(field: Any, kind: str) -> Plain:
        return "null" if kind == "json" and not field.null else None

    def _order(self, using: str) -> Sequence[Any]:
        if self.label == "journal.entry":  # the order in which the triggers let it grow
            return ("workspace_id", "sequence")
        key = self.model._meta.pk
        if connections[using].vendor == "postgresql" and kind_of(key) == "text":
            return (Collate("pk", "C"),)
        return ("pk",)

    def decoded(self, values: Sequence[Plain]) -> list[Any]:
        """Values for the columns of a row. Raises BadValue for what a column cannot have."""
        if len(values) != len(self.fields):
            raise BadValue("a row has too few or too many values")
        return [
            self._decoded(field, kind, value)
            for field, kind, value in zip(self.fields, self.kinds, values, strict=True)
        ]

    def _decoded(self, field: Any, kind: str, value: Plain) -> Any:
        found = encoding.decode(kind, value)
        if value is None and not field.null:
            raise BadValue(f"{field.attname} is empty")
        length = getattr(field, "max_length", None)
        if kind == "text" and length is not None and len(found or "") > length:
            raise BadValue(f"{field.attname} is too long")
        return found


def schema(apps: Apps = current) -> dict[str, Table]:
    """The tables of a backup by label, in the order in which they are written."""
    wanted = labels()
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.app_label not in wanted or meta.label_lower in LEFT_OUT:
            continue
        if meta.proxy or not meta.managed:
            continue
        # By name: the order of the fields of a model is another one after migrations than before.
        fields = tuple(
            sorted(
                (field for field in meta.concrete_fields if not field.generated),
                key=lambda field: str(field.attname),
            )
        )
        kinds = tuple(kind_of(field) for field in fields)
        found[meta.label_lower] = Table(meta.label_lower, model, fields, kinds)
    return found
