"""Devices an account has signed in on before: told by a signed cookie, kept nowhere else.

On a known device wrong guesses made elsewhere do not lock the account's owner out, and no mail
is sent about a new sign-in. The mark depends on the password: a new one makes all devices new.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from keystead.people.models import Account

COOKIE = "known-here"
SALT = "keystead.known-device"
LASTS = timedelta(days=180)
MOST = 8
"""Accounts one device remembers: a key desk is shared."""

Marks = list[tuple[int, str, str]]


def _mark(account: Account, device: str) -> str:
    text = f"{account.pk}|{device}|{account.password}"
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def _marks(request: HttpRequest) -> Marks:
    try:
        held: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
        return [(int(account), str(device), str(mark)) for account, device, mark in held][:MOST]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def known(request: HttpRequest, account: Account) -> str | None:
    """The random name of this device, if the account has signed in on it before."""
    for account_id, device, mark in _marks(request):
        if account_id == account.pk and constant_time_compare(mark, _mark(account, device)):
            return device
    return None


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Let the device know the account from now on."""
    others = [mark for mark in _marks(request) if mark[0] != account.pk]
    device = known(request, account) or secrets.token_hex(16)
    kept = [(account.pk, device, _mark(account, device)), *others][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=LASTS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def kind_of(request: HttpRequest) -> str:
    """What a device is, in words people say: "Firefox on Linux". Empty if it does not tell."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    browser = next((word for mark, word in BROWSERS if mark in agent), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    return " · ".join(word for word in (browser, system) if word)
