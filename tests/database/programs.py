"""Programs beside the test: `python -m tests.database.programs <which> <database> [argument]`.

Each says a word per line when it has done something, so that a test can wait for it or count it.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

import django
from django.conf import settings
from django.db import OperationalError, connection, transaction

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 60.0


def database(path: Path, timeout: float = TIMEOUT_S) -> dict[str, object]:
    """Django's description of the database at `path`, behind the write gate."""
    options = {"timeout": timeout}
    return {"ENGINE": "keystead.database.sqlite", "NAME": str(path), "OPTIONS": options}


class Program(AbstractContextManager["Program"]):
    """One of the programs below, running; killed at the latest when the block ends."""

    def __init__(self, which: str, path: Path, argument: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, which, str(path), argument],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def hear(self) -> str:
        """Wait for the next line it says; empty when it has ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def tell(self) -> None:
        """Let it go on, if it waits for that."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def finish(self) -> list[str]:
        """Everything it still says until it ends by itself."""
        said = self._rest()
        assert self._process.returncode == 0
        return said

    def kill(self) -> list[str]:
        """End it as a power switch would (kill -9); the whole lines it had said."""
        self._process.kill()
        return self._rest()

    def _rest(self) -> list[str]:
        # Not communicate(): it does not know of lines that readline() has already buffered.
        assert self._process.stdout is not None
        said = self._process.stdout.read()
        self._process.wait()
        return said.split("\n")[:-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def say(word: object) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())  # whole lines, and at once


def append(writer: str) -> int:
    """Write the next entry, as a journal does: number = number before + 1. Returns it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(sequence), 0) + 1 FROM entry")
        (sequence,) = cursor.fetchone()
        body = os.urandom(random.choice((20, 300, 5000))).hex()
        cursor.execute("INSERT INTO entry VALUES (%s, %s, %s)", [sequence, writer, body])
        cursor.execute("UPDATE head SET sequence = %s", [sequence])
    return int(sequence)


def hold(_: str) -> None:
    """Hold a writing transaction open until told to go on, then commit."""
    with transaction.atomic():
        append("hold")
        say("holding")
        sys.stdin.readline()
    say("done")


def add(turns: str) -> None:
    """Append entries, one after the other without a rest, and say each number."""
    for _ in range(int(turns or 10**9)):
        say(append("add"))


def checkpoint(_: str) -> None:
    """Checkpoint all the time, in the most disturbing way, and say how many pages."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            say(cursor.fetchone()[1])
        time.sleep(0.001)


def first(_: str) -> None:
    """Wait to be told, then open the database and say in which journal mode it is."""
    say("ready")
    sys.stdin.readline()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        say(cursor.fetchone()[0])


def pragmas(_: str) -> None:
    """Say what a connection of another process is set to."""
    with connection.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers"):
            cursor.execute(f"PRAGMA {name}")
            say(cursor.fetchone()[0])


def impatient(_: str) -> None:
    """Try to write without patience, and say the kind of the error."""
    try:
        append("impatient")
    except OperationalError as error:
        say(type(error).__name__)
    else:
        say("written")


PROGRAMS: dict[str, Callable[[str], None]] = {
    program.__name__: program for program in (add, checkpoint, first, hold, impatient, pragmas)
}


if __name__ == "__main__":
    _, which, path, argument = sys.argv
    patience = 0.1 if which == "impatient" else TIMEOUT_S
    settings.configure(DATABASES={"default": database(Path(path), patience)}, USE_TZ=True)
    django.setup()
    PROGRAMS[which](argument)
