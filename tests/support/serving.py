"""A live server on loopback, in threads of this process, on the test's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.core.wsgi import get_wsgi_application
from waitress import wasyncore
from waitress.server import create_server

from keystead.cli.receiving import LARGEST_BODY, Channel


@contextmanager
def serving(threads: int = 2) -> Iterator[str]:
    """A server that reads requests as the real one does; its address.

    At the end those who answer stop first: they wake the loop when they are done, through a pipe
    that is closed with everything else. Sockets are closed by the loop, which waits for them.
    """
    server = create_server(
        get_wsgi_application(),
        host="127.0.0.1",
        port=0,
        threads=threads,
        max_request_body_size=LARGEST_BODY,
    )
    server.channel_class = Channel
    loop = Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        loop.join(10)
