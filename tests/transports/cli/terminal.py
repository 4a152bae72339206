"""Typing commands, in this process, against a live server."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from click.testing import CliRunner, Result
from django.core.wsgi import get_wsgi_application
from waitress import wasyncore
from waitress.server import create_server

from keystead.cli.main import main
from keystead.cli.receiving import LARGEST_BODY, Channel

Typed = Callable[..., Result]


def typing(*words: str, typed: str | None = None) -> Result:
    """Run a command with these words, and with this on standard input."""
    return CliRunner().invoke(main, list(words), input=typed)


@contextmanager
def serving() -> Iterator[str]:
    """A server on the test's database; its address."""
    server = create_server(
        get_wsgi_application(),
        host="127.0.0.1",
        port=0,
        threads=2,
        max_request_body_size=LARGEST_BODY,
    )
    server.channel_class = Channel
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(5)
        server.task_dispatcher.shutdown()


def sign_in(anonymous: Typed, url: str, slug: str, secret: str) -> None:
    """Sign in and insist that it worked."""
    result = anonymous("login", "--url", url, "--workspace", slug, typed=f"{secret}\n")
    assert result.exit_code == 0, result.output


@dataclass(frozen=True, slots=True)
class Commands:
    """Somebody's commands, of which each must succeed; what they print comes back."""

    typed: Typed

    def __call__(self, *words: str) -> str:
        """What people read."""
        result = self.typed(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str) -> Any:
        """What programs read."""
        return json.loads(self(*words, "--json"))
