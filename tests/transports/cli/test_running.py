"""`keystead up` as people run it: processes of their own, on a data folder of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

KEYSTEAD = (sys.executable, "-m", "keystead.cli")
PATIENCE_S = 60.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An empty installation."""
    kept = {name: value for name, value in os.environ.items() if "KEYSTEAD" not in name}
    kept.pop("DATABASE_URL", None)
    return kept | {
        "KEYSTEAD_DATA": str(tmp_path / "data"),
        "KEYSTEAD_VAULT_KEY_FILE": str(tmp_path / "keys" / "vault.key"),
        "PYTHONUNBUFFERED": "1",
        "LANG": "en",
    }


@pytest.fixture
def port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(environment: dict[str, str], port: int) -> Iterator["subprocess.Popen[str]"]:
    """Keystead, up until the end of the block at the latest."""
    command = (*KEYSTEAD, "up", "--port", str(port))
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def worker_of(process: "subprocess.Popen[str]") -> int:
    """The pid of its worker, waiting until there is one."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
        children = [int(pid) for task in tasks for pid in task.read_text().split()]
        if children and path.exists():
            return children[0]
        time.sleep(0.1)
    raise AssertionError("no worker was started")


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    """Whether a process ends, given time."""
    until = time.monotonic() + PATIENCE_S
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.1)
    return not is_running(pid)


def test_keystead_starts_stops_and_starts_again(environment: dict[str, str], port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    data = Path(environment["KEYSTEAD_DATA"])
    with running(environment, port) as first:
        assert first_line(first) == f"Keystead runs at {url}\n"
        assert first_line(first) == f"Nobody has signed up yet. Begin at {url}/start\n"
        assert data.stat().st_mode & 0o777 == 0o700
        assert httpx.get(f"{url}/start", trust_env=False).status_code == 200
        worker = worker_of(first)

        second = subprocess.run(
            (*KEYSTEAD, "up", "--port", str(port)),
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert (second.returncode, second.stdout) == (5, "")
        assert f"Port {port} is taken" in second.stderr

        os.kill(worker, signal.SIGKILL)
        assert gone(worker)
        until = time.monotonic() + PATIENCE_S
        while (again := worker_of(first)) == worker and time.monotonic() < until:
            time.sleep(0.1)
        assert again != worker

        first.send_signal(signal.SIGINT)
        assert first.wait(PATIENCE_S) == 0
        assert gone(again)
    with running(environment, port) as later:
        assert first_line(later) == f"Keystead runs at {url}\n"
        later.terminate()
        assert later.wait(PATIENCE_S) == 0


def test_a_worker_whose_parent_was_killed_ends_by_itself(
    environment: dict[str, str], port: int
) -> None:
    with running(environment, port) as process:
        first_line(process)
        worker = worker_of(process)
        process.kill()
        process.wait(PATIENCE_S)
        assert gone(worker)


def test_two_first_starts_at_once_do_not_race(environment: dict[str, str]) -> None:
    commands = [
        subprocess.Popen(
            (*KEYSTEAD, "migrate"), env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = sorted(command.communicate(timeout=PATIENCE_S)[0] for command in commands)
    assert [command.returncode for command in commands] == [0, 0]
    assert said == [b"The database is up to date.\n", b"There was nothing to do.\n"]


def test_an_address_that_is_not_ours_is_refused(environment: dict[str, str], port: int) -> None:
    done = subprocess.run(
        (*KEYSTEAD, "up", "--host", "192.0.2.1", "--plain-http", "--port", str(port)),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 2
    assert f"192.0.2.1:{port} cannot be listened on" in done.stderr
