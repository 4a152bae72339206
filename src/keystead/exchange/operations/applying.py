"""Writing planned rows into the register, all at once or in hidden batches; taking them back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.db import models
from django.utils.translation import override

from keystead.exchange import facts
from keystead.exchange.errors import ImportUnderWay
from keystead.exchange.models import Import, ImportedCopy
from keystead.exchange.operations.register import Register
from keystead.exchange.operations.staging import require_open
from keystead.exchange.operations.whereabouts import take_over
from keystead.exchange.planning import numbers
from keystead.exchange.planning.records import Copy, PlannedRow, number_identity
from keystead.journal.models import Remark, Row, Workspace
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_version
from keystead.kernel.rights import Right
from keystead.keys import operations as keys


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
        made = _write(change, row, rows, workspace.time_zone)
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
def undo_import(change: Change, *, import_id: int) -> None:
    """Take back an import that is written in part: none of it was ever visible."""
    row = one(change, Import, import_id, "import")
    if row.state == "undone":
        return change.unchanged(None)
    require_open(row)
    if row.state != "applying":
        raise ImportUnderWay(
            "Nothing of this file is written yet. Throw it away instead.", import_id=row.pk
        )
    _delete_pending(row.pk)
    apply(row, {"state": "undone", "sealed": None, "answers": {}, "ended_at": change.at})
    change.record(facts.ImportUndone(import_id=row.pk))
    return None


@dataclass(slots=True)
class _Made:
    """What a batch added."""

    keys_made: int = 0
    copies_made: int = 0
    persons_made: int = 0


def _write(change: Change, row: Import, rows: Sequence[PlannedRow], zone: str) -> _Made:
    register = Register(change)
    register.known.load_copies(copy.key.identity for planned in rows for copy in planned.copies)
    copies_made = sum(_write_row(register, row, planned, zone) for planned in rows)
    return _Made(register.keys_made, copies_made, register.persons_made)


def _write_row(register: Register, source: Import, planned: PlannedRow, zone: str) -> int:
    """Write one row; returns how many copies it added."""
    kinds = {space.identity: space.kind for space in planned.spaces}
    for space in planned.spaces:
        register.place(space.path, kinds)
    points = [register.point(point, kinds) for point in planned.opens]
    for key in {copy.key.identity: copy.key for copy in planned.copies}.values():
        key_id = register.key(key)
        for point_id in points:
            register.note_opens(key_id, point_id)
    fresh = [copy for copy in planned.copies if not _is_there(register, copy)]
    made = [pair for group in _alike(fresh) for pair in _write_copies(register, group, kinds, zone)]
    _hang_on_rings(register, made)
    _keep_notes(register.change, source, planned, made)
    for code in planned.codes:
        register.code(code, kinds)
    return len(made)


def _is_there(register: Register, copy: Copy) -> bool:
    return number_identity(copy.number) in register.known.copies_of(register.key(copy.key))


def _alike(copies: Sequence[Copy]) -> Iterator[list[Copy]]:
    """Neighbouring copies that differ in nothing but their number."""

    def rest(copy: Copy) -> tuple[object, ...]:
        where = (copy.state, copy.home, copy.holder, copy.flags, copy.remark)
        return (copy.key.identity, *where, copy.issued, copy.due, copy.returned)

    for _same, group in groupby(copies, rest):
        yield list(group)


def _write_copies(
    register: Register, copies: list[Copy], kinds: dict[str, str], zone: str
) -> list[tuple[int, Copy]]:
    """Add alike copies of one key and say where they are; pairs of id and plan."""
    change, first = register.change, copies[0]
    key_id = register.key(first.key)
    home = register.home(first.home, kinds) if first.home else (None, None)
    ring_id = register.ring(first.ring) if first.ring else None
    wanted = _free_numbers(register.known.taken.setdefault(key_id, set()), copies)
    copy_ids = keys.make_copies(
        change,
        key_id=key_id,
        numbers=wanted,
        marks=[
            "" if numbers.plain(copy.number) == number else copy.number
            for copy, number in zip(copies, wanted, strict=True)
        ],
        home_container_id=home[0],
        home_position_id=home[1],
    )
    for copy, number, copy_id in zip(copies, wanted, copy_ids, strict=True):
        register.known.note_copy(key_id, copy.number, number, copy_id)
    take_over(
        change,
        copy_ids,
        first,
        person_id=register.person(first.holder) if first.holder else None,
        home=home,
        ring_id=ring_id,
        zone=zone,
    )
    return list(zip(copy_ids, copies, strict=True))


def _free_numbers(taken: set[int], copies: Sequence[Copy]) -> list[int]:
    """The numbers the plan gives these copies, or the next free ones where they are taken."""
    found: list[int] = []
    for copy in copies:
        number = copy.ordinal
        if number in taken or number in found:
            number = max(*taken, *found, *(other.ordinal for other in copies)) + 1
        found.append(number)
    return found


def _hang_on_rings(register: Register, made: Sequence[tuple[int, Copy]]) -> None:
    hanging: dict[int, list[int]] = defaultdict(list)
    for copy_id, copy in made:
        if copy.ring is not None:
            hanging[register.ring(copy.ring)].append(copy_id)
    for ring_id, copy_ids in hanging.items():
        keys.put_on_ring(register.change, ring_id=ring_id, copy_ids=copy_ids)


def _keep_notes(
    change: Change, source: Import, planned: PlannedRow, made: Sequence[tuple[int, Copy]]
) -> None:
    """Remember which row each copy came from, and keep the row's remark, erasable."""
    remark = change.remark(made[0][1].remark) if made else None
    ImportedCopy.everything.bulk_create(
        ImportedCopy(
            workspace_id=change.workspace_id,
            pending_import=change.pending_import,
            source=source,
            copy_id=copy_id,
            sheet=planned.sheet,
            row_number=planned.number,
            fingerprint=planned.fingerprint,
            remark_id=remark.remark_id if remark else None,
        )
        for copy_id, _copy in made
    )


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
