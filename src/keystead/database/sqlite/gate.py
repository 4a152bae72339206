"""The write gate: writers of one SQLite file queue here instead of polling its lock.

SQLite lets one writer in at a time, and makes the others sleep and try again, up to 100 ms at a
time, in no order: under load some wait for seconds. An advisory lock on a file beside the
database wakes the next writer at once, and the operating system frees it when a process dies.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db.utils import OperationalError


class GateTimeout(OperationalError):
    """Another writer held the gate for too long. Nothing was changed; trying again is safe."""


class WriteGate:
    """One connection's way through the gate at `path`; `timeout` is in seconds.

    Not for use by several threads at once, like the connection it belongs to.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self.path, self.timeout, self.is_held = path, timeout, False
        self._file: int | None = None

    def enter(self) -> None:
        """Wait for the gate and take it. Raises GateTimeout."""
        while not self.is_held:
            if self._file is None:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._wait(self._file)
            self.is_held = self._is_the_file(self._file)
            if not self.is_held:  # Somebody deleted or replaced the file: meet at the new one.
                self.leave(for_good=True)

    def leave(self, *, for_good: bool = False) -> None:
        """Free the gate, if held; `for_good` also closes the file. Never raises."""
        file, self.is_held = self._file, False
        if file is not None and for_good:
            self._file = None
            os.close(file)
        elif file is not None:
            fcntl.flock(file, fcntl.LOCK_UN)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the gate for a block; inside a transaction that holds it already, do nothing."""
        if self.is_held:
            yield
            return
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def _wait(self, file: int) -> None:
        """Block until the lock is ours: in a thread, since a blocking flock knows no time-out."""
        waiting: Future[None] = Future()
        threading.Thread(target=_lock, args=(file, waiting), daemon=True).start()
        try:
            waiting.result(self.timeout)
        except BaseException as reason:
            self._file = None
            if not waiting.cancel():  # The lock came at the very last moment: give it back.
                os.close(file)
            if isinstance(reason, TimeoutError):
                raise GateTimeout(
                    f"Another change held the write gate for more than {self.timeout:g} s."
                ) from None
            raise

    def _is_the_file(self, file: int) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(file), self.path.stat())
        return False


def _lock(file: int, waiting: "Future[None]") -> None:
    fcntl.flock(file, fcntl.LOCK_EX)
    if waiting.set_running_or_notify_cancel():
        waiting.set_result(None)
    else:
        os.close(file)  # Nobody waits any more.
