"""Names, HTTPS, the port, and the way to the mail server."""

import http.client
import socket
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import get_connection

from keystead import config
from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.words import translate as _

SECONDS = 3
PATIENCE = 6
"""Seconds for Keystead's first answer on a busy machine, where the port answers already."""
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def _names() -> Iterator[Finding]:
    names = ", ".join(settings.ALLOWED_HOSTS)
    if settings.BEHIND_TLS and set(settings.ALLOWED_HOSTS) <= LOCAL:
        yield Finding(
            "names",
            names,
            is_well=False,
            why=_("There is a proxy with HTTPS, but requests for its name are refused."),
            do=_("Set KEYSTEAD_ALLOWED_HOSTS to the name people type, such as keys.example.org."),
        )
    elif "*" in settings.ALLOWED_HOSTS:
        yield Finding(
            "names",
            names,
            is_well=False,
            why=_("With any name allowed, a link in a mail can be made to lead elsewhere."),
            do=_("Set KEYSTEAD_ALLOWED_HOSTS to the name people type, such as keys.example.org."),
        )
    else:
        yield Finding("names", names)


def _https() -> Iterator[Finding]:
    words = _("a proxy speaks it") if settings.BEHIND_TLS else _("no; for this machine only")
    yield Finding("https", words)


def _port() -> Iterator[Finding]:
    host = config.read("HOST") or "127.0.0.1"
    port = config.number("PORT", 8000, low=1, high=65535)
    shown = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), SECONDS):
            pass
    except OSError:
        yield Finding("port", _("{address} is free").format(address=shown))
        return
    if _is_keystead(host, port):
        yield Finding("port", _("Keystead answers at {address}").format(address=shown))
        return
    yield Finding(
        "port",
        _("something else answers at {address}").format(address=shown),
        is_well=False,
        why=_("`keystead up` cannot listen there."),
        do=_("Stop the other program, or choose another port with --port or KEYSTEAD_PORT."),
    )


def _is_keystead(host: str, port: int) -> bool:
    line = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        line.request("GET", "/api/v1/openapi.json", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return b'"Keystead"' in line.getresponse().read(5_000_000)
    except (OSError, http.client.HTTPException, IndexError):
        return False
    finally:
        line.close()


def _mail() -> Iterator[Finding]:
    if settings.EMAIL_BACKEND != SMTP:
        yield Finding("mail", _("is not sent, but kept in files"))
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection = get_connection(timeout=SECONDS)
        connection.open()
        connection.close()
    except OSError as error:
        yield Finding(
            "mail",
            _("{server} does not take mail: {why}").format(server=where, why=_plain(error)),
            is_well=False,
            why=_("Nobody gets a link to a new password, or a reminder."),
            do=_("Look at KEYSTEAD_EMAIL_URL: server, port, user and password."),
        )
    else:
        yield Finding("mail", _("{server} takes mail").format(server=where))


def _plain(error: OSError) -> str:
    """The reason without what the server was sent: it may repeat a user's name."""
    return error.strerror or type(error).__name__


CHECKS = (
    Check("names", _names),
    Check("https", _https),
    Check("port", _port),
    Check("mail", _mail),
)
