"""Showing a factor: a passkey instead of the password, and the page that asks again."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from keystead.people import accounts, factors, passkeys, sessions, sign_in
from keystead.people import operations as people
from keystead.people.throttle import TooManyTries, network_of, reserve
from keystead.web import errors
from keystead.web.forms import sign_in as forms
from keystead.web.http import by_installation, own_account, way_back


def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """The question for the browser (GET), and signing in with the passkey it shows (POST)."""
    try:
        reserve(("passkey", network_of(request)))  # each question is kept in a session
    except TooManyTries:
        return errors.too_many(request)
    if request.method == "GET":
        return JsonResponse(passkeys.question())
    form = forms.ShownPasskeyForm(request.POST)
    shown = passkeys.answered(form.cleaned_data["credential"]) if form.is_valid() else None
    if shown is None:
        messages.error(request, _("This passkey is not known here. Sign in with your password."))
        return HttpResponseRedirect(reverse("account_login"))
    forms.remember_choice(request, is_own=form.cleaned_data["remember"])
    post_authentication(request, shown, passwordless=True)
    login = Login(user=shown.user, redirect_url=way_back(request, reverse("home")))
    answer: HttpResponse = perform_login(request, login)
    return answer


def ask(request: HttpRequest, back_to: str) -> HttpResponse:
    """Send somebody to confirm that it is them; afterwards they are back at a page."""
    address = f"{reverse('confirm')}?{urlencode({'next': back_to})}"
    if getattr(request, "htmx", None):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)


def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm that it is you: with a second factor if you have one, else with the password."""
    account = accounts.own(own_account(request))
    has_second = factors.has_second(account.pk)
    kind = forms.ConfirmCodeForm if has_second else forms.ConfirmPasswordForm
    form: Any = kind(request.POST if _is_typed(request) else None)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if _is_shown(request, account, form, has_second=has_second):
                sessions.note_factor(request.session)
                return HttpResponseRedirect(way_back(request, reverse("security")))
        except TooManyTries:
            form = kind({})
            form.errors.clear()
            form.add_error(None, forms.TOO_MANY)
            status = 429
    context = {
        "form": form,
        "next": way_back(request, ""),
        "has_second": has_second,
        "question": passkeys.question(account) if factors.has_passkey(account.pk) else None,
        "has_codes": factors.has_app(account.pk) or bool(factors.recovery_codes_left(account.pk)),
    }
    return render(request, "security/confirm.html", context, status=status)


def _is_typed(request: HttpRequest) -> bool:
    return request.method == "POST" and "credential" not in request.POST


def _is_shown(
    request: HttpRequest, account: accounts.Account, form: Any, *, has_second: bool
) -> bool:
    """Whether the factor was right; else the form says why not. Raises TooManyTries."""
    if has_second and "credential" in request.POST:
        sent = forms.ShownPasskeyForm(request.POST)
        shown = sent.is_valid() and passkeys.answered(sent.cleaned_data["credential"], account)
        if not shown:
            messages.error(request, forms.WRONG_PASSKEY)
            return False
        shown.record_usage()
        return True
    if not form.is_valid():
        return False
    if not has_second:
        if sign_in.confirm_password(request, account, form.cleaned_data["password"]):
            return True
        form.add_error("password", _("This is not your password."))
        return False
    found = factors.matching(account, form.cleaned_data["code"])
    if found is None:
        form.add_error("code", forms.WRONG_CODE)
        return False
    found.record_usage()
    if found.type == found.Type.RECOVERY_CODES:
        people.note_recovery_code_used(by_installation(request))
    return True
