"""The problems of an import as a file: one line for each doubtful cell or row left out."""

import csv
import io
from collections.abc import Callable, Iterator

from keystead.exchange import codes
from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import Outcome
from keystead.kernel.fact import gettext_noop as _

HEADINGS = (
    _("Sheet"),
    _("Row"),
    _("Column"),
    _("Question or notice"),
    _("Found"),
    _("Problem"),
    _("What happens"),
)
_STATES = {"question": _("question"), "notice": _("notice"), "answered": _("answered")}
LEFT_OUT = _("The row was left out.")
# The last four are the full-width forms, which some spreadsheets also take for formulas.
_FORMULA_STARTS = tuple("=+-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20")


def problems_csv(plan: Plan, translate: Callable[[str], str] = str) -> str:
    """Every problem with its row number, ready for a spreadsheet: codes masked, formulas escaped.

    `translate` turns a sentence into the reader's language before its values are put in.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(translate, HEADINGS))
    for line in sorted(_lines(plan, translate), key=lambda line: (line[0], int(line[1]), line[2])):
        writer.writerow(map(escaped, line))
    return file.getvalue()


def escaped(cell: str) -> str:
    """A cell of the file of problems: codes masked, and text for a spreadsheet, too."""
    return as_text(codes.masked(cell))


def as_text(text: str) -> str:
    """Text that a spreadsheet takes for text: a leading apostrophe before a formula's sign."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else text


def _lines(plan: Plan, translate: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for doubt in plan.doubts:
        kind = translate(_STATES["answered" if doubt.is_answered else doubt.severity.value])
        labels = {choice.value: choice.label for choice in doubt.choices}
        problem = translate(doubt.sentence) % doubt.values
        result = translate(labels[doubt.chosen]) % doubt.values
        for row in doubt.rows:
            yield (doubt.sheet, str(row), doubt.column, kind, doubt.found, problem, result)
    for left in plan.outcomes(Outcome.LEFT_OUT):
        yield (left.sheet, str(left.number), "", "", "", translate(LEFT_OUT), "")
