"""Twenty clients that send their request one byte a second, and one that does not."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread

from tests.bench.client import Client
from tests.bench.figures import Figure, share
from tests.bench.server import Server
from tests.bench.stand import Stand

SLOW, REQUESTS = 20, 150
MOST_TIMES = 1.5


def measure(stand: Stand, server: Server) -> list[Figure]:
    """What the quick client waits for one copy, alone and beside the slow ones."""
    copy_id = stand.ids("SELECT id FROM keys_copy ORDER BY id")[0]
    alone: list[float] = []
    beside: list[float] = []
    with Client(server.port, stand.by_token) as client:

        def waits() -> list[float]:
            answers = [client.get(f"{stand.api}/copies/{copy_id}") for _ in range(REQUESTS)]
            if any(answer.status != 200 for answer in answers):
                raise RuntimeError("The quick client was refused.")
            return [answer.seconds * 1000 for answer in answers]

        for _ in range(stand.rounds):
            alone += waits()
            with dribbling(server.port, stand):
                beside += waits()
    return [
        Figure(
            part="slow-clients",
            what=f"one copy, beside {SLOW} clients that send a byte a second, {name}",
            value=share(beside, part),
            unit="ms",
            bound="at most",
            aim=MOST_TIMES * share(alone, part),
            bare=share(alone, part),
            note=f"instead of the bare driver: without them; all {len(beside)} were served",
        )
        for name, part in (("median", 0.5), ("p95", 0.95))
    ]


@contextmanager
def dribbling(port: int, stand: Stand) -> Iterator[None]:
    """Half of the slow clients are slow from the first byte on, half only with the body."""
    head = (
        f"POST {stand.api}/check-out HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {stand.token}\r\nContent-Type: application/json\r\n"
        "Content-Length: 600\r\n\r\n"
    ).encode()
    is_over = Event()
    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(SLOW)
        ]
        for line in lines[::2]:
            line.sendall(head)
        rest = {line: iter(b" " * 600 if line in lines[::2] else head) for line in lines}

        def send() -> None:
            while True:
                for line, bytes_left in rest.items():
                    with suppress(OSError):
                        line.sendall(bytes([next(bytes_left)]))
                if is_over.wait(1):
                    return

        thread = Thread(target=send)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
