"""Seeded databases: made once, kept in .cache/bench, handed out as copies.

The SQLite file is the one that is seeded; PostgreSQL is filled with its rows, through the same
triggers and constraints, and the server's own dump of that is kept for the next run.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tools.with_postgres import programs

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "keystead"
CACHE = ROOT / ".cache" / "bench"
SEEDER = Path(__file__).with_name("seed")


def fingerprint() -> str:
    """A hash of what a seeded database depends on: migrations, the chain and the seeder."""
    digest = hashlib.sha256()
    told = [SOURCE / "journal" / "chain.py", SOURCE / "kernel" / "fact.py"]
    for path in sorted([*SOURCE.glob("*/migrations/*.py"), *SEEDER.glob("*.py"), *told]):
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def say(text: str) -> None:
    """Tell what takes time, on standard error."""
    print(f"· {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, url: str) -> None:
    """Run a program that reads DATABASE_URL. Raises CalledProcessError."""
    subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=True)


def django(command: str, url: str) -> None:
    """Run one of Django's own commands on a database."""
    run(sys.executable, "-m", "django", command, "--verbosity=0", "--skip-checks", url=url)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes seeded databases meanwhile."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def forget_others(kept: str) -> None:
    """Remove what was made for other versions of the seeder."""
    for path in CACHE.glob("seed-*"):
        if kept not in path.name:
            path.unlink()


def sqlite_seed(scale: str) -> Path:
    """The seeded SQLite file, made if there is none."""
    name = fingerprint()
    path = CACHE / f"seed-{name}-{scale}.sqlite3"
    if path.exists():
        return path
    forget_others(name)
    say(f"seeding SQLite ({scale}; minutes for the full register)")
    began, half_made = time.monotonic(), CACHE / f"half-made-{scale}.sqlite3"
    for leftover in CACHE.glob(f"{half_made.name}*"):
        leftover.unlink()
    url = f"sqlite://{half_made}"
    django("migrate", url)
    run(sys.executable, "-m", "tests.bench.seed", scale, url=url)
    with closing(sqlite3.connect(half_made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    half_made.rename(path)
    say(f"seeded in {time.monotonic() - began:.0f} s")
    return path


def sqlite_copy(scale: str, folder: Path) -> str:
    """The address of a fresh copy of the seeded file, in `folder`."""
    with alone():
        target = shutil.copyfile(sqlite_seed(scale), folder / "keystead.sqlite3")
    return f"sqlite://{target}"


def postgres_copy(scale: str, server: str) -> str:
    """The address of a seeded database on a PostgreSQL server."""
    name = f"keystead_bench_{scale}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with alone(), psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        source = sqlite_seed(scale)
        dump = CACHE / f"seed-{fingerprint()}-{scale}.dump"
        began = time.monotonic()
        if dump.exists():
            say("restoring PostgreSQL")
            postgres_program("pg_restore", "--dbname", url, "--jobs=2", "--exit-on-error", dump)
        else:
            say("filling PostgreSQL (minutes for the full register)")
            django("migrate", url)
            run(sys.executable, "-m", "tests.bench.fill", str(source), url=url)
            half_made = dump.with_name(f"half-made-{scale}.dump")
            options = ("--format=custom", "--compress=1", "--file", half_made)
            postgres_program("pg_dump", "--dbname", url, *options)
            half_made.rename(dump)
        say(f"ready in {time.monotonic() - began:.0f} s")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # as the server does by itself, given some minutes
    return url


def postgres_program(name: str, *arguments: str | Path) -> None:
    """Run one of the server's own programs. Raises CalledProcessError."""
    subprocess.run([programs() / name, *arguments], check=True)
