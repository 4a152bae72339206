"""Signals of the sign-in library become facts of the installation."""

from typing import Any

from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from keystead.kernel.actor import INSTALLATION, Actor
from keystead.people import devices, sessions
from keystead.people import operations as people
from keystead.people.models import Account


def _actor(account: Account) -> Actor:
    return Actor(workspace_id=INSTALLATION, channel="web", account_id=account.pk)


def _signed_in(sender: object, request: HttpRequest, user: Account, **_: Any) -> None:
    device = devices.kind_of(request)
    is_first_ever = request.session.pop("first-ever", False)
    is_new = not is_first_ever and devices.known(request, user) is None
    sessions.begin(request.session, device=device)
    request.remember_device = user  # type: ignore[attr-defined]  # the guard sets the cookie
    people.note_sign_in(_actor(user), is_new_device=is_new, device=device)


def _signed_out(sender: object, user: Account | None, **_: Any) -> None:
    if user is not None:
        people.note_sign_out(_actor(user))


def _factor_used(sender: object, user: Account, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        people.note_recovery_code_used(_actor(user))


def connect() -> None:
    """Listen, once, at start-up."""
    user_logged_in.connect(_signed_in, dispatch_uid="keystead.signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="keystead.signed-out")
    factor_signals.authenticator_used.connect(_factor_used, dispatch_uid="keystead.factor-used")
