"""Every test, stage by stage: `make test`.

All tests on SQLite, those marked `db` (and not `once`) also on PostgreSQL, the front end's own,
then the journeys in a browser. Goes on after a failed stage; the last line counts the tests of all
stages.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tools.setup import CACHE, FRONTEND, PYTHON, ROOT, npm_command

RESULTS = CACHE / "results"
PYTEST = (PYTHON, "-m", "pytest", "-q")
POSTGRES = (PYTHON, ROOT / "tools" / "with_postgres.py", "--in-memory")


@dataclass(frozen=True)
class Stage:
    """Some tests run in one way. The command writes its results to `report`, as JUnit's XML."""

    name: str
    command: Sequence[str | Path]
    report: Path
    folder: Path = ROOT


def stages() -> list[Stage]:
    """The stages in the order they run."""
    sqlite, postgres, units, journeys = (
        RESULTS / f"{name}.xml" for name in ("sqlite", "postgresql", "front-end", "browser")
    )
    npm, _ = npm_command()
    vitest = ("run", "--silent", "test", "--", "--reporter=default", "--reporter=junit")
    return [
        Stage(
            "SQLite",
            [*PYTEST, "-n2", "-m", "not e2e and not audit", f"--junitxml={sqlite}"],
            sqlite,
        ),
        Stage(
            "PostgreSQL",
            [
                *POSTGRES,
                *PYTEST,
                "-n2",
                "-m",
                "db and not once and not e2e and not audit",
                f"--junitxml={postgres}",
            ],
            postgres,
        ),
        Stage("front end", [*npm, *vitest, f"--outputFile.junit={units}"], units, FRONTEND),
        Stage("browser", [*PYTEST, "-n2", "-m", "e2e", f"--junitxml={journeys}"], journeys),
    ]


def counts(report: Path) -> Counter[str]:
    """How many tests passed, failed and were skipped, from JUnit's XML."""
    found: Counter[str] = Counter()
    if not report.is_file():
        return found
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # written by our own run
        verdicts = {child.tag for child in case}
        if verdicts & {"failure", "error"}:
            found["failed"] += 1
        else:
            found["skipped" if "skipped" in verdicts else "passed"] += 1
    return found


def run(stage: Stage) -> tuple[bool, Counter[str], float]:
    """Run a stage: whether it went well, its counts and its seconds."""
    print(f"\n=== {stage.name}", flush=True)
    stage.report.unlink(missing_ok=True)
    began = time.monotonic()
    _, node = npm_command()
    path = f"{node}{os.pathsep}{os.environ['PATH']}"
    child = subprocess.Popen(stage.command, cwd=stage.folder, env=os.environ | {"PATH": path})
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.wait()  # Ctrl-C reached it, too; let it stop its servers
        raise
    return code == 0, counts(stage.report), time.monotonic() - began


def sentence(found: Counter[str]) -> str:
    """Counts as pytest would say them."""
    words = [f"{found[word]} {word}" for word in ("failed", "passed", "skipped") if found[word]]
    return ", ".join(words) or "no tests"


def main() -> int:
    """Run every stage and sum up."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    results = [(stage.name, *run(stage)) for stage in stages()]
    print()
    for name, is_good, found, seconds in results:
        print(f"{'ok' if is_good else 'FAILED':6} {name}: {sentence(found)} in {seconds:.1f}s")
    total = sum((found for _, _, found, _ in results), Counter[str]())
    is_all_good = all(is_good for _, is_good, _, _ in results)
    elapsed = sum(seconds for *_, seconds in results)
    print(f"==== {sentence(total)} in {elapsed:.2f}s ====", flush=True)
    return int(not is_all_good)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
