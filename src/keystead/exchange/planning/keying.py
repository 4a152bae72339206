"""Which key a row is about, under which number, in how many pieces."""

from dataclasses import dataclass, replace

from keystead.exchange import limits
from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import numbers, places
from keystead.exchange.planning.desk import Case
from keystead.exchange.planning.numbers import Pieces
from keystead.exchange.planning.records import Key
from keystead.kernel.text import folded

_INSTEAD_OF_KEY = (Field.KEY_NAME, Field.OPENS, Field.ROOMS, Field.SITE, Field.BUILDING)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A row's key. `number` is None where the next free one is to be given."""

    key: Key
    number: str | None
    pieces: tuple[Pieces, ...]
    are_different: bool = False


def key_of(case: Case, fingerprint: str) -> Keyed | None:
    """Read key, number and count of a row; None if the row is left out."""
    label, number = _number(case, _label(case, fingerprint))
    key = _key(case, label)
    pieces, are_different = _pieces(case, number)
    return None if case.is_left_out else Keyed(key, number, pieces, are_different)


def with_count(keyed: Keyed, count: int) -> Keyed:
    """The same key in so many plain pieces."""
    return replace(keyed, pieces=(Pieces(max(1, count)),))


def _label(case: Case, fingerprint: str) -> str:
    text = case.text(Field.KEY)
    if text:
        known = case.desk.symbols.get(text, text)
        if text != known and folded(text) == folded(known):
            case.ask("symbol-spelling", Field.KEY, found=text, about=text, other=known)
        return case.name(Field.KEY, known)
    if not case.sheet.layout.has(Field.KEY):
        field = next((f for f in _INSTEAD_OF_KEY if case.text(f)), None)
        if field is not None:
            return case.name(field, case.text(field))
    case.ask("no-key", Field.KEY, about="*")
    return f"{case.desk.settings.unnamed_key} {fingerprint[:6]}"


def _key(case: Case, label: str) -> Key:
    """The label as a symbol (AA1, GS 2) or, where it is words, as a name (Front door)."""
    name = case.name(Field.KEY_NAME, case.text(Field.KEY_NAME))
    kind = places.key_kind(f"{label} {name}")
    if name or _is_symbol(label):
        return Key(
            symbol=case.name(Field.KEY, label, limits.MAX_SYMBOL_CHARS), name=name, kind=kind
        )
    return Key(symbol="", name=label, kind=kind)


def _is_symbol(label: str) -> bool:
    words = " " in label and not any(c.isdigit() for c in label) and not label.isupper()
    return len(label) <= limits.MAX_SYMBOL_CHARS and not words


def _number(case: Case, symbol: str) -> tuple[str, str | None]:
    """The symbol that counts and the number, if the row has one."""
    if case.sheet.layout.rows_are_sets or not case.sheet.layout.has(Field.NUMBER):
        return symbol, None
    text = case.name(Field.NUMBER, case.text(Field.NUMBER), limits.MAX_MARK_CHARS)
    if not text:
        if case.text(Field.KEY):
            case.ask("no-number", Field.NUMBER, about="*", key=symbol)
        return symbol, None
    number, other = numbers.copy_number(text, symbol, case.desk.known_symbols)
    if not other:
        return symbol, number
    named = next(s for s in case.desk.symbols if s.casefold() == text.rpartition("-")[0].casefold())
    choice = case.ask("number-of-other-key", Field.NUMBER, found=text, key=symbol, other=named)
    if choice == "number":
        return case.desk.symbols[named], text.rpartition("-")[2]
    return symbol, number


def _pieces(case: Case, number: str | None) -> tuple[tuple[Pieces, ...], bool]:
    one = (Pieces(1),)
    text = case.text(Field.COUNT)
    if not case.sheet.layout.has(Field.COUNT):
        return one, False
    if not text:
        case.ask("count-missing", Field.COUNT, about="*")
        return one, False
    found = numbers.pieces(text)
    if found is None:
        case.ask("count-unclear", Field.COUNT, found=text)
        case.keep_cell(Field.COUNT)
        return one, False
    total = sum(piece.count for piece in found)
    if case.sheet.layout.rows_are_sets:
        choice = case.ask("set-of-pieces", Field.COUNT, found=text)
        return found, choice == "different"
    if number is not None and total > 1:
        choice = case.ask(
            "one-number-many-pieces", Field.COUNT, found=number, about="*", count=str(total)
        )
        if choice == "one":
            case.keep_cell(Field.COUNT)
            return one, False
    return found, False
