"""Processor time, which says the same on a busy machine: over HTTP, and for the bare statements."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from keystead.custody import queries as custody
from keystead.keys import queries as keys
from tests.bench import checkout
from tests.bench.client import Answer, Client
from tests.bench.figures import Figure, middle
from tests.bench.parts.handing_out import script_of, work_of
from tests.bench.server import Server
from tests.bench.stand import Stand

MOST_TIMES = {"sqlite": 20, "postgresql": 9}
"""A check-out over HTTP may take so many times what the bare driver takes for its statements."""
MOST_MS_OF_ROWS = 1.5
ROWS, EACH = 100, 150


def measure(stand: Stand, server: Server) -> list[Figure]:
    """A check-out by one client, and what a hundred rows cost beyond looking them up."""
    return [check_out(stand, server), rows(stand, server)]


def check_out(stand: Stand, server: Server) -> Figure:
    """The web server's processor time of a check-out, beside the bare driver's of the same."""
    work, due = work_of(stand), (datetime.now(UTC) + timedelta(days=1)).isoformat()
    script, each = script_of(stand, work, due), 60 if stand.is_quick else EACH
    bare: list[float] = []
    served: list[float] = []
    with stand.bare() as driver:

        def by_driver(item: tuple[int, int, int]) -> None:
            checkout.check_out(driver, script, *item)

        def by_server(client: Client, item: tuple[int, int, int]) -> Answer:
            wanted = {"copy_ids": [item[0]], "person_id": item[2], "due_at": due}
            return client.post(f"{stand.api}/check-out", wanted)

        for _ in range(stand.rounds):
            bare.append(own_cpu(by_driver, work.take(each, stand)))
            served.append(server_cpu(stand, server, by_server, work.take(each, stand)))
    most = MOST_TIMES["sqlite" if stand.is_sqlite else "postgresql"]
    return Figure(
        part="costs",
        what="check-out over HTTP, processor time",
        value=middle(served),
        unit="ms",
        rounds=tuple(served),
        bound="at most",
        aim=most * middle(bare),
        bare=middle(bare),
        note=f"{len(script.statements)} statements; aim: {most} times the bare ones",
    )


def rows(stand: Stand, server: Server) -> Figure:
    """What a list of a hundred copies costs more than a list of one, without its two queries."""
    found: list[float] = []

    def ask(client: Client, limit: int) -> Answer:
        return client.get(f"{stand.api}/copies?limit={limit}")

    def look_up(limit: int) -> None:
        copies = keys.copies(stand.owner, limit=limit + 1)
        custody.whereabouts(stand.owner, [copy.id for copy in copies])

    for _ in range(stand.rounds):
        many, one = ([limit] * EACH for limit in (ROWS, 1))
        answers = server_cpu(stand, server, ask, many) - server_cpu(stand, server, ask, one)
        found.append(answers - (own_cpu(look_up, many) - own_cpu(look_up, one)))
    return Figure(
        part="costs",
        what=f"JSON of {ROWS} copies beyond the query, processor time",
        value=middle(found),
        unit="ms",
        rounds=tuple(found),
        bound="at most",
        aim=MOST_MS_OF_ROWS,
    )


def own_cpu(act: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Milliseconds of this process's own processor time for each item."""
    began = time.process_time()
    for item in items:
        act(item)
    return (time.process_time() - began) / len(items) * 1000


def server_cpu(
    stand: Stand, server: Server, ask: Callable[[Client, Any], Answer], items: Sequence[Any]
) -> float:
    """Milliseconds of the server's for each item. Raises RuntimeError where one is refused."""
    with Client(server.port, stand.by_token) as client:
        began = server.cpu()
        answers = [ask(client, item) for item in items]
        used = server.cpu() - began
    if any(answer.status != 200 for answer in answers):
        raise RuntimeError(f"Refused: {answers[-1].body[:200]!r}")
    return used / len(items) * 1000
