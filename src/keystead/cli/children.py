"""The worker as a child process: started again when it ends, stopped when the server stops."""

import logging
import os
import subprocess
import sys
from threading import Event, Thread

log = logging.getLogger(__name__)
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
STEADY_S = 120.0
PATIENCE_S = 15.0


class Child:
    """A child process that is kept running until `stop`.

    It lives in a session of its own, so that a Ctrl-C in the terminal reaches only its parent,
    which then stops it in order. Each early end doubles the wait before the next start.
    """

    def __init__(self, module: str = "keystead.worker") -> None:
        self.command = (sys.executable, "-m", module, str(os.getpid()))
        self._stopping = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = Thread(target=self._watch, name="child", daemon=True)

    def start(self) -> None:
        """Start it and watch it."""
        self._watcher.start()

    def stop(self) -> None:
        """End it: politely, and after a while by force. Returns when it is gone."""
        self._stopping.set()
        self._watcher.join()

    @property
    def pid(self) -> int | None:
        """The process running now."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def _watch(self) -> None:
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            self._process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603  # our own program
            lasted = self._until_it_ends(self._process)
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT_S if lasted > STEADY_S else min(wait * 2, LONGEST_WAIT_S)
            log.warning("The worker ended (%s); starting it again", self._process.returncode)
            self._stopping.wait(wait)

    def _until_it_ends(self, process: "subprocess.Popen[bytes]") -> float:
        """Wait for the end, bringing it about when we stop; how long it ran, in seconds."""
        lasted, step = 0.0, 0.2
        while process.poll() is None:
            if self._stopping.wait(step):
                _end(process)
            lasted += step
        return lasted


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
