"""Bringing in a register, step by step: upload, look, decide, carry out.

Files are read and plans are made here, outside of any transaction; every change is one of the
operations of this context.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from keystead.exchange import operations, queries
from keystead.exchange.errors import QuestionsOpen
from keystead.exchange.everything import is_own_sheet
from keystead.exchange.exporting import is_own, own_layout, recognised
from keystead.exchange.guessing import Field, Layout, Purpose, guess
from keystead.exchange.operations import Applied
from keystead.exchange.planning import Plan, Settings, Source, make_plan
from keystead.exchange.planning.catalogue import CATALOGUE
from keystead.exchange.planning.doubts import Choice, Doubts, in_order
from keystead.exchange.planning.present import paths, told
from keystead.exchange.planning.records import Outcome, PlannedRow
from keystead.exchange.planning.retired import settled
from keystead.exchange.queries import ImportView
from keystead.exchange.reading import read
from keystead.exchange.tables import Book, Table
from keystead.journal import queries as journal
from keystead.journal.operation import require
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.places import queries as places

AT_ONCE = 5_000
"""Up to so many rows are written as one operation."""
BATCH = 1_000
WHICH_SITE_NEW = Choice(*CATALOGUE["which-site"].choices[0])


@dataclass(frozen=True, slots=True)
class Opened:
    """An open import with its file as read."""

    view: ImportView
    book: Book
    sources: tuple[Source, ...]


def upload(
    actor: Actor,
    data: bytes,
    file_name: str,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    site_name: str = "",
) -> int:
    """Read a file, guess its layout and keep it sealed; returns the import's id.

    `site_name` is for places the file puts on no site. Empty means the only site there is; with
    several it is asked, with none it is the workspace's name. Raises a FileRefused that says
    what is wrong with the file.
    """
    require(actor, Right.IMPORT)
    book = recognised(read(data, file_name, encoding=encoding, separator=separator))
    layouts = [_layout(table) for table in book.tables]
    workspace = journal.workspace(actor.workspace_id)
    return operations.stage(
        actor,
        file_name=book.file_name,
        content=data,
        encoding=encoding or "",
        separator=separator or "",
        layouts=[layout.plain() for layout in layouts],
        row_count=sum(len(table.rows) for table in book.tables),
        site_name=site_name or _only_site(actor, workspace.name),
        as_of=(actor.at or now()).astimezone(ZoneInfo(workspace.time_zone)).date(),
    )


def _only_site(actor: Actor, otherwise: str) -> str:
    """The name of the only site in use, `otherwise` where there is none, empty with several."""
    names = [site.name for site in places.sites(actor)]
    if len(names) > 1:
        return ""
    return names[0] if names else otherwise


def _layout(table: Table) -> Layout:
    """What the columns of a table are: known for our own exports, else guessed."""
    if is_own(table):
        return own_layout()
    if is_own_sheet(table):
        return Layout(Purpose.IGNORE, 1, (Field.UNKNOWN,) * len(table.rows[0].cells))
    return guess(table)


def opened(actor: Actor, import_id: int) -> Opened:
    """An import with its file, read again. Raises NotFound or ImportEnded."""
    view = queries.import_view(actor, import_id)
    data = queries.uploaded(actor, import_id)
    book = recognised(
        read(data, view.file_name, encoding=view.encoding or None, separator=view.separator or None)
    )
    sources = tuple(map(Source, book.tables, view.layouts))
    return Opened(view, book, sources)


def plan_for(actor: Actor, found: Opened) -> Plan:
    """What the import would write, with the layouts and answers kept so far."""
    require(actor, Right.IMPORT)
    workspace, answers = journal.workspace(actor.workspace_id), found.view.answers
    asked = Doubts(answers)
    site = found.view.site_name or _site_asked(actor, found, workspace.name, asked)
    with override(workspace.locale):
        settings = Settings(
            today=found.view.as_of,
            site=site,
            cabinet=_("Key cabinet"),
            unnamed_key=_("Unnamed key"),
        )
    plan = make_plan(found.sources, settings, answers)
    if any(path[0] == site for row in plan.rows for path in paths(row)):
        plan = Plan(plan.rows, in_order([*asked.all(), *plan.doubts]))
    plan = settled(plan, queries.retired_for(actor, plan), answers)
    return told(plan, queries.present_for(actor, plan), answers)


def _site_asked(actor: Actor, found: Opened, workspace: str, asked: Doubts) -> str:
    """Which of several sites the places are on that the file puts on none: a question."""
    sites = {str(site.id): site.name for site in places.sites(actor)}
    first = sorted(sites, key=lambda site_id: sites[site_id] != workspace)
    choices = [Choice(site_id, f"%(site_{site_id})s") for site_id in first]
    if workspace not in sites.values():
        choices.append(WHICH_SITE_NEW)
    source = next(
        (s for s in found.sources if s.layout.purpose is not Purpose.IGNORE), found.sources[0]
    )
    names = {f"site_{site_id}": name for site_id, name in sites.items()}
    values: dict[str, Any] = {"workspace": workspace, **names}
    choice = asked.ask(
        "which-site",
        sheet=source.table.name,
        row=(source.layout.header or 0) + 1,
        about="*",
        choices=tuple(choices),
        **values,
    )
    return sites.get(choice, workspace)


def layouts_of(plain: Sequence[Mapping[str, Any]]) -> list[Layout]:
    """Layouts from plain values, one for each sheet. Raises LayoutMismatch."""
    return [Layout.of_plain(one) for one in plain]


def decide(
    actor: Actor,
    view: ImportView,
    *,
    layouts: Sequence[Layout] | None = None,
    answers: Mapping[str, str] | None = None,
    site_name: str | None = None,
) -> int:
    """Change layouts, answers or the site of a staged import; returns its new version."""
    require(actor, Right.IMPORT)
    kept = view.layouts if layouts is None else layouts
    return operations.prepare(
        actor,
        import_id=view.id,
        version=view.version,
        layouts=[layout.plain() for layout in kept],
        answers=dict(view.answers.choices if answers is None else answers),
        site_name=site_name or view.site_name,
    )


def start(actor: Actor, import_id: int) -> Applied:
    """Write an import at once, or ask the worker to if it is a big one. Raises QuestionsOpen.

    Up to 5,000 rows are one operation. `is_finished` says whether all is written.
    """
    view = queries.import_view(actor, import_id)
    if not view.is_under_way:
        found = opened(actor, import_id)
        rows = _ready_rows(actor, found)
        if len(rows) <= AT_ONCE and view.done == 0:
            return _write(actor, found.view, rows, max(1, len(rows)), None)
        operations.begin_import(actor, import_id=import_id)
        view = queries.import_view(actor, import_id)
    made = (view.keys_made, view.copies_made, view.persons_made)
    return Applied(view.id, view.version, view.done, False, *made)


def carry_out(
    actor: Actor, import_id: int, *, progress: Callable[[int, int], None] | None = None
) -> Applied:
    """Write an import, or go on with one that was stopped. Raises QuestionsOpen.

    Up to 5,000 rows are one operation: all or nothing. More are written in hidden batches;
    `progress` hears after each how many of how many rows are done.
    """
    found = opened(actor, import_id)
    rows = _ready_rows(actor, found)
    view = found.view
    size = len(rows) if len(rows) <= AT_ONCE and view.done == 0 else BATCH
    return _write(actor, view, rows, max(1, size), progress)


def _ready_rows(actor: Actor, found: Opened) -> Sequence[PlannedRow]:
    """The rows to write. Raises QuestionsOpen while one of them is doubtful."""
    plan = plan_for(actor, found)
    if not plan.is_ready:
        raise QuestionsOpen(
            f"{len(plan.questions)} questions about the file are open. Answer them first.",
            import_id=found.view.id,
            questions=[doubt.id for doubt in plan.questions],
        )
    return plan.outcomes(Outcome.PLANNED)


def _write(
    actor: Actor,
    view: ImportView,
    rows: Sequence[PlannedRow],
    size: int,
    progress: Callable[[int, int], None] | None,
) -> Applied:
    done, version = view.done, view.version
    while True:
        batch = rows[done : done + size]
        applied = operations.apply_rows(
            actor,
            import_id=view.id,
            version=version,
            rows=batch,
            is_last=done + len(batch) >= len(rows),
        )
        done, version = applied.done, applied.version
        if progress is not None:
            progress(done, len(rows))
        if applied.is_finished:
            return applied
