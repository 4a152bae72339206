"""What the cells of a column say about its meaning."""

import re
from collections.abc import Callable, Sequence

from keystead.exchange import codes
from keystead.exchange.guessing import dates
from keystead.exchange.guessing.fields import DATES, Field
from keystead.kernel.text import folded

STATUS_WORDS = frozenset(
    [
        "in",
        "out",
        "lost",
        "missing",
        "stolen",
        "available",
        "issued",
        "returned",
        "broken",
        "ausgegeben",
        "vorhanden",
        "verloren",
        "da",
        "zurück",
        "defekt",
        "weg",
        "fehlt",
        "gestohlen",
        "verliehen",
    ]
) | {"returned to landlord", "returned to owner", "checked out", "checked in", "on loan"}
_SIGNED = frozenset(
    ["x", "ja", "yes", "y", "j", "ok", "✓", "✔", "signed", "true", "nein", "no", "n"]
)
_SYMBOL = re.compile(r"[A-Za-z]{0,5}[ -]?\d{0,5}[A-Za-z]?(?:[-/.]\d{1,4})?")
_COUNT = re.compile(r"\d{1,3}")
_DEPOSIT = re.compile(
    r"(?:[$€£]|eur|usd|chf)?\s?\d+(?:[.,]\d{2})?\s?(?:[$€£]|eur|chf)?|paid|waived|bezahlt"
)
_SAMPLE = 300


def sample(cells: Sequence[str]) -> list[str]:
    """The first filled cells of a column, trimmed."""
    return [cell.strip() for cell in cells if cell.strip()][:_SAMPLE]


def share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    """The part of the filled cells that pass a test; 0 when none is filled."""
    filled = sample(cells)
    return sum(map(test, filled)) / len(filled) if filled else 0.0


def adjusted(field: Field, score: float, cells: Sequence[str]) -> float:
    """A heading's score after looking at the cells below it. An empty column keeps its score."""
    if not sample(cells):
        return score
    if field in DATES:
        fits = share(cells, dates.looks_like_date)
        return score if fits >= 0.5 else score * (0.3 + fits)
    if field is Field.CODE:
        return score if share(cells, codes.is_code) >= 0.5 else score * 0.3
    if field is Field.COUNT:
        return score if share(cells, lambda c: c[:1].isdigit()) >= 0.5 else score * 0.4
    if field is Field.STATUS:
        return score
    if field in (Field.HOLDER, Field.KEY) and share(cells, dates.looks_like_date) > 0.5:
        return score * 0.2
    return score


def meanings(cells: Sequence[str]) -> dict[Field, float]:
    """What a column without a known heading may be, from its cells alone."""
    filled = sample(cells)
    if len(filled) < 2:
        return {}
    if share(cells, lambda c: codes.found_in(c) != ()) >= 0.5:
        return {Field.NOTE: 0.5}
    if share(cells, dates.looks_like_date) >= 0.7:
        return {Field.ISSUED: 0.4, Field.RETURNED: 0.3, Field.DUE: 0.2}
    if share(cells, lambda c: folded(c) in STATUS_WORDS) >= 0.7:
        return {Field.STATUS: 0.5}
    if share(cells, lambda c: folded(c) in _SIGNED) >= 0.9:
        return {Field.SIGNATURE: 0.4}
    if share(cells, lambda c: _DEPOSIT.fullmatch(folded(c)) is not None and not c.isdigit()) >= 0.7:
        return {Field.DEPOSIT: 0.3}
    if share(cells, lambda c: len(c.split()) >= 5 or len(c) > 40) >= 0.3:
        return {Field.NOTE: 0.4}
    symbols = share(cells, lambda c: _SYMBOL.fullmatch(c) is not None and not c.isdigit())
    if symbols >= 0.8 and share(cells, lambda c: any(letter.isdigit() for letter in c)) >= 0.5:
        return {Field.KEY: 0.4}
    if share(cells, lambda c: _COUNT.fullmatch(c) is not None) >= 0.9:
        return {Field.NUMBER: 0.2}
    return {}
