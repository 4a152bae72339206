"""What is decided once for a whole file: date orders, spellings of keys, places and people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from keystead.exchange.guessing import dates
from keystead.exchange.guessing.fields import DATES, Field
from keystead.exchange.planning import lookalikes, names, places
from keystead.exchange.planning.desk import Desk, Sheet, tidy
from keystead.exchange.planning.records import HolderKind
from keystead.kernel.text import folded

_Rows = dict[str, list[tuple[str, int]]]
_PLACES = (Field.SITE, Field.BUILDING)
_WORDS = (Field.DEPARTMENT, Field.FIRM)
_LISTED = 4


def survey(desk: Desk, sheets: Sequence[Sheet]) -> None:
    """Look over every sheet and fill the desk's maps, asking where it is not clear."""
    for sheet in sheets:
        _date_orders(desk, sheet)
    _symbols(desk, sheets)
    for field in (*_PLACES, *_WORDS):
        _spellings(desk, sheets, field)
    _people(desk, sheets)
    _departments(desk, sheets)


def _date_orders(desk: Desk, sheet: Sheet) -> None:
    for field in DATES:
        for column in sheet.layout.columns(field):
            cells = [tidy(row.cells[column]) for row in sheet.body()]
            seen = dates.evidence(cells)
            other = seen.order or seen.likelier
            if seen.needs_asking:
                other = _ask_order(desk, sheet, column, seen)
            dotted = dates.evidence(cells, dotted=True).likelier
            desk.orders[sheet.name, column] = dates.Orders(dotted, other)


def _ask_order(desk: Desk, sheet: Sheet, column: int, seen: dates.Evidence) -> dates.Order:
    rows = [row.number for row in sheet.body() if dates.looks_like_date(tidy(row.cells[column]))]
    example = seen.examples[0] if seen.examples else ""
    shown = {order: _shown(example, order, desk) for order in dates.Order}
    choice = desk.doubts.ask(
        "date-order",
        sheet=sheet.name,
        row=rows[0],
        rows=tuple(rows),
        column=sheet.headings[column],
        found=example,
        about="*",
        default=seen.likelier.value,
        day_first=shown[dates.Order.DAY_FIRST],
        month_first=shown[dates.Order.MONTH_FIRST],
    )
    return dates.Order(choice)


def _shown(example: str, order: dates.Order, desk: Desk) -> str:
    orders = dates.Orders(order, order)
    when = dates.read(example, orders=orders, today=desk.settings.today).when
    return when.iso if when else "–"


def _grouped(cells: Iterable[tuple[str, int, str]]) -> dict[str, _Rows]:
    """Spellings with their rows, by folded text: {folded: {spelling: [(sheet, row), …]}}."""
    found: dict[str, _Rows] = defaultdict(lambda: defaultdict(list))
    for sheet, row, text in cells:
        found[folded(text)][text].append((sheet, row))
    return found


def _cells(sheets: Sequence[Sheet], *fields: Field) -> Iterable[tuple[str, int, str]]:
    for sheet in sheets:
        for row, text in sheet.cells(*fields):
            yield sheet.name, row, text


def _symbols(desk: Desk, sheets: Sequence[Sheet]) -> None:
    """One spelling for each key; symbols that only look alike are asked about."""
    grouped = _grouped(_cells(sheets, Field.KEY))
    desk.known_symbols = frozenset(grouped)
    shapes: dict[str, str] = {}
    for symbol, spellings in grouped.items():
        best = max(spellings, key=lambda s: (len(spellings[s]), s.isupper()))
        desk.symbols |= dict.fromkeys(spellings, best)
        shape = lookalikes.symbol_shape(symbol)
        first = shapes.setdefault(shape, best)
        if first != best and shape:
            where = [place for found in spellings.values() for place in found]
            if _ask_about_word(desk, "symbol-lookalike", "", best, first, where) == "same":
                desk.symbols |= dict.fromkeys(spellings, first)


def _spellings(desk: Desk, sheets: Sequence[Sheet], field: Field) -> None:
    """Variants of one place, department or firm: asked about, pair by pair."""
    where: _Rows = defaultdict(list)
    for sheet, row, text in _cells(sheets, field):
        where[places.property_path(text)[0] if field is Field.SITE else text].append((sheet, row))
    kind = "same-place" if field in _PLACES else "same-word"
    counts = {text: len(rows) for text, rows in where.items()}
    heading = next((s.headings[c] for s in sheets for c in s.layout.columns(field)), "")
    for variant, better in lookalikes.pairs(counts, loose=field in _WORDS):
        if (folded(variant) == folded(better) and kind == "same-word") or _ask_about_word(
            desk, kind, heading, variant, better, where[variant]
        ) == "same":
            desk.words[field, variant] = better
        elif folded(variant) == folded(better):
            desk.words[field, variant] = f"{variant} (2)"


def _ask_about_word(
    desk: Desk, kind: str, heading: str, variant: str, better: str, where: list[tuple[str, int]]
) -> str:
    """One question about all rows with a spelling, under the sheet where it comes first."""
    sheet = where[0][0]
    rows = tuple(row for name, row in where if name == sheet)
    return desk.doubts.ask(
        kind,
        sheet=sheet,
        row=rows[0],
        rows=rows,
        column=heading,
        found=variant,
        about=variant,
        other=better,
    )


def _people(desk: Desk, sheets: Sequence[Sheet]) -> None:
    """The same name with and without a firm, or written in two ways."""
    firms: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    written: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        firm_of = dict(sheet.cells(Field.FIRM))
        for row, text in sheet.cells(Field.HOLDER):
            naming = names.parsed(text)
            if naming is None or naming.holder.kind is not HolderKind.PERSON:
                continue
            firm = desk.word(Field.FIRM, naming.holder.firm or firm_of.get(row, ""))
            person = folded(naming.holder.name)
            firms[person][firm].append((sheet.name, row))
            written[person][_as_written(text)].append((sheet.name, row))
    for person, found in written.items():
        if len(found) > 1:
            first, *others = found
            where = [place for rows in found.values() for place in rows]
            _ask_about_word(desk, "same-name", "", first, ", ".join(others), where)
        if len(firms[person]) > 1:
            _ask_about_person(desk, next(iter(found)), person, firms[person])


def _as_written(text: str) -> str:
    """`Tanaka, Lena` and `Lena Tanaka` differ; a purpose or firm behind the name does not count."""
    return text.split(" (")[0].split(" - ")[0]


def _ask_about_person(
    desk: Desk, shown: str, person: str, firms: Mapping[str, list[tuple[str, int]]]
) -> None:
    where = [place for rows in firms.values() for place in rows]
    others = ", ".join(firm or "–" for firm in firms)
    if _ask_about_word(desk, "same-person", "", shown, others, where) == "same":
        named = [firm for firm in firms if firm]
        desk.firms_of[person] = max(named, key=lambda firm: len(firms[firm]))


def _departments(desk: Desk, sheets: Sequence[Sheet]) -> None:
    """One notice for everybody who appears with more than one department."""
    for sheet in sheets:
        if not sheet.layout.has(Field.DEPARTMENT):
            continue
        last, first = dict(sheet.cells(Field.HOLDER_LAST)), dict(sheet.cells(Field.HOLDER_FIRST))
        whole = dict(sheet.cells(Field.HOLDER))
        seen: dict[str, set[str]] = defaultdict(set)
        rows: dict[str, list[int]] = defaultdict(list)
        for row, text in sheet.cells(Field.DEPARTMENT):
            name = whole.get(row) or names.full_name(last.get(row, ""), first.get(row, ""))
            if name:
                department = desk.word(Field.DEPARTMENT, text)
                desk.departments[folded(names.straightened(name))] = department
                seen[name].add(department)
                rows[name].append(row)
        several = [name for name, found in seen.items() if len(found) > 1]
        if several:
            touched = tuple(row for name in several for row in rows[name])
            listed = ", ".join(several[:_LISTED]) + (" …" if len(several) > _LISTED else "")
            desk.doubts.ask(
                "departments",
                sheet=sheet.name,
                row=touched[0],
                rows=touched,
                column=next(sheet.headings[c] for c in sheet.layout.columns(Field.DEPARTMENT)),
                found=listed,
                about="*",
                count=str(len(several)),
            )
