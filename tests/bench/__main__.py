"""`make bench`: the figures of a register with a million entries, as a table and as JSON.

    python -m tests.bench                    everything, minutes
    python -m tests.bench --quick            a small register, for trying things out
    python -m tests.bench --scale huge       a hundred thousand copies
    python -m tests.bench --only postgres --part handing_out

PostgreSQL is the server that KEYSTEAD_TEST_DATABASE_URL names (`tools/with_postgres.py`).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, table
from tests.bench.measure import PARTS
from tests.bench.seed.scales import SCALES
from tests.bench.seeded import CACHE
from tests.support.environment import SERVER

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> int:
    """Measure on both databases, one after the other, and show it."""
    arguments = parsed()
    found: dict[str, list[Figure]] = {}
    for database in databases(arguments.only):
        found[database] = measured(database, arguments)
        print(f"\n{TITLES[database]}\n{table(found[database])}\n", flush=True)
    keep(found, arguments)
    return 0


def parsed() -> argparse.Namespace:
    """What is wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--scale", default="full", choices=SCALES, help="how large a register")
    parser.add_argument("--quick", dest="scale", action="store_const", const="quick")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--part", action="append", choices=PARTS, help="may be repeated")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def databases(only: str | None) -> Sequence[str]:
    """Which databases to measure on. Raises SystemExit where PostgreSQL is wanted but missing."""
    chosen = {"sqlite": ["sqlite"], "postgres": ["postgresql"], None: list(TITLES)}[only]
    if "postgresql" in chosen and not os.environ.get(SERVER):
        raise SystemExit(f"{SERVER} names no PostgreSQL server: make bench, or --only sqlite.")
    return chosen


def measured(database: str, arguments: argparse.Namespace) -> list[Figure]:
    """The figures of one database, measured in a process of its own."""
    parts = [word for part in arguments.part or [] for word in ("--part", part)]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        options = ["--scale", arguments.scale, "--rounds", str(arguments.rounds), *parts]
        command = [sys.executable, "-m", "tests.bench.measure", database, str(result), *options]
        surroundings = dict(os.environ)
        if database == "sqlite":
            surroundings.pop(SERVER, None)
        subprocess.run(command, check=True, env=surroundings)
        rows: list[dict[str, Any]] = json.loads(result.read_text())
    return [Figure(**row | {"rounds": tuple(row["rounds"])}) for row in rows]


def keep(found: dict[str, list[Figure]], arguments: argparse.Namespace) -> None:
    """Write everything, rounds included, for later comparison."""
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "register": arguments.scale,
        "load average": os.getloadavg(),
        "processors": os.cpu_count(),
        "figures": {
            name: [asdict(f) | {"met": f.is_met, "ratio": f.ratio} for f in figures]
            for name, figures in found.items()
        },
    }
    (CACHE / "last.json").write_text(json.dumps(content, indent=1))
    print(f"All rounds: {CACHE / 'last.json'}")


if __name__ == "__main__":
    sys.exit(main())
