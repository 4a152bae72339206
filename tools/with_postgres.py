"""Runs a command beside a private PostgreSQL, which is gone when the command ends.

    .venv/bin/python tools/with_postgres.py pytest -m db

The server listens on loopback at a free port and keeps its data in a temporary folder; the command
finds it in KEYSTEAD_TEST_DATABASE_URL. Durability settings stay as they are shipped.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg

OLDEST = 13
START_LIMIT_SECONDS = 60


def programs() -> Path:
    """The folder of the newest installed PostgreSQL server that will do."""
    folders = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name),
    )
    if folders and int(folders[-1].parent.name) >= OLDEST:
        return folders[-1]
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    sys.exit(f"No PostgreSQL {OLDEST} or newer was found: apt install postgresql")


def server_user() -> str | None:
    """Whom to run the server as: it refuses root. None stays the user we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def free_port() -> int:
    """A loopback port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def initialise(folder: Path, user: str | None, password: str) -> None:
    """Make an empty cluster in folder/data, sorted the same way on every machine."""
    password_file = folder / "password"
    password_file.write_text(password)
    if user:
        for path in (folder, password_file):
            shutil.chown(path, user)
    command: list[str | Path] = [
        programs() / "initdb", "--pgdata", folder / "data", "--username", "keystead",
        "--auth", "scram-sha-256", "--pwfile", password_file, "--encoding", "UTF8",
        "--locale", "C.UTF-8",
    ]  # fmt: skip
    done = subprocess.run(
        command, user=user, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"initdb failed:\n{done.stderr}")


def start(folder: Path, user: str | None, port: int) -> subprocess.Popen[bytes]:
    """Start the server; it may not answer yet."""
    command: list[str | Path] = [
        programs() / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port),
        "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        # A group of its own: Ctrl-C reaches the command first, the server when it is done.
        return subprocess.Popen(
            command, user=user, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )


def wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return when the server answers; stop everything if it does not in time."""
    limit = time.monotonic() + START_LIMIT_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > limit:
                sys.exit(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        else:
            return


def stop(server: subprocess.Popen[bytes]) -> None:
    """Shut down fast, then hard."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(request)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue
        return


@contextmanager
def postgres() -> Iterator[str]:
    """A private server; the address of its maintenance database, with the right to create more."""
    folder = Path(tempfile.mkdtemp(prefix="keystead-postgres-"))
    user, password, port = server_user(), secrets.token_hex(16), free_port()
    try:
        initialise(folder, user, password)
        server = start(folder, user, port)
        try:
            url = f"postgresql://keystead:{password}@127.0.0.1:{port}/postgres"
            wait_until_ready(server, url, folder / "log")
            yield url
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def leave(number: int, frame: FrameType | None) -> None:
    """Turn a polite kill into an ordinary end, so that the server is stopped."""
    sys.exit(128 + number)


def main(command: Sequence[str]) -> int:
    """Run the command beside a server; its exit code."""
    signal.signal(signal.SIGTERM, leave)
    with postgres() as url:
        child = subprocess.Popen(command, env=os.environ | {"KEYSTEAD_TEST_DATABASE_URL": url})
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.wait()  # Ctrl-C reached it, too
            raise
        except SystemExit:
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
