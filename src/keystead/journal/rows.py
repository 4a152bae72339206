"""Finding a row of the change's own workspace: the only way operations fetch by id."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from django.db.models import Q, QuerySet

from keystead.journal.models import Row
from keystead.journal.operation import Change
from keystead.kernel.errors import ChangedMeanwhile, NotFound, OutOfUse
from keystead.kernel.words import said as _

R = TypeVar("R", bound=Row)
IDS_AT_ONCE = 5_000
"""Databases take only so many values in one statement."""


def within(change: Change, model: type[R]) -> QuerySet[R]:
    """Rows this change may touch: those in force, and those of the import it carries out."""
    here, own = change.workspace_id, change.pending_import
    if own is None:
        return model.everything.filter(workspace_id=here, pending_import=None)
    return model.everything.filter(
        Q(pending_import=None) | Q(pending_import=own), workspace_id=here
    )


def one(change: Change, model: type[R], row_id: int, noun: str) -> R:
    """The row with this id. Raises NotFound, the same for another workspace's ids."""
    known = None if change.seen is None else change.seen.get((model, row_id))
    row = known or next(iter(within(change, model).filter(pk=row_id)), None)
    if row is None:
        raise NotFound(_("There is no such %(noun)s.", noun=noun), kind=noun, id=row_id)
    if change.seen is not None:
        change.seen[model, row_id] = row
    return cast(R, row)


def many(change: Change, model: type[R], row_ids: Iterable[int], noun: str) -> dict[int, R]:
    """The rows with these ids, by id. Raises NotFound naming the first that is not there."""
    wanted = list(dict.fromkeys(row_ids))
    seen = {} if change.seen is None else change.seen
    found = {pk: cast(R, seen[model, pk]) for pk in wanted if (model, pk) in seen}
    missing = [pk for pk in wanted if pk not in found]
    for n in range(0, len(missing), IDS_AT_ONCE):
        some = within(change, model).filter(pk__in=missing[n : n + IDS_AT_ONCE])
        found |= {row.pk: row for row in some}
    if change.seen is not None:
        change.seen |= {(model, pk): row for pk, row in found.items()}
    for row_id in wanted:
        if row_id not in found:
            raise NotFound(_("There is no such %(noun)s.", noun=noun), kind=noun, id=row_id)
    return {row_id: found[row_id] for row_id in wanted}


class Versioned(Protocol):
    """A row that counts its versions, so that two people cannot overwrite each other."""

    pk: Any
    version: int

    def save(self, *, update_fields: list[str]) -> None:
        """Write these columns."""


def require_version(row: Versioned, version: int) -> None:
    """Raise ChangedMeanwhile unless `row` is still as it was read."""
    if row.version != version:
        raise ChangedMeanwhile(
            _("Somebody changed this while you were writing. Look at the newer version."),
            id=row.pk,
            version=row.version,
        )


class Retirable(Protocol):
    """A row that can be taken out of use."""

    pk: Any
    retired_at: datetime | None


def require_in_use(change: Change, row: Retirable, label: str = "") -> None:
    """Raise OutOfUse for a retired row: it takes no changes. `label` is how people call it."""
    if row.retired_at is None:
        return
    raise OutOfUse(
        _(
            "%(label)s is out of use since %(day)s. Bring it back into use first, or choose "
            "another one.",
            label=label or str(row),
            day=row.retired_at.astimezone(change.zone).date().isoformat(),
        ),
        id=row.pk,
        since=row.retired_at.isoformat(),
    )


def apply(row: Versioned, wanted: Mapping[str, object]) -> tuple[str, ...]:
    """Write the values that differ and count a version; returns which fields changed."""
    changed = tuple(field for field, value in wanted.items() if getattr(row, field) != value)
    for field in changed:
        setattr(row, field, wanted[field])
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
    return changed
