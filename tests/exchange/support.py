"""Short ways to read and plan registers in tests."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from keystead.exchange.guessing import guess
from keystead.exchange.planning import Answers, Doubt, Plan, Settings, Source, make_plan
from keystead.exchange.planning.records import Copy
from keystead.exchange.reading import read
from keystead.exchange.tables import Book, Table

REGISTERS = Path(__file__).parent.parent / "data" / "registers"
TODAY = dt.date(2026, 11, 23)
"""The day the four registers are looked at; some of their dates lie after it."""


def register(name: str) -> bytes:
    """One of the four registers as people keep them."""
    return (REGISTERS / name).read_bytes()


def book(content: bytes | str, name: str = "register.csv") -> Book:
    """A file as read."""
    return read(content.encode() if isinstance(content, str) else content, name)


def table(content: bytes | str, name: str = "register.csv") -> Table:
    """The first table of a file."""
    return book(content, name).tables[0]


def plan_of(
    content: bytes | str,
    answers: Mapping[str, str] | None = None,
    *,
    name: str = "register.csv",
    today: dt.date = TODAY,
) -> Plan:
    """A plan with the guessed layouts."""
    sources = [Source(one, guess(one)) for one in book(content, name).tables]
    return make_plan(sources, Settings(today=today), Answers(answers or {}))


def plan_register(name: str, answers: Mapping[str, str] | None = None) -> Plan:
    """A plan of one of the four registers."""
    return plan_of(register(name), answers, name=name)


def doubts(plan: Plan, kind: str) -> list[Doubt]:
    """The doubts of one kind."""
    return [doubt for doubt in plan.doubts if doubt.kind == kind]


def doubt(plan: Plan, kind: str) -> Doubt:
    """The only doubt of a kind."""
    found = doubts(plan, kind)
    assert len(found) == 1, [one.text for one in plan.doubts]
    return found[0]


def only_copy(plan: Plan) -> Copy:
    """The only copy of a plan."""
    assert len(plan.copies) == 1, plan.copies
    return plan.copies[0]


def in_row(plan: Plan, number: int) -> tuple[Copy, ...]:
    """The copies of one row of the first sheet."""
    return next(row.copies for row in plan.rows if row.number == number)


def workbook(**sheets: list[list[object]]) -> bytes:
    """An Excel workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    """A workbook's bytes."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()
