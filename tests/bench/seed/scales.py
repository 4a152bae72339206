"""How large a register to make. Imports nothing of Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a register to make."""

    name: str
    copies: int
    people: int
    entries: int


FULL = Scale("full", copies=20_000, people=2_000, entries=1_000_000)
QUICK = Scale("quick", copies=2_000, people=200, entries=40_000)
SMALL = Scale("small", copies=1_000, people=100, entries=10_000)
WIDE = Scale("wide", copies=20_000, people=2_000, entries=200_000)
HUGE = Scale("huge", copies=100_000, people=10_000, entries=2_000_000)
SCALES = {scale.name: scale for scale in (FULL, QUICK, SMALL, WIDE, HUGE)}
