"""Measure SQLite's journal modes with and without the write gate: `measure_sqlite.py [rounds]`.

The figures of docs/adr/0002-sqlite-journal-mode.md come from here. Each case runs writers that
do the statements of a check-out and readers that list a hundred copies, each in a process of its
own on the bare driver; what is printed are medians over the rounds.
"""

import fcntl
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

SECONDS = 2.0
COPIES, PEOPLE = 20_000, 2_000
DICE = random.Random()  # noqa: S311
SCHEMA = """
CREATE TABLE head (workspace_id INTEGER PRIMARY KEY, sequence INTEGER, digest BLOB);
CREATE TABLE copy (id INTEGER PRIMARY KEY, workspace_id INTEGER, symbol TEXT);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE stay (
    id INTEGER PRIMARY KEY AUTOINCREMENT, workspace_id INTEGER, copy_id INTEGER REFERENCES copy,
    person_id INTEGER REFERENCES person, valid_from TEXT, valid_to TEXT
);
CREATE UNIQUE INDEX open_stay ON stay (workspace_id, copy_id) WHERE valid_to IS NULL;
CREATE INDEX stay_person ON stay (workspace_id, person_id);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, workspace_id INTEGER, sequence INTEGER,
    body TEXT, digest BLOB, UNIQUE (workspace_id, sequence)
);
INSERT INTO head VALUES (1, 0, x'00');
"""
WHO_HAS = (
    "SELECT c.id, c.symbol, p.name, s.valid_from FROM copy c JOIN stay s ON s.workspace_id = 1 "
    "AND s.copy_id = c.id AND s.valid_to IS NULL JOIN person p ON p.id = s.person_id "
    "WHERE c.id BETWEEN ? AND ?"
)


@dataclass(frozen=True)
class Mode:
    """A way to run SQLite. `gated`: each writing transaction holds a lock file."""

    journal: str
    synchronous: str
    gated: bool

    def __str__(self) -> str:
        return f"{self.journal}/{self.synchronous}" + (" gate" if self.gated else "")


@dataclass(frozen=True)
class Load:
    """How many processes write and read, and how long each rests after each turn."""

    writers: int
    writer_rest_s: float
    readers: int

    def __str__(self) -> str:
        rest = f" (rest {self.writer_rest_s * 1000:.0f} ms)" if self.writer_rest_s else ""
        return f"{self.writers} writers{rest}, {self.readers} readers"


MODES = [
    Mode(journal, synchronous, gated)
    for gated in (True, False)
    for journal, synchronous in (
        ("DELETE", "FULL"),
        ("DELETE", "EXTRA"),
        ("TRUNCATE", "FULL"),
        ("WAL", "FULL"),
    )
]
LOADS = [Load(1, 0, 0), Load(1, 0, 4), Load(4, 0, 4), Load(4, 0.01, 4)]
READER_REST_S = 0.01


def connect(path: Path, mode: Mode) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.execute(f"PRAGMA journal_mode = {mode.journal}")
    connection.execute(f"PRAGMA synchronous = {mode.synchronous}")
    return connection


def fill(path: Path, mode: Mode) -> None:
    connection = connect(path, mode)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    copies, people = range(1, COPIES + 1), range(1, PEOPLE + 1)
    connection.executemany("INSERT INTO copy VALUES (?, 1, ?)", [(i, f"AA{i}") for i in copies])
    connection.executemany("INSERT INTO person VALUES (?, ?)", [(i, f"P{i}") for i in people])
    connection.executemany(
        "INSERT INTO stay (workspace_id, copy_id, person_id, valid_from) VALUES (1, ?, ?, '')",
        [(i, i % PEOPLE + 1) for i in copies],
    )
    connection.execute("COMMIT")
    connection.close()


def check_out(connection: sqlite3.Connection) -> None:
    """The statements of one check-out, in one transaction."""
    copy_id, at = DICE.randint(1, COPIES), str(time.time())
    connection.execute("BEGIN IMMEDIATE")
    head = connection.execute("SELECT sequence, digest FROM head WHERE workspace_id = 1")
    sequence = head.fetchone()[0] + 1
    connection.execute(WHO_HAS, (copy_id, copy_id)).fetchall()
    connection.execute(
        "UPDATE stay SET valid_to = ? WHERE workspace_id = 1 AND copy_id = ? AND valid_to IS NULL",
        (at, copy_id),
    )
    connection.execute(
        "INSERT INTO stay (workspace_id, copy_id, person_id, valid_from) VALUES (1, ?, ?, ?)",
        (copy_id, DICE.randint(1, PEOPLE), at),
    )
    connection.execute(
        "INSERT INTO entry (workspace_id, sequence, body, digest) VALUES (1, ?, ?, ?)",
        (sequence, "x" * 250, os.urandom(32)),
    )
    connection.execute("UPDATE head SET sequence = ?, digest = ?", (sequence, os.urandom(32)))
    connection.execute("COMMIT")


def write(path: Path, mode: Mode, rest_s: float, until: float, results: Any) -> None:
    connection, waits = connect(path, mode), list[float]()
    gate = os.open(f"{path}-gate", os.O_RDWR | os.O_CREAT, 0o600)
    DICE.seed(os.getpid())
    started = time.process_time()
    while (begun := time.monotonic()) < until:
        if mode.gated:
            fcntl.flock(gate, fcntl.LOCK_EX)
        check_out(connection)
        if mode.gated:
            fcntl.flock(gate, fcntl.LOCK_UN)
        waits.append(time.monotonic() - begun)
        if rest_s:
            time.sleep(DICE.uniform(0, 2 * rest_s))
    results.put(("write", waits, time.process_time() - started))


def read(path: Path, mode: Mode, until: float, results: Any) -> None:
    connection, waits = connect(path, mode), list[float]()
    DICE.seed(os.getpid())
    while (begun := time.monotonic()) < until:
        first = DICE.randint(1, COPIES - 100)
        connection.execute(WHO_HAS, (first, first + 99)).fetchall()
        waits.append(time.monotonic() - begun)
        time.sleep(DICE.uniform(0, 2 * READER_REST_S))
    results.put(("read", waits, 0.0))


def measure(folder: Path, mode: Mode, load: Load) -> dict[str, float]:
    """One round. Times in ms; `least` is the share of the unluckiest writer against the best."""
    path = folder / "measured.sqlite3"
    for old in folder.iterdir():
        with suppress(FileNotFoundError):
            old.unlink()
    fill(path, mode)
    results: Any = multiprocessing.Queue()
    until = time.monotonic() + 0.3 + SECONDS
    processes = [
        multiprocessing.Process(target=write, args=(path, mode, load.writer_rest_s, until, results))
        for _ in range(load.writers)
    ] + [
        multiprocessing.Process(target=read, args=(path, mode, until, results))
        for _ in range(load.readers)
    ]
    for process in processes:
        process.start()
    rows = [results.get() for _ in processes]
    for process in processes:
        process.join()
    writes = [waits for kind, waits, _ in rows if kind == "write"]
    written = sorted(chain.from_iterable(writes))
    readings = sorted(chain.from_iterable(waits for kind, waits, _ in rows if kind == "read"))

    def share(times: list[float], part: float) -> float:
        return times[min(len(times) - 1, int(len(times) * part))] * 1000 if times else 0.0

    return {
        "commits/s": len(written) / (SECONDS + 0.3),
        "p50": share(written, 0.5),
        "p95": share(written, 0.95),
        "max": share(written, 1),
        "least": min(map(len, writes)) / max(map(len, writes)),
        "cpu": sum(cpu for *_, cpu in rows) / len(written) * 1000,
        "reads/s": len(readings) / (SECONDS + 0.3),
        "read p95": share(readings, 0.95),
        "read max": share(readings, 1),
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    found: dict[tuple[Load, Mode], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for _ in range(rounds):  # rounds outside: a noisy minute touches all modes alike
            for load in LOADS:
                for mode in MODES:
                    found.setdefault((load, mode), []).append(measure(Path(folder), mode, load))
    print(f"SQLite {sqlite3.sqlite_version}, medians of {rounds} rounds of {SECONDS:g} s, ms")
    for (load, mode), rows in found.items():
        medians = {name: median(row[name] for row in rows) for name in rows[0]}
        figures = "  ".join(f"{name} {value:.2f}" for name, value in medians.items())
        print(f"{load!s:36} {mode!s:20} {figures}")


if __name__ == "__main__":
    main()
