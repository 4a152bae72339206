"""A real server, started as it is shipped: `keystead up`, its web server and its worker."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.client import Client
from tools.with_postgres import free_port

PATIENCE_S = 120
KEYSTEAD = Path(sys.executable).with_name("keystead")


class Server:
    """`keystead up` in a process of its own, with the environment of this one."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "server.log"
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; the seconds until it answered the first page."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [KEYSTEAD, "up", "--port", str(self.port)],
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - began > PATIENCE_S:
                raise SystemExit(f"keystead up did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.01)
        return time.perf_counter() - began

    def _answers(self) -> bool:
        try:
            with Client(self.port) as client:
                return client.get("/sign-in").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """End it politely, and its worker with it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def cpu(self) -> float:
        """The seconds of processor time that the web server has used so far, without its worker."""
        assert self._process is not None
        _, _, fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(") ")
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[float, float]:
        """What all its processes use, in MB: resident, and with shared pages counted once."""
        assert self._process is not None
        pids = family(self._process.pid)
        return (
            sum(kilobytes(pid, "Rss") for pid in pids) / 1024,
            sum(kilobytes(pid, "Pss") for pid in pids) / 1024,
        )


def family(pid: int) -> list[int]:
    """A process, its children, and theirs."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def kilobytes(pid: int, name: str) -> int:
    """A sum of the kernel's account of a process's memory."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
