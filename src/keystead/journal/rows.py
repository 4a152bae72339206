"""Finding a row of the change's own workspace: the only way operations fetch by id."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from django.db.models import Q, QuerySet

from keystead.journal import reach
from keystead.journal.models import Row
from keystead.journal.operation import Change, granted, scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.errors import ChangedMeanwhile, NotFound, OutOfUse
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _

R = TypeVar("R", bound=Row)
IDS_AT_ONCE = 5_000
"""Databases take only so many values in one statement."""


def visible(actor: Actor, model: type[R], right: Right = Right.SEE_REGISTER) -> QuerySet[R]:
    """Rows in force that the actor may see, where it has `right`. Raises Forbidden if nowhere."""
    scope = scope_of(actor, right)
    rows = model.objects.filter(workspace_id=actor.workspace_id)
    return reach.seen(rows, actor.workspace_id, scope)


def hidden(actor: Actor, model: type[R], row_ids: Iterable[int | None]) -> set[int]:
    """Those of these ids that an actor with roles at some sites may not see.

    For things named beside what the actor sees, such as the container a copy belongs into.
    """
    scope = granted(actor).scope(Right.SEE_REGISTER)
    asked = {row_id for row_id in row_ids if row_id is not None}
    if scope.is_everything or scope.is_nothing or not asked:
        return set()
    rows = model.objects.filter(workspace_id=actor.workspace_id, pk__in=asked)
    return asked - set(reach.seen(rows, actor.workspace_id, scope).values_list("pk", flat=True))


def within(change: Change, model: type[R]) -> QuerySet[R]:
    """Rows of the workspace: those in force, and those of the import this change carries out.

    Of every site, since names are free or taken in the whole workspace; ids from outside go
    through `one`, `many` or `require_mine`.
    """
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
    require_mine(change, model, [row_id], noun)
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
    require_mine(change, model, wanted, noun)
    return {row_id: found[row_id] for row_id in wanted}


def require_mine(change: Change, model: type[R], row_ids: Iterable[int], noun: str) -> None:
    """Raise unless all these rows belong to the sites this change may change, and to no others.

    NotFound for what the actor may not even see, the same as for an id of nothing.
    """
    if change.scope.is_everything:
        return
    asked = [row_id for row_id in row_ids if (model, row_id) not in change.fresh]
    place = (change.workspace_id, change.scope, change.sight)
    reach.require_whole(within(change, model), asked, noun, *place)


def mine(change: Change, rows: QuerySet[R]) -> QuerySet[R]:
    """Those of `rows` that belong to the sites this change may change, and to no others."""
    return reach.whole(rows, change.workspace_id, change.scope)


def made(change: Change, row: Row) -> None:
    """Let the rest of this change fill in a row that was just made and belongs nowhere yet.

    In the end it must belong to the sites of whoever made it: see `reach.require_kept`.
    """
    change.fresh.add((type(row), row.pk))


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
