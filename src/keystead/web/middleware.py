"""The guard in front of every view: deny by default, one actor per request."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_supported_language_variant

from keystead import permissions
from keystead.journal import queries as journal
from keystead.journal.operation import VERBS, require, require_factor, rights_looked_up_once
from keystead.journal.saying import translated
from keystead.kernel.errors import KeysteadError, NotFound, StepUpNeeded
from keystead.people import access, devices
from keystead.people import queries as people
from keystead.people.errors import SecondFactorNeeded
from keystead.web import confirming, errors
from keystead.web.http import Request, by_installation, factor_at, idempotency_key

TOO_BIG = "keystead.too_big"
"""What the web server puts into the environment of a request whose body is over its limit."""

Response = Callable[[HttpRequest], HttpResponse]


def speak(request: Request) -> None:
    """Answer in the person's own choice if they made one, else in the workspace's language.

    Outside a workspace, or where its language is not spoken here, the browser's counts.
    """
    own = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if own in dict(settings.LANGUAGES):
        return
    with suppress(LookupError):
        language = get_supported_language_variant(request.workspace.locale)
        translation.activate(language)
        request.LANGUAGE_CODE = language


class Guard:
    """Looks every route up in the permission table before its view runs.

    A page of a workspace gets `request.actor` and `request.workspace`. A route or method
    without a row is refused. Errors of the domain become pages.
    """

    def __init__(self, get_response: Response) -> None:
        """Django hands in the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the workspace's zone; nothing a signed-in person sees is kept by caches."""
        limit = request.META.get(TOO_BIG)
        if isinstance(limit, int) and not request.path.startswith("/api/"):
            return errors.too_big(request, limit)
        with timezone.override(None), rights_looked_up_once():
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        account = getattr(request, "remember_device", None)
        if account is not None:
            devices.remember(request, response, account)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, send to the sign-in, or let the view run with its actor."""
        match = request.resolver_match
        name = match.view_name if match else ""
        if name.startswith("api-"):
            return None
        row = permissions.ROUTES.get(name)
        if row is None:
            return errors.refusal(request, NotFound("There is nothing here."))
        method = "GET" if request.method == "HEAD" else request.method or ""
        needs = row.get(method)
        if needs is None:
            return errors.not_allowed(request, sorted(row))
        if needs == permissions.PUBLIC:
            return None
        if not request.user.is_authenticated:
            wanted = request.get_full_path() if method == "GET" else reverse("home")
            return redirect_to_login(wanted, reverse("account_login"))
        try:
            self._admit(request, needs, kwargs)
            if method == "GET":
                self._prepare(request, row)
        except KeysteadError as error:
            return self._answer(request, error)
        return None

    def _admit(self, request: Any, needs: str, kwargs: dict[str, Any]) -> None:
        if "slug" not in kwargs:
            timezone.activate(people.home_of(request.user.pk)[1])
            if needs != permissions.SIGNED_IN:
                require(by_installation(request), permissions.right_of(needs))
            return
        request.actor = access.actor_for(
            request.user.pk,
            kwargs["slug"],
            "web",
            factor_at=factor_at(request),
            idempotency_key=idempotency_key(request),
        )
        request.workspace = journal.workspace(request.actor.workspace_id)
        timezone.activate(request.workspace.time_zone)
        speak(request)
        permissions.admit(request.actor, needs)

    def _prepare(self, request: HttpRequest, row: dict[str, str]) -> None:
        """Ask for a factor before a form is filled in that will need one. Raises StepUpNeeded."""
        verb = VERBS.get(row.get("POST", ""))
        if verb is not None and verb.step_up:
            require_factor(by_installation(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal nobody caught into its page."""
        if isinstance(exception, KeysteadError):
            return self._answer(request, exception)
        return None

    def _answer(self, request: HttpRequest, error: KeysteadError) -> HttpResponse:
        """A page that says why not; or the one where what is missing can be shown or added."""
        if isinstance(error, StepUpNeeded):
            return confirming.ask(request, _page_of(request))
        if isinstance(error, SecondFactorNeeded):
            messages.error(request, translated(error.message), extra_tags=error.code)
            return redirect("security")
        return errors.refusal(request, error)


def _page_of(request: HttpRequest) -> str:
    """The page a request belongs to: its own address, or where its form stood."""
    match = request.resolver_match
    row = permissions.ROUTES.get(match.view_name if match else "", {})
    if request.method in ("GET", "HEAD") or "GET" in row:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host():
        return came_from.path
    return reverse("home")
