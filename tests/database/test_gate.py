"""The write gate alone: one at a time, whatever happens to who holds it."""

import threading
from pathlib import Path

import pytest

from keystead.database.sqlite import GateTimeout, WriteGate
from tests.database.programs import Program


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.sqlite3-gate"


def test_one_writer_at_a_time_passes_the_gate(path: Path) -> None:
    inside, most, turns = 0, 0, 200

    def pass_through() -> None:
        nonlocal inside, most
        gate = WriteGate(path, 60)
        for _ in range(turns):
            with gate.held():
                inside += 1
                most = max(most, inside)
                threading.Event().wait(0.0001)
                inside -= 1
        gate.leave(for_good=True)

    threads = [threading.Thread(target=pass_through) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, inside) == (1, 0)


def test_who_holds_the_gate_may_take_it_again_and_keeps_it(path: Path) -> None:
    gate, other = WriteGate(path, 1), WriteGate(path, 0.05)
    with gate.held():
        with gate.held():
            pass
        with pytest.raises(GateTimeout):
            other.enter()
    other.enter()
    assert (gate.is_held, other.is_held) == (False, True)
    other.leave(for_good=True)


def test_waiting_too_long_says_so_and_leaves_nothing_behind(path: Path) -> None:
    holder, late, third = WriteGate(path, 1), WriteGate(path, 0.05), WriteGate(path, 60)
    holder.enter()
    for _ in range(3):
        with pytest.raises(GateTimeout, match=r"write gate for more than 0\.05 s"):
            late.enter()
    assert not late.is_held
    holder.leave(for_good=True)
    third.enter()  # none of the three who gave up has it
    third.leave(for_good=True)
    late.enter()
    late.leave(for_good=True)


def test_an_error_inside_frees_the_gate(path: Path) -> None:
    gate, other = WriteGate(path, 1), WriteGate(path, 1)
    with pytest.raises(ZeroDivisionError), gate.held():
        raise ZeroDivisionError
    with other.held():
        assert not gate.is_held
    gate.leave(for_good=True)
    other.leave(for_good=True)


def test_a_killed_program_frees_the_gate(register: Path, path: Path) -> None:
    gate = WriteGate(path, 0.05)
    with Program("hold", register) as holder:
        assert holder.hear() == "holding"
        with pytest.raises(GateTimeout):
            gate.enter()
        holder.kill()
    gate.timeout = 60
    gate.enter()
    assert gate.is_held
    gate.leave(for_good=True)


def test_after_its_file_was_deleted_writers_meet_at_a_new_one(path: Path) -> None:
    early, late = WriteGate(path, 1), WriteGate(path, 0.05)
    with early.held():
        pass
    path.unlink()
    with late.held():
        early.timeout = 0.05
        with pytest.raises(GateTimeout):
            early.enter()
    late.leave(for_good=True)


def test_a_busy_writer_does_not_starve_the_others(register: Path) -> None:
    turns = 40
    with Program("add", register), Program("add", register), Program("add", register) as busy:
        busy.hear()
        with Program("add", register, str(turns)) as patient:
            assert len(patient.finish()) == turns
