"""Search as one types: every beginning of several texts, as the search field asks for it."""

from urllib.parse import quote

from tests.bench.client import Client
from tests.bench.figures import Figure, middle, share
from tests.bench.recording import recorded
from tests.bench.server import Server
from tests.bench.stand import Stand

LONGEST_MS = 100
TEXTS = ("AB12", "boiler", "ben ma", "server room 2.0", "KS0", "R01", "Z", "zzz", "A-01", "lost")
EACH = 3


def measure(stand: Stand, server: Server) -> list[Figure]:
    """The slowest beginning of all, and all together."""
    beginnings = sorted({text[:end] for text in TEXTS for end in range(1, len(text) + 1)})
    typing = stand.by_session | {"HX-Request": "true"}
    waits: dict[str, list[float]] = {text: [] for text in beginnings}
    with Client(server.port, typing) as client:
        for _ in range(stand.rounds * EACH):
            for text in beginnings:
                answer = client.get(f"{stand.page}/search?q={quote(text)}")
                if answer.status != 200:
                    raise RuntimeError(f"The search for {text!r} answered {answer.status}.")
                waits[text].append(answer.seconds * 1000)
    worst = max(beginnings, key=lambda text: middle(waits[text]))
    everything = [wait for found in waits.values() for wait in found]
    return [
        Figure(
            part="searching",
            what="search as you type, worst text",
            value=middle(waits[worst]),
            unit="ms",
            rounds=tuple(waits[worst]),
            bound="at most",
            aim=LONGEST_MS,
            bare=_bare(stand, worst),
            note=f"{worst!r}; bare: the same statements",
        ),
        Figure(
            part="searching",
            what="search as you type, all, p95",
            value=share(everything, 0.95),
            unit="ms",
            bound="at most",
            aim=LONGEST_MS,
            note=f"{len(beginnings)} texts",
        ),
    ]


def _bare(stand: Stand, text: str) -> float:
    """Milliseconds of the statements of one search."""
    browser = stand.browser()
    with recorded() as statements:
        browser.get(f"{stand.page}/search?q={quote(text)}", headers={"HX-Request": "true"})
    with stand.bare() as driver:
        return middle([driver.seconds(statements) * 1000 for _ in range(stand.rounds * EACH)])
