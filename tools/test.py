"""Every test, stage by stage: `make test`.

All tests on SQLite, those marked `db` (and not `once`) also on PostgreSQL, the front end's own,
then the journeys in a browser. Goes on after a failed stage; the last line counts the tests of all
stages.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from tools.setup import CACHE, FRONTEND, PYTHON, ROOT, npm_command

RESULTS = CACHE / "results"
PYTEST = (PYTHON, "-m", "pytest", "-q")
POSTGRES = (PYTHON, ROOT / "tools" / "with_postgres.py")
MEMORY = Path("/dev/shm")  # noqa: S108  # only a random folder in it is used
ROOM_BYTES = 4 * 1024**3


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
        Stage(
            "browser",
            [*PYTEST, "-n2", "-m", "e2e and not audit", f"--junitxml={journeys}"],
            journeys,
        ),
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


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Where tests keep their files: in memory, if the machine has that with room to spare.

    Databases there are files with the durability settings that are shipped, on a quicker disk.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    is_ours = has_room and os.access(MEMORY, os.W_OK)
    with TemporaryDirectory(
        prefix="keystead-tests-", dir=MEMORY if is_ours else None, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as somebody else and passes through
        yield folder


def run(stage: Stage, scratch: Path) -> tuple[bool, Counter[str], float]:
    """Run a stage with its files in `scratch`: whether it went well, its counts and its seconds."""
    print(f"\n=== {stage.name}", flush=True)
    stage.report.unlink(missing_ok=True)
    began = time.monotonic()
    _, node = npm_command()
    path = f"{node}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "TMPDIR": str(scratch)}
    child = subprocess.Popen(stage.command, cwd=stage.folder, env=environment)
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
    with scratch_folder() as scratch:
        results = [(stage.name, *run(stage, scratch)) for stage in stages()]
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
