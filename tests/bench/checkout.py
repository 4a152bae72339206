"""The statements of one check-out, sent by many clients of the bare driver at once.

Imports nothing of Django: each client is a process of its own that starts from scratch.
"""

import hashlib
import json
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from keystead.journal import chain
from tests.bench.bare import Bare, Slot, Statement

PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of a check-out over the API, and the text of the fact it left.

    Slots: `copy`, `person`, `old_stay`, `stay`, `sequence`, `body` and `digest`.
    """

    statements: tuple[Statement, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Job:
    """What one client does: each copy with its open stay, and a person to take it."""

    url: str
    script: Script
    work: tuple[tuple[int, int, int], ...]


def check_out(bare: Bare, script: Script, copy: int, old_stay: int, person: int) -> None:
    """One check-out: read, begin, read, write, commit. The journal's chain goes on."""
    slots: dict[str, Any] = {"copy": copy, "old_stay": old_stay, "person": person}
    is_begun = False
    for statement in script.statements:
        if statement.is_inside and not is_begun:
            bare.begin()
            is_begun = True
        if statement.sql.startswith('INSERT INTO "journal_entry"'):
            slots |= _fact(script.body, slots)
        rows = bare.execute(statement.sql, filled(statement.values, slots))
        slots |= _learned(statement.sql, rows)
    bare.commit()


def filled(values: Sequence[Any], slots: Mapping[str, Any]) -> list[Any]:
    """The values with the slots filled, in arrays as well."""
    return [_filled(value, slots) for value in values]


def _filled(value: Any, slots: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_filled(each, slots) for each in value]
    return slots[value.name] if isinstance(value, Slot) else value


def _learned(sql: str, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """What a statement's answer says: the end of the chain, and ids of new rows."""
    if "journal_head" in sql and sql.startswith("SELECT"):
        _workspace, sequence, digest, *_others = rows[0]
        return {"sequence": sequence + 1, "previous": bytes(digest)}
    if sql.startswith('INSERT INTO "custody_stay"'):
        return {"stay": rows[0][0]}
    return {"loan": rows[0][0]} if sql.startswith('INSERT INTO "custody_loan"') else {}


def _fact(text: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The body and digest of this check-out's fact."""
    content = json.loads(text)
    content["sequence"] = content["payload"]["handling"] = slots["sequence"]
    content["payload"] |= {
        "copy_id": slots["copy"], "person_id": slots["person"], "loan_id": slots["loan"],
    }  # fmt: skip
    body = chain.canonical(content)
    return {"body": body.decode(), "digest": hashlib.sha256(slots["previous"] + body).digest()}


_ready: Any = None
"""Where the clients wait for each other; one per process."""


def prepare(ready: Any) -> None:
    """Called once in each client's process."""
    global _ready
    _ready = ready


@dataclass(frozen=True, slots=True)
class Worked:
    """When a client began and ended (seconds of one clock for all), and how long each took."""

    began: float
    ended: float
    waits: tuple[float, ...]


def run(job: Job) -> Worked:
    """Be one client: connect, wait for the others, work."""
    bare, waits = Bare(job.url), list[float]()
    _ready.wait(PATIENCE_S)
    began = time.monotonic()
    for copy, old_stay, person in job.work:
        before = time.perf_counter()
        check_out(bare, job.script, copy, old_stay, person)
        waits.append(time.perf_counter() - before)
    ended = time.monotonic()
    bare.close()
    return Worked(began, ended, tuple(waits))


def together(
    url: str, script: Script, work: Sequence[Sequence[tuple[int, int, int]]]
) -> tuple[float, list[float]]:
    """Let one process per share of the work do it; seconds for all of it, and each wait."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(len(work))
    jobs = [Job(url, script, tuple(share)) for share in work]
    with ProcessPoolExecutor(len(jobs), context, initializer=prepare, initargs=(ready,)) as pool:
        found = list(pool.map(run, jobs))
    seconds = max(worked.ended for worked in found) - min(worked.began for worked in found)
    return seconds, [wait for worked in found for wait in worked.waits]
