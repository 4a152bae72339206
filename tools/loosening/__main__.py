"""The command: copies the tree, learns, takes checks away one by one, counts."""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools.loosening.equal import EQUAL
from tools.loosening.sites import Site, loosen
from tools.setup import CACHE, PYTHON, ROOT

WORK = CACHE / "loosening"
TREE, LEARNED, OUTCOMES = WORK / "tree", WORK / "learned", WORK / "outcomes.jsonl"
SUITES = (
    "tests/authorisation",
    "tests/operations",
    "tests/search",
    "tests/sign_in",
    "tests/notify",
    "tests/journal",
    "tests/scenarios",
    "tests/vault",
    "tests/transports/api",
    "tests/transports/web",
    "tests/transports/worker",
    "tests/transports/cli",
    "tests/exchange",
)
NOT_THESE = (
    "tests/authorisation/test_page.py",  # compares two spellings of the table
    "tests/transports/api/test_fuzz.py",  # plays with chance
)
AUTHORITIES = ("authorisation", "site", "right", "role", "member", "other", "session", "sign_in")
"""Words in names of tests that are likely to notice; they run first."""
ROLES_OF_ALL = {"see-own", "manage-own-access"}
AT_SITES = {"see-register", "hand-out", "edit-register", "edit-people", "export"}
Job = dict[str, Any]


def stamp() -> str:
    """A hash of the source and the tests: what was learned holds for these."""
    digest = hashlib.sha256()
    for folder in ("src", "tests", "tools/loosening"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def make_tree() -> list[Site]:
    """Copy the tree and make its checks switchable."""
    shutil.rmtree(TREE, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", ".*", "node_modules", "var", "dist")
    for name in ("src", "tests", "tools", "docs", "requirements", "frontend"):
        shutil.copytree(ROOT / name, TREE / name, ignore=ignore)
    dist = Path("src/keystead/web/static/keystead/dist")
    if (ROOT / dist).exists():
        shutil.copytree(ROOT / dist, TREE / dist, dirs_exist_ok=True)
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy(path, TREE / path.name)
    helper = ROOT / "tools" / "loosening" / "choosing.py"
    sites = loosen(TREE / "src" / "keystead")
    shutil.copy(helper, TREE / "src" / "keystead" / "loosened.py")
    (WORK / "sites.json").write_text(json.dumps([asdict(site) for site in sites]))
    return sites


def pytest(order: dict[str, Any], *arguments: str) -> int:
    """Run pytest in the copy with an order for the plugin."""
    env = os.environ | {"LOOSENING": json.dumps(order)}
    env["PYTHONPATH"] = os.pathsep.join([str(TREE / "src"), str(TREE)])
    command: list[str | Path] = [PYTHON, "-m", "pytest", "-q"]
    command += ["-p", "tools.loosening.plugin", "-m"]
    command += ["not audit and not e2e and not slow", *arguments]
    return subprocess.run(command, cwd=TREE, env=env, check=False).returncode


def learn(files: Sequence[str]) -> None:
    """Run the tests once in the copy, or some files that are new."""
    LEARNED.mkdir(parents=True, exist_ok=True)
    ignored = [f"--ignore={name}" for name in NOT_THESE]
    pytest({"learn": str(LEARNED)}, "-n2", *ignored, *files)


def learned() -> dict[str, Any]:
    """What each test passed by, when it was last run."""
    found: dict[str, Any] = {}
    for path in sorted(LEARNED.glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
        lessons = [json.loads(line) for line in path.read_text().splitlines()]
        found |= {lesson["test"]: lesson for lesson in lessons}
    return {name: told for name, told in found.items() if told["passed"]}


def jobs(sites: list[Site], tests: dict[str, Any]) -> Iterator[Job]:
    """Everything to take away, with the tests that pass by it, the likeliest and quickest first."""

    def cost(name: str) -> float:
        likely = any(word in name for word in AUTHORITIES)
        return float(tests[name]["seconds"]) * (0.2 if likely else 1)

    ordered = sorted(tests, key=cost)
    by_site: dict[int, list[str]] = {}
    by_verb: dict[str, list[str]] = {}
    for name in ordered:
        for number in tests[name]["sites"]:
            by_site.setdefault(number, []).append(name)
        for verb in tests[name]["verbs"]:
            by_verb.setdefault(verb, []).append(name)
    for site in sites:
        yield {
            "name": site.name,
            "place": site.place,
            "change": {"number": site.number},
            "tests": by_site.get(site.number, []),
        }
    rows = [name for name in ordered if "authorisation/test_matrix" in name]
    yield from _verbs(by_verb)
    yield from _rows(rows)


def _verbs(by_verb: dict[str, list[str]]) -> Iterator[Job]:
    told = json.loads((WORK / "verbs.json").read_text())
    for name, right, per_site, step_up in told["verbs"]:
        base = {"place": f"verb:{name}", "tests": by_verb.get(name, [])}
        if right not in ROLES_OF_ALL:
            to: dict[str, Any] = {"right": "see-own"}
            yield base | {"name": f"verb {name} for all", "change": {"verb": name, "to": to}}
        if right in AT_SITES and not per_site:
            to = {"per_site": True}
            yield base | {"name": f"verb {name} at one site", "change": {"verb": name, "to": to}}
        if step_up:
            to = {"step_up": False}
            yield base | {"name": f"verb {name} without factor", "change": {"verb": name, "to": to}}


def _rows(tests: list[str]) -> Iterator[Job]:
    told = json.loads((WORK / "verbs.json").read_text())
    pages = [name for name in tests if "page_and_form" in name]
    api = [name for name in tests if "api" in name]
    for name, method, right, per_site, inside in told["routes"]:
        change = {"route": name, "method": method}
        base = {"place": f"row:{name}", "tests": pages}
        if right not in ROLES_OF_ALL:
            to = "see-own" if inside else "manage-own-access"
            yield base | {"name": f"row {method} {name} for all", "change": change | {"to": to}}
        if right in AT_SITES and not per_site:
            to = f"{right} at sites"
            yield base | {"name": f"row {method} {name} at one", "change": change | {"to": to}}
    for name, right, per_site in told["api"]:
        base = {"place": f"row:api {name}", "tests": api}
        if right != "see-own":
            change = {"api": name, "to": "see-own"}
            yield base | {"name": f"row api {name} for all", "change": change}
        if right in AT_SITES and not per_site:
            change = {"api": name, "to": f"{right} at sites"}
            yield base | {"name": f"row api {name} at one", "change": change}


TABLES = """
import django, json, sys
django.setup()
from keystead import permissions
from keystead.journal.operation import VERBS
from tests.transports.web.inventory import routes
inside = {route.name: "slug" in route.arguments for route in routes()}
free = (permissions.PUBLIC, permissions.SIGNED_IN)
verbs = [(v.name, v.right, v.per_site, v.step_up) for v in VERBS.values() if v.right != "run"]
rows = [
    (name, method, permissions.right_of(needs), permissions.is_per_site(needs), inside[name])
    for name, row in permissions.ROUTES.items()
    for method, needs in row.items()
    if needs not in free
]
api = [(n, permissions.right_of(r), permissions.is_per_site(r)) for n, r in permissions.API.items()]
json.dump({"verbs": verbs, "routes": rows, "api": api}, sys.stdout)
"""


def write_tables() -> None:
    """The verbs and the tables of permissions, as the copy has them."""
    from tests.support import environment

    home = environment.prepare()
    try:
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(TREE / "src"), str(TREE)]),
            "DJANGO_SETTINGS_MODULE": "keystead.settings",
        }
        command: list[str | Path] = [PYTHON, "-c", TABLES]
        done = subprocess.run(command, cwd=TREE, env=env, check=True, stdout=subprocess.PIPE)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    (WORK / "verbs.json").write_bytes(done.stdout)


def outcomes() -> dict[str, Job]:
    """What is known already, by name."""
    if not OUTCOMES.exists():
        return {}
    told = [json.loads(line) for line in OUTCOMES.read_text().splitlines()]
    return {line["name"]: line for line in told}


def hunt(todo: list[Job], *, at_once: int, budget: int) -> None:
    """Take these away, some at a time."""
    for start in range(0, len(todo), 40):
        some = todo[start : start + 40]
        limited = [job | {"tests": job["tests"][:MOST_TESTS]} for job in some]
        names = {name for job in limited for name in job["tests"]}
        files = sorted({name.split("::")[0] for name in names} | set(SEEDS))
        order = {
            "jobs": limited,
            "outcomes": str(OUTCOMES),
            "folder": str(WORK),
            "at_once": at_once,
            "budget": budget,
        }
        (WORK / "order.json").write_text(json.dumps(order))
        pytest({"file": str(WORK / "order.json")}, "-n0", "-s", *files)


MOST_TESTS = 150
SEEDS = ("tests/authorisation/test_queries.py", "tests/operations/test_site_roles.py")


def main() -> int:
    """Read what was asked for, go on where it was stopped, count."""
    parser = argparse.ArgumentParser(prog="python -m tools.loosening", description=__doc__)
    parser.add_argument("--only", default="", help="kinds, or parts of names: row,verb,access.py")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parser.add_argument("--again", action="store_true", help="forget what was found before")
    parser.add_argument("--survivors", action="store_true", help="those that survived, once more")
    parser.add_argument("--keep", action="store_true", help="keep copy and lessons, come what may")
    parser.add_argument("--learn", nargs="*", help="learn from these test files only, or as well")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--budget", type=int, default=100, help="seconds of tests for each")
    asked = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    is_current = (WORK / "stamp").exists() and (WORK / "stamp").read_text() == stamp()
    if not (is_current or (asked.keep and LEARNED.exists())):
        shutil.rmtree(LEARNED, ignore_errors=True)
        make_tree()
        write_tables()
        learn(asked.learn or SUITES)
        (WORK / "stamp").write_text(stamp())
    elif asked.learn:
        shutil.copytree(ROOT / "tests", TREE / "tests", dirs_exist_ok=True)
        learn(asked.learn)
    if asked.again:
        OUTCOMES.unlink(missing_ok=True)
    sites = [Site(**told) for told in json.loads((WORK / "sites.json").read_text())]
    words = [word for word in asked.only.split(",") if word]
    every = [job for job in jobs(sites, learned()) if job["name"] not in EQUAL]
    wanted = [job for job in every if not words or any(w in job["name"] for w in words)]
    known = outcomes()
    todo = [job for job in wanted if job["name"] not in known]
    if asked.survivors:
        todo = [j for j in wanted if known.get(j["name"], {}).get("verdict") == "survived"]
    if asked.list:
        for job in wanted:
            print(job["place"], job["name"], len(job["tests"]))
        return 0
    hunt(todo, at_once=asked.at_once, budget=asked.budget)
    return report(wanted)


def report(wanted: list[Job]) -> int:
    """Say how many were noticed; those that were not, by name."""
    known = outcomes()
    counts = Counter(known.get(job["name"], {"verdict": "not tried"})["verdict"] for job in wanted)
    for job in wanted:
        if known.get(job["name"], {}).get("verdict") == "survived":
            print("survived", job["place"], job["name"], f"({len(job['tests'])} tests)")
    print(f"{len(wanted)} checks:", dict(counts), f"; {len(EQUAL)} change nothing")
    return int(counts["survived"] + counts["not tried"] > 0)


if __name__ == "__main__":
    sys.exit(main())
