"""Everything that can be checked without running the program: `make check`.

Checks run two at a time; each prints one line, and its output only if it fails.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support import environment
from tools.setup import FRONTEND, PYTHON, ROOT, npm_command

BIN = PYTHON.parent


@dataclass(frozen=True)
class Check:
    """One check: its name and the command that exits with 0 when all is well."""

    name: str
    command: Sequence[str | Path]
    folder: Path = ROOT


def checks() -> list[Check]:
    """All checks, the slowest first."""
    django: list[str | Path] = [PYTHON, "-m", "django"]
    settings = ["--settings", "keystead.settings"]
    tests = [ROOT / "tests" / name for name in ("architecture", "docs")]
    npm, _ = npm_command()
    return [
        Check("types", [BIN / "mypy"]),
        Check("architecture and docs", [PYTHON, "-m", "pytest", "-q", *tests]),
        Check("format", [BIN / "ruff", "format", "--check", "."]),
        Check("lint", [BIN / "ruff", "check", "."]),
        Check("imports", [BIN / "lint-imports", "--cache-dir", ".cache/import_linter"]),
        Check("templates", [BIN / "djlint", "src/keystead/web/templates", "--lint", "--quiet"]),
        Check("wiring", [*django, "check", "--fail-level", "WARNING", *settings]),
        Check("migrations", [*django, "makemigrations", "--check", "--dry-run", *settings]),
        Check("front end", [*npm, "run", "--silent", "check"], FRONTEND),
    ]


def is_passed(check: Check) -> bool:
    """Run a check and report it."""
    began = time.monotonic()
    _, node = npm_command()
    done = subprocess.run(
        check.command,
        cwd=check.folder,
        env=os.environ | {"PATH": f"{node}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "FAILED" if done.returncode else "ok"
    report = f"{verdict:6} {check.name} ({time.monotonic() - began:.1f} s)"
    print(f"{report}\n{done.stdout}" if done.returncode else report, flush=True)
    return done.returncode == 0


def main() -> int:
    """Run all checks, also after one has failed."""
    home = environment.prepare()
    try:
        with ThreadPoolExecutor(max_workers=2) as lanes:
            results = list(lanes.map(is_passed, checks()))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(f"{results.count(True)} of {len(results)} checks passed")
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
