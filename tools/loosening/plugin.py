"""Runs inside pytest, in the copy: learns which tests pass by which check, then takes them away.

What to do comes in `LOOSENING`, as JSON: `learn` (a folder to write to), or `hunt` (numbers and
which tests to run for each, a file to add the outcomes to, how many at a time).
"""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

ORDER = json.loads(os.environ.get("LOOSENING", "{}"))
if "file" in ORDER:
    ORDER = json.loads(Path(ORDER["file"]).read_text())
SEED = "test_queries.py::test_no_query_answers_a_stranger"
"""Run once before all others, so that what they have in common is set up."""
LONGEST = 240


def _verbs_reached() -> set[str]:
    """Have operations say that they were asked for; the set they say it in."""
    from keystead.journal.operation import Change

    reached: set[str] = set()
    usual = Change.admit

    def admit(self: Any, verb: Any) -> Any:
        reached.add(verb.name)
        return usual(self, verb)

    Change.admit = admit  # type: ignore[method-assign]  # in a copy, while tests are watched
    return reached


@dataclass(eq=False)
class Learner:
    """Notes for each test what it passed by, how long it took and whether it passed."""

    verbs: set[str]
    passed: bool = True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test."""
        loosened = import_module("keystead.loosened")

        loosened.reached.clear()
        self.verbs.clear()
        began = time.monotonic()
        self.passed = True
        result = yield
        told = {
            "test": item.nodeid,
            "sites": sorted(loosened.reached),
            "verbs": sorted(self.verbs),
            "seconds": round(time.monotonic() - began, 2),
            "passed": self.passed,
        }
        with (Path(ORDER["learn"]) / f"{os.getpid()}.jsonl").open("a") as lessons:
            lessons.write(json.dumps(told) + "\n")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a failure."""
        self.passed = self.passed and not report.failed


class Hunter:
    """Takes one check away after another, each in a process of its own."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once."""
        items = {item.nodeid: item for item in session.items}
        seed = next(item for item in session.items if item.nodeid.endswith(SEED))
        other = next(i for i in session.items if i.path.parent != seed.path.parent)
        if any(report.failed for report in runtestprotocol(seed, log=False, nextitem=other)):
            raise pytest.UsageError("The first test fails already.")
        running: dict[int, dict[str, Any]] = {}
        for job in ORDER["jobs"]:
            while len(running) >= ORDER["at_once"]:
                self._reap(running)
            chosen = [items[name] for name in job["tests"] if name in items]
            if pid := os.fork():
                running[pid] = job | {"began": time.monotonic()}
            else:
                self._hunt(job, chosen, other)
        while running:
            self._reap(running)
        return True

    def _reap(self, running: dict[int, dict[str, Any]]) -> None:
        pid, status = os.wait()
        job = running.pop(pid, None)
        if job is None:
            return
        code = os.waitstatus_to_exitcode(status)
        folder = Path(ORDER["folder"])
        killer = folder / f"killer-{pid}"
        by = killer.read_text() if killer.exists() else ""
        killer.unlink(missing_ok=True)
        verdict = {0: "survived", 1: "killed"}.get(code, "killed by time or a crash")
        line = {
            "name": job["name"],
            "verdict": verdict,
            "by": by,
            "tests": len(job["tests"]),
            "seconds": round(time.monotonic() - job["began"], 1),
        }
        with Path(ORDER["outcomes"]).open("a") as outcomes:
            outcomes.write(json.dumps(line) + "\n")
        print(f"{verdict:9} {job['name'][:150]}  {by[-90:]}", flush=True)

    def _hunt(self, job: dict[str, Any], chosen: list[pytest.Item], other: pytest.Item) -> None:
        """In the child: run the tests until one fails."""
        from tests.support import databases

        databases.WORKER = f"loosened{os.getpid()}"
        log = os.open(os.devnull, os.O_WRONLY)
        os.dup2(log, 1)
        os.dup2(log, 2)
        signal.alarm(LONGEST)
        code = 0
        try:
            take_away(job["change"])
            until = time.monotonic() + ORDER["budget"]
            for item in chosen:
                if time.monotonic() > until:
                    break
                narrow(item, job["change"])
                reports = runtestprotocol(item, log=False, nextitem=other)
                if failed := next((report for report in reports if report.failed), None):
                    said = f"{item.nodeid}\n{failed.longreprtext[-1500:]}"
                    (Path(ORDER["folder"]) / f"killer-{os.getpid()}").write_text(item.nodeid)
                    (Path(ORDER["folder"]) / "last-failure.txt").write_text(said)
                    code = 1
                    break
        except BaseException as mistake:
            with contextlib.suppress(OSError):
                where = Path(ORDER["folder"]) / f"killer-{os.getpid()}"
                where.write_text(f"stopped by {mistake!r}"[:300])
            code = 1
        os._exit(code)


def take_away(change: dict[str, Any]) -> None:
    """Loosen one check: the number of a place, a verb or a row of a table."""
    from keystead import permissions
    from keystead.journal.operation import VERBS

    loosened: Any = import_module("keystead.loosened")
    match change:
        case {"number": number}:
            loosened.active = number
        case {"verb": name, "to": to}:
            for key, value in to.items():
                object.__setattr__(VERBS[name], key, value)
        case {"route": name, "method": method, "to": to}:
            permissions.ROUTES[name][method] = to
        case {"api": name, "to": to}:
            permissions.API[name] = to


def narrow(item: Any, change: dict[str, Any]) -> None:
    """Have the walks over all routes and operations only look at the one in question."""
    module = item.module
    if "route" in change and hasattr(module, "routes"):
        usual = getattr(module, "all_routes", module.routes)
        module.all_routes = usual
        module.routes = lambda: [found for found in usual() if found.name == change["route"]]
    if "api" in change and hasattr(module, "examples"):
        whole = getattr(module, "all_examples", module.examples)
        module.all_examples = whole
        module.examples = lambda t: [e for e in whole(t) if e.operation_id == change["api"]]


def pytest_configure(config: pytest.Config) -> None:
    """Choose what to do."""
    if "learn" in ORDER:
        if config.getoption("dist", "no") == "no" or hasattr(config, "workerinput"):
            config.pluginmanager.register(Late(config))
    elif "jobs" in ORDER:
        config.pluginmanager.register(Hunter())


class Late:
    """Begins to watch as soon as Django is set up."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_collection_finish(self) -> None:
        """All modules are imported now."""
        self.config.pluginmanager.register(Learner(_verbs_reached()))
