"""One's own sign-in: password, passkeys, authenticator app, recovery codes, sessions."""

from functools import partial
from typing import Any

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from keystead.kernel.errors import Invalid, NotFound
from keystead.kernel.secret import Secret
from keystead.people import accounts, factors, passkeys, sessions
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.vault.sealing import CannotOpen
from keystead.web.filling import fill, sent
from keystead.web.forms.sign_in import WRONG_CODE, NewAppForm, NewPasskeyForm
from keystead.web.http import by_installation, own_account

OFFERED = "app-offered"
"""Under this name a session holds, sealed, the secret of an app that is being set up."""


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("security"))


def security(request: HttpRequest) -> HttpResponse:
    """Everything that lets somebody in as this account."""
    account_id = own_account(request)
    mine = factors.own_factors(account_id)
    left = factors.recovery_codes_left(account_id)
    context = {
        "passkeys": [factor for factor in mine if factor.kind == "passkey"],
        "app": next((factor for factor in mine if factor.kind == "app"), None),
        "has_second": bool(mine),
        "codes_left": left,
        "sessions": people_queries.own_sessions(account_id),
        "here": sessions.number_of(request.session),
    }
    return render(request, "security/security.html", context)


def app_add(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: a picture to scan, then its first code."""
    account = accounts.own(own_account(request))
    if factors.has_app(account.pk):
        return _back()
    with factors.secrets_of(account.pk):
        secret = _offered(request, is_new=request.method == "GET")

    def act(given: dict[str, Any]) -> HttpResponse:
        step = factors.step_of_code(secret, given["code"])
        if step is None:
            raise Invalid(str(WRONG_CODE), field="code")
        here = sessions.number_of(request.session)
        by = by_installation(request)
        people.add_app(by, secret=Secret(secret), step=step, session_id=here)
        del request.session[OFFERED]
        return _added(request, account.pk, _("Your app is asked for from the next sign-in on."))

    adapter = get_adapter()
    context = {
        "picture": _picture(adapter.build_totp_url(account, secret)),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    }
    form = NewAppForm(sent(request))
    return fill(request, form, act, context, template="security/app.html")


def _offered(request: HttpRequest, *, is_new: bool) -> str:
    """The secret shown before, or a new one; sealed, since sessions lie in the database."""
    held = request.session.get(OFFERED)
    if held and not is_new:
        try:
            return factors.opened(held)
        except CannotOpen:
            pass  # somebody else's, from before another login in this browser
    secret: str = generate_totp_secret()
    request.session[OFFERED] = factors.sealed(secret)
    return secret


def _picture(url: str) -> SafeString:
    picture = segno.make(url, error="m").svg_inline(scale=4, border=4, light="white")
    return mark_safe(picture)  # noqa: S308 - drawn here; the address is inside as squares


def _added(request: HttpRequest, account_id: int, told: str) -> HttpResponse:
    """Say it is there; whoever has no recovery codes yet gets them now."""
    messages.success(request, told)
    if factors.recovery_codes_left(account_id) is None:
        return HttpResponseRedirect(reverse("recovery-codes"))
    return _back()


def passkey_add(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey, and give it a name."""
    account = accounts.own(own_account(request))

    def act(given: dict[str, Any]) -> HttpResponse:
        credential = passkeys.check_new(given["credential"])
        here, by = sessions.number_of(request.session), by_installation(request)
        people.add_passkey(by, name=given["name"], credential=credential, session_id=here)
        return _added(request, account.pk, _("Your passkey is there."))

    # Put when the page is drawn: the answer to the one before is checked first.
    context = {"question": partial(passkeys.question_for_new, account)}
    form = NewPasskeyForm(sent(request))
    return fill(request, form, act, context, template="security/passkey.html")


def factor_remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Ask, then end a passkey or the app."""
    mine = factors.own_factors(own_account(request))
    factor = next((one for one in mine if one.id == factor_id), None)
    if factor is None:
        raise NotFound("There is no such passkey or app.")
    if request.method == "POST":
        people.remove_factor(by_installation(request), factor_id=factor_id)
        messages.success(request, _("It no longer lets you in."))
        return _back()
    context = {"factor": factor, "is_last": len(mine) == 1}
    return render(request, "security/remove.html", context)


def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ask, then make a new list of codes and show it once."""
    left = factors.recovery_codes_left(own_account(request))
    if request.method == "POST":
        codes = people.renew_recovery_codes(by_installation(request))
        pairs = [f"{code[:5]} {code[5:]}" for code in codes]
        return render(request, "security/codes_made.html", {"codes": pairs})
    if not factors.has_second(own_account(request)):
        return _back()
    return render(request, "security/codes.html", {"codes_left": left})


def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one browser, wherever it is."""
    people.end_session(by_installation(request), session_id=session_id)
    messages.success(request, _("It is signed out."))
    return _back()


def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    here = sessions.number_of(request.session) or 0
    people.end_other_sessions(by_installation(request), but=here)
    messages.success(request, _("You are signed out everywhere else."))
    return _back()
