"""How the sign-in library is fitted to Keystead: who counts guesses, seals secrets, lets in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from keystead.people import accounts, devices, factors, rules
from keystead.people.models import Account
from keystead.people.throttle import Ticket, network_of, reserve

LONGEST_PASSWORD = 256
"""Longer ones are no password of ours, and would only cost time to hash."""


def right_password(account: Account | None, password: str) -> bool:
    """Compare, at the same cost whether there is an account or not."""
    if len(password) > LONGEST_PASSWORD:
        password = ""
    if account is None:
        make_password(password)
        return False
    return account.check_password(password)


def reserve_guess(request: HttpRequest, account: Account | None, email: str) -> Ticket:
    """Reserve one guess at a password. Raises TooManyTries.

    On a device the account signed in on before, guesses made elsewhere do not count.
    """
    device = devices.known(request, account or Account())  # the same steps for nobody
    if device:
        return reserve(("device", device))
    return reserve(("login", rules.counted_as(email)), ("address", network_of(request)))


def guess(request: HttpRequest, email: str, password: str) -> Account | None:
    """The account of an address, if the password is right. Raises TooManyTries."""
    account = accounts.named(email)
    ticket = reserve_guess(request, account, email)
    if not right_password(account, password):
        return None
    ticket.give_back()
    return account


def confirm_password(request: HttpRequest, account: Account, password: str) -> bool:
    """Whether it is the password, counted with the guesses at the sign-in. Raises TooManyTries."""
    return guess(request, account.email, password) == account


def let_in(request: HttpRequest, account: Account, *, redirect_url: str = "") -> HttpResponse:
    """Go on with the sign-in of somebody who showed the password: a second factor, or inside."""
    record_authentication(request, account, method="password")
    login = Login(user=account, redirect_url=redirect_url or None)
    answer: HttpResponse = perform_login(request, login)
    return answer


class Backend(BaseBackend):
    """Who a session belongs to, looked up with every request. Passwords are compared above."""

    def get_user(self, user_id: int) -> Account | None:
        """The account, as long as it is active."""
        return accounts.numbered(user_id)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is Keystead's own: the first owner's page, then invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never through the library."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Compare a password, counted. Raises TooManyTries."""
        return guess(request, credentials["email"], credentials["password"])

    def get_client_ip(self, request: HttpRequest) -> str:
        """What the web server says; no header counts."""
        return network_of(request)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals the library's secrets for their account; see `factors.secrets_of`."""

    def encrypt(self, text: str) -> str:
        """Seal. Raises RuntimeError where no account is named."""
        return factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open. Raises CannotOpen for another account's secret."""
        return factors.opened(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the app shows above the address."""
        return "Keystead"
