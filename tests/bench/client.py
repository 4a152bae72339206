"""A small HTTP client that stays connected and costs the measured server little of the machine."""

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Barrier, Thread
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, and how long it took, in seconds."""

    status: int
    body: bytes
    seconds: float


class Client:
    """One connection to the server on this machine. `headers` go with every request."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        lines = {"Host": "127.0.0.1", **(headers or {})}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._port = port
        self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def get(self, path: str) -> Answer:
        """Read something."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())

    def post(self, path: str, content: Any) -> Answer:
        """Send JSON."""
        body = json.dumps(content).encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self._headers}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body)

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")

    def _ask(self, request: bytes) -> Answer:
        began = time.perf_counter()
        self._socket.sendall(request)
        status = int(self._stream.readline().split()[1])
        length, is_last = 0, False
        while (line := self._stream.readline().lower()) not in (b"\r\n", b""):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            is_last = is_last or line.startswith(b"connection: close")
        body = self._stream.read(length)
        answer = Answer(status, body, time.perf_counter() - began)
        if is_last:
            self._socket.close()
            self._connect()
        return answer


@dataclass(frozen=True, slots=True)
class Load:
    """What many clients at once got: how long all took together, and each answer."""

    seconds: float
    answers: list[Answer]

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.answers) / self.seconds

    def refused(self) -> list[Answer]:
        """Answers that are no success."""
        return [answer for answer in self.answers if not 200 <= answer.status < 300]


def together(
    clients: Sequence[Client], ask: Callable[[Client, Any], Answer], work: Sequence[Sequence[Any]]
) -> Load:
    """Let each client do its part of the work, all at once."""
    found: list[list[Answer]] = [[] for _ in clients]
    ready = Barrier(len(clients) + 1)

    def run(index: int) -> None:
        ready.wait()
        found[index] += [ask(clients[index], item) for item in work[index]]

    threads = [Thread(target=run, args=(index,)) for index in range(len(clients))]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return Load(seconds, [answer for answers in found for answer in answers])


def shares(things: Sequence[Any], parts: int) -> Iterator[Sequence[Any]]:
    """The things dealt out to so many parts."""
    for part in range(parts):
        yield things[part::parts]
