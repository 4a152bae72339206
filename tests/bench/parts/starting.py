"""How long `keystead up` takes on a full database, and what it needs when nothing happens."""

import time

from tests.bench.client import Client
from tests.bench.figures import Figure, middle
from tests.bench.server import Server
from tests.bench.stand import Stand

LONGEST_S, MOST_MB = 10, 250
REST_S = 5


def measure(stand: Stand) -> list[Figure]:
    """Start and stop it some times."""
    seconds, resident, proportional = [], [], []
    for _ in range(stand.rounds):
        server = Server(stand.folder)
        seconds.append(server.start())
        with Client(server.port, stand.by_session) as client:
            client.get(f"{stand.page}/")
        time.sleep(REST_S)  # let the worker do its first round
        rss, pss = server.memory()
        resident.append(rss)
        proportional.append(pss)
        server.stop()
    return [
        Figure(
            part="starting",
            what="start-up of keystead up",
            value=middle(seconds),
            unit="s",
            rounds=tuple(seconds),
            bound="at most",
            aim=LONGEST_S,
            note="until the first page is answered",
        ),
        memory("idle memory, web + worker", proportional, middle(resident)),
    ]


def memory(what: str, proportional: list[float], resident: float) -> Figure:
    """Memory of all processes, shared pages counted once."""
    return Figure(
        part="starting",
        what=what,
        value=middle(proportional),
        unit="MB",
        rounds=tuple(proportional),
        bound="at most",
        aim=MOST_MB,
        note=f"proportional; resident {resident:.0f} MB",
    )
