"""A real mail server on loopback that keeps what it is given, and can be made to refuse."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import override_settings


class PostOffice:
    """What arrived, in order. `refuses` answers every mail with that line instead."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.recipients: list[str] = []
        self.refuses = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called by the server for each mail."""
        if self.refuses:
            return self.refuses
        self.mails.append(email.message_from_bytes(envelope.content))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def texts(self) -> list[str]:
        """The bodies, decoded."""
        return [bytes(mail.get_payload(decode=True)).decode() for mail in self.mails]


def free_port() -> int:
    """A loopback port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def open_office() -> Iterator[tuple[PostOffice, int]]:
    """A running server, and its port; Django's mail goes there meanwhile."""
    office, port = PostOffice(), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    mail = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_TIMEOUT": 10,
    }
    try:
        with override_settings(**mail):
            assert port == settings.EMAIL_PORT
            yield office, port
    finally:
        controller.stop()
