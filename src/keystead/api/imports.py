"""Bringing a register in, and taking it out, over the API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import File, FormEx, P, UploadedFile
from pydantic import Field

from keystead.api import cursors
from keystead.api.answers import Call, Page, page
from keystead.api.conditions import Changed
from keystead.api.endpoints import Routes
from keystead.api.values import After, Body, Flag, Id, Limit, PathId, Text
from keystead.exchange import exporting, operations, problems, queries
from keystead.exchange import imports as importing
from keystead.exchange.errors import FileTooLarge
from keystead.exchange.guessing import heading
from keystead.exchange.imports import Opened
from keystead.exchange.limits import MAX_COLUMNS, MAX_SHEETS, MAX_UPLOAD_BYTES
from keystead.exchange.operations import Applied
from keystead.exchange.planning import Doubt, Plan
from keystead.exchange.queries import Comparison, ImportView
from keystead.kernel.errors import NotFound

routes = Routes("imports")


@dataclass(frozen=True, slots=True)
class ImportState:
    """One import: `staged`, `applying` (under way, or stopped), `finished`, `undone` or
    `discarded`. `done` of its planned rows are written; `as_of` is the day it was uploaded."""

    id: int
    version: int
    file_name: str
    state: str
    is_under_way: bool
    site_name: str
    as_of: date
    row_count: int
    done: int
    keys_made: int
    copies_made: int
    persons_made: int
    staged_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportChoice:
    """One way to settle a doubt: what to send, and what happens then."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportDoubt:
    """A doubtful cell and its rows. `found` never shows a code. It `blocks` while the import
    waits for its answer."""

    id: str
    kind: str
    text: str
    sheet: str
    column: str
    found: str
    rows: tuple[int, ...]
    choices: tuple[ImportChoice, ...]
    chosen: str
    is_answered: bool
    blocks: bool


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """A sheet and what each of its columns is taken for."""

    name: str
    purpose: str
    header: int | None
    headings: tuple[str, ...]
    fields: tuple[str, ...]
    rows_are_sets: bool


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would be written: counts by kind, and how that compares with the register now."""

    counts: dict[str, int]
    comparison: Comparison
    doubts: tuple[ImportDoubt, ...]
    is_ready: bool


@dataclass(frozen=True, slots=True)
class ImportLook:
    """An import with its sheets and its plan; both are empty while it is written, and when it is
    over."""

    item: ImportState
    sheets: tuple[ImportSheet, ...]
    plan: ImportPlan | None


def _state(view: ImportView) -> ImportState:
    return ImportState(
        view.id,
        view.version,
        view.file_name,
        view.state,
        view.is_under_way,
        view.site_name,
        view.as_of,
        view.row_count,
        view.done,
        view.keys_made,
        view.copies_made,
        view.persons_made,
        view.staged_at,
        view.ended_at,
    )


def _look(request: Call, import_id: int) -> ImportLook:
    view = queries.import_view(request.actor, import_id)
    if not view.is_open or view.is_under_way:
        return ImportLook(_state(view), (), None)
    found = importing.opened(request.actor, import_id)
    plan = importing.plan_for(request.actor, found)
    return ImportLook(_state(found.view), tuple(_sheets(found)), _plan(request, plan))


def _sheets(found: Opened) -> list[ImportSheet]:
    return [
        ImportSheet(
            source.table.name,
            source.layout.purpose.value,
            source.layout.header,
            tuple(
                heading(source.table, source.layout, n) for n in range(len(source.layout.fields))
            ),
            tuple(field.value for field in source.layout.fields),
            source.layout.rows_are_sets,
        )
        for source in found.sources
    ]


def _plan(request: Call, plan: Plan) -> ImportPlan:
    counts = {
        "keys": len(plan.keys),
        "copies": len(plan.copies),
        "holders": len(plan.holders),
        "access_points": len(plan.access_points),
        "spaces": len(plan.spaces),
        "containers": len(plan.containers),
        "rings": len(plan.rings),
        "codes": sum(code.value is not None for code in plan.codes),
    }
    doubts = tuple(map(_doubt, plan.doubts))
    return ImportPlan(counts, queries.compare(request.actor, plan), doubts, plan.is_ready)


def _doubt(doubt: Doubt) -> ImportDoubt:
    return ImportDoubt(
        doubt.id,
        doubt.kind,
        _(doubt.sentence) % doubt.values,
        doubt.sheet,
        doubt.column,
        doubt.found,
        doubt.rows,
        tuple(
            ImportChoice(choice.value, _(choice.label) % doubt.values) for choice in doubt.choices
        ),
        doubt.chosen,
        doubt.is_answered,
        doubt.blocks,
    )


@routes.get("/imports", Page[ImportState])
def imports(request: Call, limit: Limit = 50, after: After = None) -> Page[ImportState]:
    """List imports, newest first."""
    rows = queries.imports(request.actor, limit + 1, cursors.read(request, after))
    return page(request, [_state(view) for view in rows], limit, queries.IMPORTS.spot)


@routes.add("/imports", ImportLook)
def add_import(
    request: Call, file: File[UploadedFile], site: FormEx[Text, P(default="")]
) -> ImportLook:
    """Upload a register (.csv, .txt or .xlsx, at most 20 MB); nothing is written yet.

    `site` is for places that the file puts on no site. Empty means the only site there is; with
    several it is a question of the preview, with none it is called like the workspace.
    """
    if (file.size or 0) > MAX_UPLOAD_BYTES:
        raise FileTooLarge(f"A file has at most {MAX_UPLOAD_BYTES // 2**20} MB. Split it.")
    import_id = importing.upload(
        request.actor, file.read(), file.name or "register", site_name=site.strip()
    )
    return _look(request, import_id)


@routes.get("/imports/{import_id}", ImportLook)
def read_import(request: Call, import_id: PathId) -> ImportLook:
    """Read one import: what would be written, every doubt, and what can be answered."""
    return _look(request, import_id)


class ImportAnswers(Changed):
    """Choices by the id of their doubt, besides those kept already. `<id>@<row>` is for one row,
    `<kind>:*` for all doubts of a kind. `take_suggestions` answers whatever is open."""

    answers: dict[Annotated[str, Field(max_length=1_000)], Text] = Field(default_factory=dict)
    take_suggestions: Flag = False


@routes.put("/imports/{import_id}/answers", ImportLook)
def change_answers(request: Call, import_id: PathId, body: ImportAnswers) -> ImportLook:
    """Answer questions about a staged file."""
    found = importing.opened(request.actor, import_id)
    view = replace(found.view, version=body.version)
    suggested: Mapping[str, str] = {}
    if body.take_suggestions:
        suggested = importing.plan_for(request.actor, found).suggested().choices
    kept = {**suggested, **found.view.answers.choices, **body.answers}
    importing.decide(request.actor, view, answers=kept)
    return _look(request, import_id)


class SheetColumns(Body):
    """What one sheet is: its purpose, its heading row (none: 1 is data) and each column."""

    purpose: Text
    header: Id | None
    fields: list[Text] = Field(max_length=MAX_COLUMNS)
    rows_are_sets: Flag = False


class ImportColumns(Changed):
    """Every sheet, in the order of the file."""

    sheets: list[SheetColumns] = Field(max_length=MAX_SHEETS)


@routes.put("/imports/{import_id}/columns", ImportLook)
def change_columns(request: Call, import_id: PathId, body: ImportColumns) -> ImportLook:
    """Say what the columns of a staged file are."""
    found = importing.opened(request.actor, import_id)
    view = replace(found.view, version=body.version)
    importing.decide(
        request.actor,
        view,
        layouts=importing.layouts_of([s.model_dump() for s in body.sheets]),
    )
    return _look(request, import_id)


@routes.post("/imports/{import_id}/apply", Applied)
def apply_import(request: Call, import_id: PathId) -> Applied:
    """Write a staged file into the register, or go on where that was stopped.

    409 names the open `questions`. Up to 5,000 rows are written at once or not at all. More are
    written by the worker and stay hidden until all are: `is_finished` is false then, and reading
    the import tells how far it is. A finished one stays as it is.
    """
    view = queries.import_view(request.actor, import_id)
    if view.state == "finished":
        made = (view.keys_made, view.copies_made, view.persons_made)
        return Applied(view.id, view.version, view.done, True, *made)
    return importing.start(replace(request.actor, idempotency_key=None), import_id)


@routes.post("/imports/{import_id}/undo")
def undo_import(request: Call, import_id: PathId) -> None:
    """Take back an import that was stopped; none of it was ever visible."""
    operations.undo_import(request.actor, import_id=import_id)


@routes.post("/imports/{import_id}/discard")
def discard_import(request: Call, import_id: PathId) -> None:
    """Throw a staged file away; nothing of it was imported."""
    operations.discard_import(request.actor, import_id=import_id)


@routes.file("/imports/{import_id}/problems")
def import_problems(request: Call, import_id: PathId) -> HttpResponse:
    """Download every question and notice with its row as CSV; codes are masked."""
    if not queries.import_view(request.actor, import_id).is_open:
        raise NotFound(_("This import is over; its file was deleted."), import_id=import_id)
    plan = importing.plan_for(request.actor, importing.opened(request.actor, import_id))
    text = exporting.BOM + problems.problems_csv(plan, _)
    return HttpResponse(text, headers=_headers(f"import-{import_id}-problems.csv"))


@routes.file("/copies.csv")
def export_copies(request: Call) -> StreamingHttpResponse:
    """Download the register of copies as CSV in UTF-8: where each is, and where it belongs."""
    return StreamingHttpResponse(
        exporting.copies_csv(request.actor), headers=_headers("copies.csv")
    )


def _headers(file_name: str) -> dict[str, Any]:
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{file_name}"',
    }
