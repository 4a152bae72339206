"""New passwords and addresses. Links in mails change nothing until a button is pressed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from keystead.kernel.errors import NotFound
from keystead.kernel.secret import Secret
from keystead.people import accounts, mail_links, rules, sessions
from keystead.people import operations as people
from keystead.people.throttle import TooManyTries, network_of, reserve
from keystead.web import errors
from keystead.web.filling import fill, sent
from keystead.web.forms.sign_in import AddressForm, NewAddressForm, NewPasswordForm
from keystead.web.http import by_installation, own_account


def origin_of(request: HttpRequest) -> str:
    """Where links in mails lead to: this server, under a name it is allowed to have."""
    return f"{request.scheme}://{request.get_host()}"


def change(request: HttpRequest) -> HttpResponse:
    """Another password; everything else that lets in ends."""
    account = accounts.own(own_account(request))

    def act(given: dict[str, Any]) -> HttpResponse:
        hashed = people.hashed(Secret(given["password"]), account.email)
        here = sessions.number_of(request.session)
        people.change_password(by_installation(request), password_hash=hashed, session_id=here)
        changed = accounts.own(account.pk)
        update_session_auth_hash(request, changed)
        request.remember_device = changed  # type: ignore[attr-defined]  # the guard sets the cookie
        messages.success(request, _("Your password is changed. You are signed out elsewhere."))
        return HttpResponseRedirect(reverse("security"))

    form = NewPasswordForm(sent(request))
    return fill(request, form, act, {}, template="account/password_change.html")


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether the address has a login."""

    def act(given: dict[str, Any]) -> HttpResponse:
        try:
            reserve(("address", network_of(request)))
        except TooManyTries:
            return errors.too_many(request)
        try:
            reserve(("reset", rules.counted_as(given["email"])))
        except TooManyTries:  # enough letters for this address; whoever asks need not know
            return HttpResponseRedirect(reverse("account_reset_password_done"))
        people.ask_for_new_password(email=given["email"], origin=origin_of(request))
        return HttpResponseRedirect(reverse("account_reset_password_done"))

    form = AddressForm(sent(request))
    return fill(request, form, act, {}, template="account/password_reset.html")


def on_its_way(request: HttpRequest) -> HttpResponse:
    """What was sent, if anything was."""
    return render(request, "account/password_reset_done.html")


def new(request: HttpRequest, account_id: str, link: str) -> HttpResponse:
    """Choose a password with the link from the mail. Opening it changes nothing."""
    account = accounts.numbered(mail_links.number(account_id))
    if account is None or not default_token_generator.check_token(account, link):
        return render(request, "account/password_reset_from_key.html", {"token_fail": True})

    def act(given: dict[str, Any]) -> HttpResponse:
        people.reset_password(
            by_installation(request, "reset"),
            account_id=account.pk,
            link=Secret(link),
            password_hash=people.hashed(Secret(given["password"]), account.email),
        )
        request.remember_device = accounts.own(account.pk)  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("account_reset_password_from_key_done"))

    form = NewPasswordForm(sent(request))
    try:
        return fill(request, form, act, {}, template="account/password_reset_from_key.html")
    except NotFound:
        return render(request, "account/password_reset_from_key.html", {"token_fail": True})


def chosen(request: HttpRequest) -> HttpResponse:
    """It is changed; sign in with it."""
    return render(request, "account/password_reset_from_key_done.html")


def email(request: HttpRequest) -> HttpResponse:
    """Sign in with another address, once a link sent there was used."""

    def act(given: dict[str, Any]) -> HttpResponse:
        try:
            reserve(("reset", f"account {own_account(request)}"))
        except TooManyTries:
            return errors.too_many(request)
        people.ask_for_new_email(
            by_installation(request), email=given["email"], origin=origin_of(request)
        )
        told = _("A link is on its way to %s. Nothing changes before you use it.")
        messages.success(request, told % given["email"])
        return HttpResponseRedirect(reverse("security"))

    form = NewAddressForm(sent(request))
    return fill(request, form, act, {}, template="security/email.html")


def email_confirm(request: HttpRequest, link: str) -> HttpResponse:
    """Confirm the new address with the link from the mail. Opening it changes nothing."""
    asked = mail_links.read_email_link(link)
    account = accounts.numbered(asked["account_id"]) if asked else None
    if asked is None or account is None or account.email != asked["old_email"]:
        return render(request, "security/email_confirm.html", {"is_gone": True})
    if request.method == "POST":
        try:
            people.change_email(by_installation(request, "new-email"), **asked)
        except NotFound:
            return render(request, "security/email_confirm.html", {"is_gone": True})
        messages.success(request, _("From now on you sign in with %s.") % asked["email"])
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "security/email_confirm.html", {"email": asked["email"]})
