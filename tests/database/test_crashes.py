"""Programs are killed at random: no commit they were told of is lost, and the file stays whole."""

import random
import time
from contextlib import ExitStack, closing
from pathlib import Path
from sqlite3 import connect as open_plainly

import pytest

from tests.database.programs import Program

WRITERS = 3


def check(register: Path, acknowledged: set[int]) -> int:
    """Fail unless the file is sound, gap-free and holds all acknowledged entries; their number."""
    with closing(open_plainly(register, timeout=60, isolation_level=None)) as reader:
        reader.execute("BEGIN")  # one snapshot for all questions
        numbers = {number for (number,) in reader.execute("SELECT sequence FROM entry")}
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert reader.execute("SELECT sequence FROM head").fetchone() == (len(numbers),)
    assert numbers == set(range(1, len(numbers) + 1))
    assert acknowledged <= numbers
    return len(numbers)


def kill_at_random(register: Path, kills: int) -> None:
    """Keep three writers and a checkpointer going, and kill one of them after the other."""
    dice, acknowledged = random.Random(), set[int]()
    kinds = ["add"] * WRITERS + ["checkpoint"]
    with ExitStack() as stack:
        programs = [stack.enter_context(Program(kind, register)) for kind in kinds]
        for _ in range(kills):
            which = dice.randrange(len(kinds))
            first = programs[which].hear()
            time.sleep(dice.uniform(0, 0.05))
            said = [first, *programs[which].kill()]
            if kinds[which] == "add":
                acknowledged |= {int(word) for word in said}
            check(register, acknowledged)
            programs[which] = stack.enter_context(Program(kinds[which], register))
        for kind, program in zip(kinds, programs, strict=True):
            said = program.kill()
            acknowledged |= {int(word) for word in said if kind == "add"}
    assert check(register, acknowledged) >= len(acknowledged) > 0


def test_killed_programs_lose_no_acknowledged_entry(register: Path) -> None:
    kill_at_random(register, kills=12)


@pytest.mark.audit
def test_two_hundred_and_forty_killed_programs_lose_no_acknowledged_entry(register: Path) -> None:
    kill_at_random(register, kills=240)
