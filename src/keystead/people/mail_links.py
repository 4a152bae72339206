"""What links in mails carry. Made by the worker when it sends them; used once."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.timezone import now

from keystead.kernel.actor import INSTALLATION
from keystead.people.models import Account
from keystead.vault import sealing

EMAIL_LASTS = timedelta(days=1)


def password_link(account: Account) -> tuple[str, str]:
    """The two parts of a link for a new password; good for an hour, and for one password."""
    number = urlsafe_base64_encode(str(account.pk).encode())
    return number, default_token_generator.make_token(account)


def number(text: str) -> int:
    """The account a link names; 0 for nonsense, which no account has."""
    try:
        found = int(force_str(urlsafe_base64_decode(text)))
    except (ValueError, OverflowError):
        return 0
    return found if 0 <= found < 2**63 else 0


def email_link(account: Account, email: str) -> str:
    """The link that makes an address the account's; good for a day, and from the old one only.

    It is sealed: addresses do not stand in the history of browsers.
    """
    asked = {"old_email": account.email, "email": email, "at": now().timestamp()}
    closed = sealing.seal(json.dumps(asked).encode(), **_bound(account.pk))
    return f"{account.pk}-{urlsafe_base64_encode(closed)}"


def read_email_link(text: str) -> dict[str, Any] | None:
    """What such a link says; None if it is old or not ours."""
    number, _dash, closed = text.partition("-")
    try:
        account_id = int(number)
        opened = sealing.open_bytes(urlsafe_base64_decode(closed), **_bound(account_id))
    except (ValueError, OverflowError, sealing.CannotOpen):
        return None
    asked = json.loads(opened)
    if now().timestamp() - asked.pop("at") > EMAIL_LASTS.total_seconds():
        return None
    return {"account_id": account_id, **asked}


def _bound(account_id: int) -> dict[str, Any]:
    row = UUID(int=account_id)
    return {"workspace_id": INSTALLATION, "row": row, "purpose": "people.new-email"}
