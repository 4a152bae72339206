"""Processes full of threads that all want the same copy at the same moment."""

import os
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

PROCESSES = 4
LONGEST_WAIT_S = 600


@dataclass(frozen=True, slots=True)
class Contest:
    """Who wants what: in each round, every person tries to take that round's copy."""

    url: str
    workspace: int
    account: int
    copies: tuple[int, ...]
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often each copy was won, and how each other attempt ended (the error's code)."""

    wins: Counter[int]
    refusals: Counter[str]


def hold(contest: Contest) -> Outcome:
    """Let the persons, spread over the processes, contend; one thread each."""
    context = get_context("spawn")
    barrier, outcomes = context.Barrier(len(contest.persons)), context.Queue()
    parts = [contest.persons[number::PROCESSES] for number in range(PROCESSES)]
    processes = [
        context.Process(target=_take_part, args=(contest, part, barrier, outcomes), daemon=True)
        for part in parts
    ]
    for process in processes:
        process.start()
    try:
        found = [outcomes.get(timeout=LONGEST_WAIT_S) for _ in processes]
    finally:
        for process in processes:
            process.join(timeout=5)
            process.kill()
    wins: Counter[int] = Counter()
    refusals: Counter[str] = Counter()
    for outcome in found:
        wins += outcome.wins
        refusals += outcome.refusals
    return Outcome(wins, refusals)


def _take_part(
    contest: Contest, persons: Sequence[int], barrier: Barrier, outcomes: "Queue[Outcome]"
) -> None:
    os.environ["DATABASE_URL"] = contest.url
    import django

    django.setup()
    wins: Counter[int] = Counter()
    refusals: Counter[str] = Counter()
    threads = [
        threading.Thread(target=_contend, args=(contest, person, barrier, wins, refusals))
        for person in persons
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes.put(Outcome(wins, refusals))


def _contend(
    contest: Contest,
    person: int,
    barrier: Barrier,
    wins: Counter[int],
    refusals: Counter[str],
) -> None:
    from django.db import connection

    from keystead.custody import operations as custody
    from keystead.kernel.actor import Actor
    from keystead.kernel.errors import KeysteadError

    actor = Actor(workspace_id=contest.workspace, channel="api", account_id=contest.account)
    connection.ensure_connection()
    try:
        for copy in contest.copies:
            barrier.wait(LONGEST_WAIT_S)
            try:
                custody.check_out(actor, copy_ids=[copy], person_id=person)
            except KeysteadError as refusal:
                refusals[f"{refusal.status} {refusal.code}"] += 1
            except Exception as error:  # what must not happen is reported, not hidden
                refusals[f"500 {error!r}"] += 1
            else:
                wins[copy] += 1
    finally:
        connection.close()
