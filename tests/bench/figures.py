"""What was measured, and how it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Literal

Bound = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: a value, the aim if there is one, and the bare driver's value.

    `rounds` are the values of the rounds, of which `value` is the median.
    """

    part: str
    what: str
    value: float
    unit: str
    rounds: tuple[float, ...] = ()
    bound: Bound | None = None
    aim: float | None = None
    bare: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is reached; None where there is no aim."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.bound == "at least" else self.value <= self.aim

    @property
    def ratio(self) -> float | None:
        """How many times the bare driver's value this is."""
        return self.value / self.bare if self.bare else None


def share(values: Iterable[float], part: float) -> float:
    """The value that `part` of all values (0.95: 95 %) do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * part) - 1)]


def middle(rounds: Sequence[float]) -> float:
    """The median of the rounds."""
    return float(median(rounds))


def number(value: float | None) -> str:
    """A value with three significant digits or all digits before the point."""
    if value is None:
        return ""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


HEADINGS = ("what", "value", "", "aim", "", "bare driver", "ratio", "")


def table(found: Sequence[Figure]) -> str:
    """The figures as aligned text, met or not."""
    rows = [HEADINGS, *(_row(figure) for figure in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    is_text = (True, False, True, False, True, False, False, True)
    return "\n".join(
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, is_text, strict=True)
        ).rstrip()
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    sign = {"at least": "≥", "at most": "≤", None: ""}[figure.bound]
    verdict = {True: "met", False: "NOT MET", None: ""}[figure.is_met]
    return (
        figure.what,
        number(figure.value),
        figure.unit,
        f"{sign} {number(figure.aim)}" if figure.aim is not None else "",
        verdict,
        number(figure.bare),
        number(figure.ratio),
        figure.note,
    )
