"""Measures on one database and writes what it found as JSON; run by `tests.bench` itself.

python -m tests.bench.measure sqlite figures.json --scale quick --rounds 3 [--part pages]
"""

import argparse
import importlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench import seeded
from tests.bench.seed.scales import SCALES
from tests.support import environment

ALONE = ("verification", "growth", "starting")
SERVED = ("lists", "searching", "pages", "costs", "slow_clients", "handing_out")
PARTS = (*ALONE, *SERVED)
HIDDEN = ("points",)
"""Measured only for other parts."""


def main() -> None:
    """Prepare a seeded database, then measure part by part."""
    arguments = parsed()
    with prepared(arguments.database, arguments.scale) as folder:
        module = importlib.import_module("tests.bench.stand")
        stand = module.stand(folder, arguments.rounds, scale=arguments.scale)
        found = list(measured(stand, arguments.part or list(PARTS)))
    arguments.result.write_text(json.dumps([asdict(figure) for figure in found]))


def parsed() -> argparse.Namespace:
    """What the caller wants measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=("sqlite", "postgresql"))
    parser.add_argument("result", type=Path)
    parser.add_argument("--scale", default="full", choices=SCALES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", action="append", choices=(*PARTS, *HIDDEN))
    return parser.parse_args()


@contextmanager
def prepared(database: str, scale: str) -> Iterator[Path]:
    """Django set up on a seeded database of its own; the folder of the installation."""
    seeded.CACHE.mkdir(parents=True, exist_ok=True)
    home = environment.prepare()
    os.environ["DJANGO_SETTINGS_MODULE"] = "keystead.settings"
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=seeded.CACHE))
    try:
        os.environ["KEYSTEAD_DATA"] = str(folder)
        if database == "sqlite":
            os.environ["DATABASE_URL"] = seeded.sqlite_copy(scale, folder)
        else:
            os.environ["DATABASE_URL"] = seeded.postgres_copy(scale, os.environ[environment.SERVER])
        importlib.import_module("django").setup()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def measured(stand: Any, parts: list[str]) -> Iterator[Any]:
    """The figures of these parts; those that need a server share one."""
    for name in (part for part in (*ALONE, *HIDDEN) if part in parts):
        seeded.say(f"measuring {name}")
        yield from importlib.import_module(f"tests.bench.parts.{name}").measure(stand)
    if not set(SERVED) & set(parts):
        return
    server = importlib.import_module("tests.bench.server").Server(stand.folder)
    server.start()
    try:
        for name in (part for part in SERVED if part in parts):
            seeded.say(f"measuring {name}")
            yield from importlib.import_module(f"tests.bench.parts.{name}").measure(stand, server)
        starting = importlib.import_module("tests.bench.parts.starting")
        resident, proportional = server.memory()
        yield starting.memory("memory after all that", [proportional], resident)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
