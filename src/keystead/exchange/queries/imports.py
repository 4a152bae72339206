"""Imports as pages and programs see them, and what a plan would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from keystead.exchange.errors import ImportEnded
from keystead.exchange.guessing import Layout
from keystead.exchange.models import Import, ImportedCopy
from keystead.exchange.planning.doubts import Answers
from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import number_identity
from keystead.exchange.queries.known import Known
from keystead.journal.operation import require, scope_of
from keystead.journal.orders import Order, Spot
from keystead.journal.rows import hidden
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys.models import Copy
from keystead.vault import sealing


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import. `done` of its planned rows are written; times are aware UTC."""

    id: int
    file_name: str
    file_hash: str
    state: str
    encoding: str
    separator: str
    layouts: tuple[Layout, ...]
    answers: Answers
    site_name: str
    as_of: date
    row_count: int
    done: int
    keys_made: int
    copies_made: int
    persons_made: int
    staged_at: datetime
    staged_by: int | None
    asked_by: int | None
    ended_at: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether something can still be done with it."""
        return self.state in ("staged", "applying")

    @property
    def is_under_way(self) -> bool:
        """Whether the worker is to write it, or writes it just now."""
        return self.state == "applying" and self.asked_by is not None


@dataclass(frozen=True, slots=True)
class RowNote:
    """What the row said that a copy came from."""

    copy_id: int
    import_id: int
    file_name: str
    sheet: str
    row_number: int
    text: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a plan would add, and what is in the register already and stays as it is."""

    new_keys: int
    new_copies: int
    new_persons: int
    known_copies: int
    known_rows: tuple[tuple[str, int], ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether every copy of the plan is in the register already."""
        return self.new_copies == 0 and self.new_keys == 0


IMPORTS = Order("-pk=id")
"""How imports are sorted."""


def imports(actor: Actor, limit: int = 50, after: Spot | None = None) -> list[ImportView]:
    """The workspace's imports, newest first. Needs the right to import."""
    require(actor, Right.IMPORT)
    rows = Import.objects.filter(workspace_id=actor.workspace_id).defer("sealed")
    return [_view(row) for row in IMPORTS.page(rows, after=after, limit=limit)]


def import_view(actor: Actor, import_id: int) -> ImportView:
    """One import. Raises NotFound."""
    require(actor, Right.IMPORT)
    return _view(_row(actor, import_id))


def stale_imports(before: datetime) -> list[tuple[int, int]]:
    """Staged imports of all workspaces from before then (aware), as workspace id and id.

    Only for the worker: it asks for no right.
    """
    rows = Import.objects.filter(state="staged", staged_at__lt=before).order_by("pk")
    return list(rows.values_list("workspace_id", "pk"))


def asked_imports() -> list[tuple[int, int, int]]:
    """Imports of all workspaces the worker is to write, as workspace id, id and account id.

    Only for the worker: it asks for no right.
    """
    rows = Import.objects.filter(state="applying", asked_by__isnull=False).order_by("pk")
    return [(row.workspace_id, row.pk, row.asked_by or 0) for row in rows.defer("sealed")]


def uploaded(actor: Actor, import_id: int) -> bytes:
    """The file of an open import, unsealed. Raises ImportEnded once it is deleted."""
    require(actor, Right.IMPORT)
    row = _row(actor, import_id)
    try:
        return _opened(row)
    except sealing.CannotOpen:
        again = _row(actor, import_id)
        if again.sealed == row.sealed:
            raise
        return _opened(again)  # it was sealed anew between the reading and the opening


def _opened(row: Import) -> bytes:
    if row.sealed is None:
        raise ImportEnded(_("This import is over; its file was deleted."), import_id=row.pk)
    return sealing.open_bytes(
        bytes(row.sealed), workspace_id=row.workspace_id, row=row.uuid, purpose="exchange.upload"
    )


def compare(actor: Actor, plan: Plan) -> Comparison:
    """What a plan would change in the register as it is now."""
    require(actor, Right.IMPORT)
    known = Known(actor.workspace_id).load()
    known.load_copies(key.identity for key in plan.keys)
    seen: list[tuple[str, int]] = []
    known_copies = 0
    for row in plan.rows:
        here = [copy for copy in row.copies if _is_known(known, copy.key.identity, copy.number)]
        known_copies += len(here)
        if here:
            seen.append((row.sheet, row.number))
    names = {name for name, _firm in known.persons}
    return Comparison(
        new_keys=sum(key.identity not in known.keys for key in plan.keys),
        new_copies=len(plan.copies) - known_copies,
        new_persons=sum(holder.identity.split("|")[0] not in names for holder in plan.holders),
        known_copies=known_copies,
        known_rows=tuple(seen),
    )


def notes_of(actor: Actor, copy_ids: Iterable[int]) -> dict[int, list[RowNote]]:
    """What the rows said that these copies came from, by copy id."""
    scope_of(actor, Right.SEE_REGISTER)
    wanted = set(copy_ids)
    rows = ImportedCopy.objects.filter(
        workspace_id=actor.workspace_id,
        copy_id__in=wanted - hidden(actor, Copy, wanted),
        remark__isnull=False,
    ).select_related("source", "remark")
    found: dict[int, list[RowNote]] = {}
    for row in rows.order_by("pk"):
        note = RowNote(
            row.copy_id,
            row.source_id,
            row.source.file_name,
            row.sheet,
            row.row_number,
            row.remark.text if row.remark else "",
            row.source.ended_at or row.source.staged_at,
        )
        found.setdefault(row.copy_id, []).append(note)
    return found


def _is_known(known: Known, key: str, number: str) -> bool:
    key_id = known.keys.get(key)
    return key_id is not None and number_identity(number) in known.copies_of(key_id)


def _row(actor: Actor, import_id: int) -> Import:
    row = Import.objects.filter(workspace_id=actor.workspace_id, pk=import_id).first()
    if row is None:
        raise NotFound(_("There is no such import."), kind="import", id=import_id)
    return row


def _view(row: Import) -> ImportView:
    return ImportView(
        row.pk,
        row.file_name,
        row.file_hash,
        row.state,
        row.encoding,
        row.separator,
        tuple(Layout.of_plain(plain) for plain in row.layouts),
        Answers(dict(row.answers)),
        row.site_name,
        row.as_of,
        row.row_count,
        row.done,
        row.keys_made,
        row.copies_made,
        row.persons_made,
        row.staged_at,
        row.staged_by,
        row.asked_by,
        row.ended_at,
        row.version,
    )
