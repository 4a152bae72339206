"""Signals of the sign-in library become facts of the installation."""

from typing import Any

from allauth.account import signals as allauth
from django.contrib.auth.signals import user_logged_in, user_logged_out

from keystead.kernel.actor import INSTALLATION, Actor
from keystead.people import operations as people
from keystead.people.models import Account


def _actor(account: Account) -> Actor:
    return Actor(workspace_id=INSTALLATION, channel="web", account_id=account.pk)


def _signed_in(sender: object, user: Account, **_: Any) -> None:
    people.note_sign_in(_actor(user))


def _signed_out(sender: object, user: Account | None, **_: Any) -> None:
    if user is not None:
        people.note_sign_out(_actor(user))


def _password(sender: object, user: Account, **_: Any) -> None:
    people.note_password_change(_actor(user))


def connect() -> None:
    """Listen, once, at start-up."""
    user_logged_in.connect(_signed_in, dispatch_uid="keystead.signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="keystead.signed-out")
    allauth.password_changed.connect(_password, dispatch_uid="keystead.password-changed")
    allauth.password_reset.connect(_password, dispatch_uid="keystead.password-reset")
