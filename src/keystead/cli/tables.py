"""Lists on the command line: aligned columns for people, the API's answer for programs."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from keystead.cli.session import Session
from keystead.cli.times import told
from keystead.cli.words import plain
from keystead.cli.words import translate as _

Row = Mapping[str, Any]
Columns = Mapping[str, Callable[[Row], object]]


def show(session: Session, page: Mapping[str, Any], columns: Columns, *, empty: str) -> None:
    """A page of the API as a table, with the zone of its times; `empty` if there is nothing."""
    if session.as_json:
        click.echo(json.dumps(page, ensure_ascii=False))
        return
    rows = page["items"]
    if not rows:
        click.echo(empty)
        return
    cells = [[plain(column(row)) for column in columns.values()] for row in rows]
    _print([list(columns), *cells])
    if page["next"] is not None:
        click.echo(_("There are more."), err=True)
    if any(told_at in columns for told_at in (_("due"), _("since"), _("when"))):
        click.echo(_("Times at {zone}.").format(zone=page["time_zone"]), err=True)


def facts(session: Session, answer: Any, rows: Sequence[tuple[str, object]]) -> None:
    """One thing as a list of names and values; empty values are left out."""
    if session.as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    _print([[name, plain(value)] for name, value in rows if plain(value)])


def _print(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True)]
        click.echo("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: wide letters take two, marks above letters none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def place(stay: Row) -> str:
    """Where a copy is, in words."""
    if stay["state"] == "held":
        holder = stay["person_name"] or stay["space_name"]
        return f"{holder} ({stay['firm_name']})" if stay["firm_name"] else str(holder)
    if stay["state"] == "stored":
        kept = [stay["container_name"], stay["position_label"]]
        return " ".join(filter(None, kept)) or _("in stock")
    return str(stay["reason"] or stay["state"])


def until(stay: Row) -> str:
    """Until when a loan was agreed: its due time, or the day it is reviewed."""
    return told(stay["due_at"]) or (
        _("review {day}").format(day=d) if (d := stay["review_on"]) else ""
    )
