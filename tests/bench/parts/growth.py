"""Questions about one thing in a register of a thousand copies and in a large one."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

from tests.bench.figures import Figure
from tests.bench.parts import points
from tests.bench.seed.scales import SCALES, SMALL, WIDE
from tests.bench.stand import Stand

MOST_TIMES = 2
LEAST_MS = 0.2
"""Aims are no shorter than this: less is the noise of the clock."""


def measure(stand: Stand) -> list[Figure]:
    """Each question on this register (or a wide one, where this is quick) and on a small one."""
    here = elsewhere(stand, WIDE.name) if stand.is_quick else points.measure(stand)
    copies = SCALES[WIDE.name if stand.is_quick else stand.scale].copies
    small = {figure.what: figure.value for figure in elsewhere(stand, SMALL.name)}
    return [
        replace(
            figure,
            part="growth",
            bound="at most",
            aim=max(MOST_TIMES * small[figure.what], LEAST_MS),
            bare=small[figure.what],
            note=f"{copies} copies; instead of the bare driver: {SMALL.copies} copies",
        )
        for figure in here
    ]


def elsewhere(stand: Stand, scale: str) -> list[Figure]:
    """The questions, asked by another process of a register of this scale."""
    result = stand.folder / f"points-{scale}.json"
    database = "sqlite" if stand.is_sqlite else "postgresql"
    command = [sys.executable, "-m", "tests.bench.measure", database, str(result)]
    subprocess.run([*command, "--scale", scale, "--part", "points"], check=True)
    rows: list[dict[str, Any]] = json.loads(result.read_text())
    return [Figure(**row | {"rounds": tuple(row["rounds"])}) for row in rows]
