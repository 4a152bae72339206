"""Requests that are too big: refused by a page of ours, their bodies read past and not kept.

A server that answers and hangs up while a browser still sends is a lost connection there, and
nobody reads the answer. So the rest is read and forgotten, piece by piece.
"""

from io import BytesIO
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import RequestEntityTooLarge

LARGEST_BODY = 64 * 1024 * 1024
MOST_SKIPPED = 16 * LARGEST_BODY
"""Whoever sends even more loses the connection."""
TOO_BIG = "keystead.too_big"
"""The key in a request's environment that says its body was over the limit: the limit in bytes."""


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads past a body that was announced as too big, unless it waits to be asked for."""

    left = 0
    expect_continue: bool

    def received(self, data: bytes) -> int:
        """Take what belongs to this request; returns how much that was."""
        if self.left:
            taken = min(len(data), self.left)
            self.left -= taken
            self.completed = self.left == 0
            return taken
        taken = super().received(data)
        if self.completed and isinstance(self.error, RequestEntityTooLarge):
            is_coming = not self.expect_continue and 0 < self.content_length <= MOST_SKIPPED
            self.expect_continue = False  # it is not asked for
            if is_coming:
                self.left, self.completed = self.content_length, False
        return int(taken)


class TooBigTask(WSGITask):  # type: ignore[misc]
    """Lets the application answer, which is told of the limit and gets no body."""

    def get_environment(self) -> dict[str, Any]:
        """The environment of the request without its body."""
        environment: dict[str, Any] = super().get_environment()
        environment |= {TOO_BIG: LARGEST_BODY, "CONTENT_LENGTH": "0", "wsgi.input": BytesIO()}
        return environment

    def execute(self) -> None:
        """Answer, and take no more requests on this connection."""
        super().execute()
        self.set_close_on_finish()


def refuse(channel: HTTPChannel, request: HTTPRequestParser) -> Task:
    """What answers a request that cannot be read."""
    is_too_big = isinstance(request.error, RequestEntityTooLarge)
    return TooBigTask(channel, request) if is_too_big else ErrorTask(channel, request)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that refuses in our words."""

    parser_class = Parser
    error_task_class = staticmethod(refuse)
