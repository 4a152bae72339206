"""Writing planned rows into the register, all at once or in hidden batches; taking them back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.utils.translation import override

from keystead.exchange import facts
from keystead.exchange.errors import ImportUnderWay
from keystead.exchange.models import Import
from keystead.exchange.operations.staging import require_open
from keystead.exchange.operations.writing import write
from keystead.exchange.planning.records import PlannedRow
from keystead.journal.models import Remark, Row, Workspace
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_version
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _


@dataclass(frozen=True, slots=True)
class Applied:
    """How far an import has got, and what it has added so far."""

    import_id: int
    version: int
    done: int
    is_finished: bool
    keys_made: int
    copies_made: int
    persons_made: int


@operation(Right.IMPORT)
def apply_rows(
    change: Change,
    *,
    import_id: int,
    version: int,
    rows: Sequence[PlannedRow],
    is_last: bool,
) -> Applied:
    """Write the next planned rows of an import; the last ones finish it.

    Rows written before the last batch stay hidden until then. What the register has already
    stays as it is. Raises ImportEnded, and ChangedMeanwhile when somebody else goes on with it.
    """
    row = one(change, Import, import_id, "import")
    require_open(row)
    require_version(row, version)
    is_hidden = row.done > 0 or not is_last
    change.import_id, change.pending_import = row.pk, row.pk if is_hidden else None
    workspace = Workspace.objects.get(pk=change.workspace_id)
    with override(workspace.locale):
        made = write(change, row, rows, workspace.time_zone)
    progress = {
        "done": row.done + len(rows),
        "keys_made": row.keys_made + made.keys_made,
        "copies_made": row.copies_made + made.copies_made,
        "persons_made": row.persons_made + made.persons_made,
    }
    if is_last:
        _finish(change, row, progress, is_hidden=is_hidden)
    else:
        apply(row, {"state": "applying", **progress})
        change.record(
            facts.ImportBatchApplied(
                import_id=row.pk,
                first_row=rows[0].number if rows else 0,
                last_row=rows[-1].number if rows else 0,
            )
        )
    return Applied(
        row.pk,
        row.version,
        row.done,
        is_last,
        row.keys_made,
        row.copies_made,
        row.persons_made,
    )


@operation(Right.IMPORT)
def begin_import(change: Change, *, import_id: int) -> None:
    """Ask the worker to write an import, or to go on with one that was stopped."""
    row = one(change, Import, import_id, "import")
    require_open(row)
    if row.state == "applying" and row.asked_by is not None:
        return change.unchanged(None)
    apply(row, {"state": "applying", "asked_by": change.actor.account_id})
    change.record(facts.ImportBegun(import_id=row.pk))
    return None


@operation(Right.IMPORT)
def stop_import(change: Change, *, import_id: int, reason: str) -> None:
    """Note that the worker cannot go on (`reason` is an error's code); nothing is taken back."""
    row = one(change, Import, import_id, "import")
    if row.state != "applying" or row.asked_by is None:
        return change.unchanged(None)
    apply(row, {"asked_by": None})
    change.record(facts.ImportStopped(import_id=row.pk, reason=reason))
    return None


@operation(Right.IMPORT)
def undo_import(change: Change, *, import_id: int) -> None:
    """Take back an import that is written in part: none of it was ever visible."""
    row = one(change, Import, import_id, "import")
    if row.state == "undone":
        return change.unchanged(None)
    require_open(row)
    if row.state != "applying":
        raise ImportUnderWay(
            _("Nothing of this file is written yet. Throw it away instead."), import_id=row.pk
        )
    _delete_pending(row.pk)
    apply(row, {"state": "undone", "sealed": None, "answers": {}, "ended_at": change.at})
    change.record(facts.ImportUndone(import_id=row.pk))
    return None


def _finish(change: Change, row: Import, progress: dict[str, int], *, is_hidden: bool) -> None:
    """Show what was hidden, delete the uploaded file, tell the journal."""
    if is_hidden:
        for model in _tables():
            model.everything.filter(pending_import=row.pk).update(pending_import=None)
    over: dict[str, object] = {
        "state": "finished",
        "sealed": None,
        "answers": {},
        "ended_at": change.at,
    }
    apply(row, {**over, **progress})
    change.record(
        facts.ImportFinished(
            import_id=row.pk,
            rows=row.row_count,
            copies=row.copies_made,
            keys=row.keys_made,
            persons=row.persons_made,
        )
    )


def _tables() -> list[type[Row]]:
    """Every table of the register, those that others point to first."""
    tables = [model for model in apps.get_models() if issubclass(model, Row)]
    placed: list[type[Row]] = []
    while len(placed) < len(tables):
        ready = [
            model for model in tables if model not in placed and _targets(model) <= {*placed, model}
        ]
        placed += ready
    return placed


def _targets(model: type[Row]) -> set[type[models.Model]]:
    related = (field.related_model for field in model._meta.concrete_fields if field.is_relation)
    return {target for target in related if isinstance(target, type) and issubclass(target, Row)}


def _delete_pending(import_id: int) -> None:
    """Delete the hidden rows of an import and the remarks only they point to."""
    remarks: set[int] = set()
    for model in reversed(_tables()):
        rows = model.everything.filter(pending_import=import_id)
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Remark:
                remarks |= set(rows.values_list(field.attname, flat=True))
            elif field.is_relation and field.related_model is model:
                rows.update(**{field.attname: None})
        rows._raw_delete(rows.db)
    erasable = Remark._meta.default_manager
    if erasable is not None:
        erasable.filter(pk__in=remarks - {None}).delete()
