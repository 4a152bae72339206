"""The web server: waitress, in this process (ADR 3 says why)."""

import errno
import logging
import socket
from typing import Any

from keystead.cli.refusing import CONFLICT, INVALID, Refused
from keystead.cli.words import translate as _

CONNECTIONS = 500
WAITING_S = 60
PROXY = {
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-host", "x-forwarded-for"},
}
"""Whom to believe behind HTTPS: a proxy on this machine, about scheme, host and client."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Refused when the port is taken or the address is not ours."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, proto)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                _(
                    "Port {port} is taken, perhaps by Keystead itself. Choose another with --port."
                ).format(port=port),
                CONFLICT,
            ) from None
        raise Refused(
            _("{host}:{port} cannot be listened on: {why}").format(
                host=host, port=port, why=error.strerror or error
            ),
            INVALID,
        ) from None
    return found


def serve(listener: socket.socket, *, threads: int, is_behind_tls: bool) -> None:
    """Answer requests until the process is told to stop (SystemExit or KeyboardInterrupt)."""
    from waitress.server import create_server

    from keystead.cli.receiving import LARGEST_BODY, Channel
    from keystead.wsgi import application

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    proxy: dict[str, Any] = PROXY if is_behind_tls else {}
    server = create_server(
        application,
        sockets=[listener],
        threads=threads,
        ident="",
        connection_limit=CONNECTIONS,
        channel_timeout=WAITING_S,
        max_request_body_size=LARGEST_BODY,
        clear_untrusted_proxy_headers=True,
        **proxy,
    )
    server.channel_class = Channel
    try:
        server.run()
    finally:
        server.close()
