"""A list of a hundred copies with holder and place, over the API."""

import json
from urllib.parse import quote

from tests.bench.client import Client
from tests.bench.figures import Figure, middle, share
from tests.bench.recording import recorded
from tests.bench.server import Server
from tests.bench.stand import Stand

ROWS, MOST_STATEMENTS = 100, 10
REQUESTS = 40


def measure(stand: Stand, server: Server) -> list[Figure]:
    """Its statements, and how long it takes on one page after the other."""
    paths = _pages(stand, server)
    browser = stand.browser()
    with recorded() as statements:
        answer = browser.get(paths[-1])
    if len(answer.json()["items"]) != ROWS:
        raise RuntimeError("This list is not a hundred copies long.")
    typical, slow, bare = [], [], []
    with Client(server.port, stand.by_token) as client, stand.bare() as driver:
        for _ in range(stand.rounds):
            waits = [client.get(path).seconds * 1000 for path in paths]
            typical.append(middle(waits))
            slow.append(share(waits, 0.95))
            bare.append(middle([driver.seconds(statements) * 1000 for _ in paths]))
    return [
        Figure(
            part="lists",
            what="list of 100 copies: statements",
            value=len(statements),
            unit="",
            bound="at most",
            aim=MOST_STATEMENTS,
        ),
        Figure(
            part="lists",
            what="list of 100 copies, median",
            value=middle(typical),
            unit="ms",
            rounds=tuple(typical),
            bare=middle(bare),
            note="bare: the same statements",
        ),
        Figure(
            part="lists",
            what="list of 100 copies, p95",
            value=middle(slow),
            unit="ms",
            rounds=tuple(slow),
        ),
    ]


def _pages(stand: Stand, server: Server) -> list[str]:
    """The addresses of the first full pages."""
    first = f"{stand.api}/copies?limit={ROWS}"
    paths = [first]
    with Client(server.port, stand.by_token) as client:
        while len(paths) < REQUESTS:
            cursor = json.loads(client.get(paths[-1]).body)["next"]
            if cursor is None:
                return paths[:-1]
            paths.append(f"{first}&after={quote(cursor)}")
    return paths
