"""Passkeys: the questions put to a browser, and what it answers. The library checks them."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

from keystead.kernel.errors import Invalid
from keystead.kernel.words import said as _
from keystead.people.models import Account

LONGEST = 20_000
"""Signs of a browser's answer."""
BROKEN = (ValidationError, ValueError, TypeError, KeyError, AttributeError)
"""What the library raises for an answer that is not one."""


def question_for_new(account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey, which may also sign in without a password."""
    options: dict[str, Any] = auth.begin_registration(account, passwordless=False)
    asked: dict[str, Any] = plain(options)
    asked["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred"
    asked["publicKey"]["authenticatorSelection"].pop("requireResidentKey", None)
    return asked


def check_new(credential: Any) -> dict[str, Any]:
    """The passkey a browser has made, as it is kept. Raises Invalid."""
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except BROKEN:
        raise Invalid(_("This passkey could not be read. Try again."), field="name") from None
    return dict(credential)


def question(account: Account | None = None) -> dict[str, Any]:
    """What the browser needs to show a passkey: of an account, or of whoever it knows."""
    asked: dict[str, Any] = plain(auth.begin_authentication(account))
    return asked


def answered(credential: Any, account: Account | None = None) -> Authenticator | None:
    """The passkey that was shown, or None if it is none of the account's (or of anybody's)."""
    try:
        auth.parse_authentication_response(credential)
        whose = account or auth.extract_user_from_response(credential)
        return auth.complete_authentication(whose, credential)
    except BROKEN:
        return None


def plain(value: Any) -> Any:
    """The library's mappings as plain dicts and lists, ready to be written as JSON."""
    if hasattr(value, "items"):
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.value if hasattr(value, "value") else value
