"""From tables, layouts and answers to a plan. Nothing here reads a clock or a database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from keystead.exchange.errors import LayoutMismatch, NothingToImport
from keystead.exchange.guessing.fields import Field, Layout, Purpose
from keystead.exchange.planning import coding, placing
from keystead.exchange.planning.desk import Case, Desk, Settings, Sheet, make_sheet, tidy
from keystead.exchange.planning.doubts import Answers, Doubts
from keystead.exchange.planning.drafts import Draft, draft_of
from keystead.exchange.planning.numbering import Piece, settle
from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import Copy, Outcome, PlannedRow, State
from keystead.exchange.planning.survey import survey
from keystead.exchange.tables import Row, Table, fingerprint
from keystead.kernel.words import said as _

_LISTED = 5
_NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class Source:
    """A table and how to read it."""

    table: Table
    layout: Layout


def make_plan(
    sources: Sequence[Source], settings: Settings, answers: Answers = _NO_ANSWERS
) -> Plan:
    """Plan the import of one file.

    Raises LayoutMismatch where a layout does not fit its table, UnknownAnswer for an answer that
    is no option, and NothingToImport when no row would become a record.
    """
    for source in sources:
        _check(source)
    desk = Desk(settings, Doubts(answers))
    sheets = [
        make_sheet(source.table, source.layout)
        for source in sources
        if source.layout.purpose is not Purpose.IGNORE
    ]
    survey(desk, [sheet for sheet in sheets if sheet.layout.purpose is Purpose.REGISTER])
    read = [item for sheet in sheets for item in _read_sheet(desk, sheet)]
    settled = iter(settle([item for item in read if isinstance(item, Draft)]))
    rows = [_finished(item, next(settled)) if isinstance(item, Draft) else item for item in read]
    _shared_hooks(desk, rows)
    plan = Plan(tuple(rows), desk.doubts.all())
    if not plan.outcomes(Outcome.PLANNED):
        raise _nothing(plan, sources)
    return plan


def _check(source: Source) -> None:
    layout, table = source.layout, source.table
    if len(layout.fields) != table.width:
        raise LayoutMismatch(
            _(
                "“%(name)s” has %(width)s columns, the layout %(count)s.",
                name=table.name,
                width=table.width,
                count=len(layout.fields),
            ),
            field="fields",
        )
    if layout.header is not None and not 1 <= layout.header <= len(table.rows):
        raise LayoutMismatch(
            _(
                "“%(name)s” has no row %(header)s for the heading.",
                name=table.name,
                header=layout.header,
            ),
            field="header",
        )


def _read_sheet(desk: Desk, sheet: Sheet) -> list[PlannedRow | Draft]:
    plain = _symbols_are_short(sheet)
    read: list[PlannedRow | Draft] = []
    for row in sheet.table.rows:
        mark = fingerprint(row, sheet.secret_columns)
        outcome = _outcome(desk, sheet, row, symbols_are_short=plain)
        if outcome is not Outcome.PLANNED:
            read.append(_without_records(sheet, row, outcome, mark))
            continue
        desk.seen[mark] += 1
        case = Case(desk, sheet, row)
        _beside_the_table(case)
        if sheet.layout.purpose is Purpose.CODES:
            read.append(_code_row(case, mark, desk.seen[mark]))
            continue
        draft = draft_of(case, mark, desk.seen[mark])
        read.append(draft or _without_records(sheet, row, Outcome.LEFT_OUT, mark))
    return read


def _outcome(desk: Desk, sheet: Sheet, row: Row, *, symbols_are_short: bool) -> Outcome:
    """Whether a row is data at all, or blank, a title, a heading or a line between sections."""
    header = sheet.layout.header
    if row.is_blank:
        return Outcome.BLANK
    if header is not None and row.number <= header:
        return Outcome.HEADING
    if header is not None and row.cells == sheet.table.at(header).cells:
        desk.doubts.ask("heading-again", sheet=sheet.name, row=row.number, about="*")
        return Outcome.HEADING
    filled = [tidy(cell) for cell in row.cells if cell.strip()]
    alone = len(filled) == 1 and sheet.table.width > 2 and sheet.layout.purpose is Purpose.REGISTER
    if alone and symbols_are_short and " " in filled[0]:
        choice = desk.doubts.ask("section", sheet=sheet.name, row=row.number, found=filled[0])
        return Outcome.SECTION if choice == "skip" else Outcome.PLANNED
    return Outcome.PLANNED


def _symbols_are_short(sheet: Sheet) -> bool:
    """Whether nearly all keys are symbols such as AA1, so that a sentence cannot be one."""
    symbols = [text for _, text in sheet.cells(Field.KEY)]
    return sum(len(text) <= 12 for text in symbols) >= 0.8 * len(symbols) > 0


def _beside_the_table(case: Case) -> None:
    """Text in a column nobody gave a meaning is kept, not dropped."""
    for heading, text in case.texts(Field.UNKNOWN):
        if case.ask("beside-the-table", found=text, about=heading) == "remark":
            case.keep(heading, text)


def _code_row(case: Case, mark: str, occurrence: int) -> PlannedRow:
    """A row of a sheet of codes."""
    place = placing.place_of(case)
    found = coding.codes_of(case, place)
    return PlannedRow(
        sheet=case.sheet.name,
        number=case.row.number,
        outcome=Outcome.PLANNED if found else Outcome.LEFT_OUT,
        fingerprint=mark,
        occurrence=occurrence,
        spaces=place.spaces if found else (),
        codes=found,
    )


def _without_records(sheet: Sheet, row: Row, outcome: Outcome, mark: str) -> PlannedRow:
    return PlannedRow(sheet=sheet.name, number=row.number, outcome=outcome, fingerprint=mark)


def _finished(draft: Draft, pieces: tuple[Piece, ...]) -> PlannedRow:
    case = draft.case
    if case.is_left_out or not pieces:
        return _without_records(case.sheet, case.row, Outcome.LEFT_OUT, draft.fingerprint)
    known = (spot.code for spot in draft.spots if spot.code is not None)
    return PlannedRow(
        sheet=case.sheet.name,
        number=case.row.number,
        outcome=Outcome.PLANNED,
        fingerprint=draft.fingerprint,
        occurrence=draft.occurrence,
        key=draft.keyed.key,
        copies=tuple(_copy(draft, piece, n) for n, piece in enumerate(pieces)),
        spaces=draft.spaces,
        opens=draft.place.opens,
        codes=(*coding.codes_of(case, draft.place), *known),
    )


def _copy(draft: Draft, piece: Piece, n: int) -> Copy:
    """The n-th copy of a row, with the n-th place where the row names several."""
    copy = replace(
        draft.copy,
        key=piece.key,
        number=piece.number,
        ordinal=piece.ordinal,
        ring=draft.ring,
        remark="\n".join(draft.case.notes),
    )
    if not draft.spots:
        return copy
    if n >= len(draft.spots):
        return replace(copy, state=State.UNKNOWN)
    spot = draft.spots[n]
    return replace(copy, state=spot.state, holder=spot.holder, home=spot.home)


def _shared_hooks(desk: Desk, rows: Sequence[PlannedRow]) -> None:
    """One notice for every hook that more than one key is said to hang on."""
    keys: dict[tuple[str, str], set[str]] = defaultdict(set)
    at: dict[tuple[str, str], list[PlannedRow]] = defaultdict(list)
    for row in rows:
        for copy in row.copies:
            if copy.home is not None and copy.home.position:
                hook = (copy.home.container.name, copy.home.position)
                keys[hook].add(copy.key.identity)
                at[hook].append(row)
    shared = [hook for hook, found in keys.items() if len(found) > 1]
    if not shared:
        return
    touched = [row for hook in shared for row in at[hook]]
    names = ", ".join(f"{container} {position}" for container, position in shared[:_LISTED])
    desk.doubts.ask(
        "shared-hook",
        sheet=touched[0].sheet,
        row=touched[0].number,
        rows=tuple(row.number for row in touched if row.sheet == touched[0].sheet),
        found=names + (" …" if len(shared) > _LISTED else ""),
        about="*",
        count=str(len(shared)),
    )


def _nothing(plan: Plan, sources: Sequence[Source]) -> NothingToImport:
    """The refusal of a file without a single row to import, with the rows that were looked at."""
    blank = (Outcome.BLANK, Outcome.HEADING)
    rows = [row.number for row in plan.rows if row.outcome not in blank]
    for source in sources:
        if source.layout.purpose is Purpose.IGNORE:
            start = source.layout.header or 0
            rows += [row.number for row in source.table.rows if row.number > start]
    shown = ", ".join(map(str, rows[:20])) + (" …" if len(rows) > 20 else "")
    return NothingToImport(
        _(
            "None of the rows can be imported (%(value)s). Check which column is the "
            "key, and which row is the heading.",
            value=shown or "there are no rows",
        ),
        field="file",
        rows=rows,
    )
