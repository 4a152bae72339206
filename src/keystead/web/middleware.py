"""The guard in front of every view: deny by default, one actor per request."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from keystead import permissions
from keystead.journal import queries as journal
from keystead.journal.operation import rights_looked_up_once
from keystead.kernel.errors import KeysteadError, NotFound
from keystead.people import access
from keystead.web import errors
from keystead.web.http import idempotency_key

Response = Callable[[HttpRequest], HttpResponse]


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
        with timezone.override(None), rights_looked_up_once():
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
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
        except KeysteadError as error:
            return errors.refusal(request, error)
        return None

    def _admit(self, request: Any, needs: str, kwargs: dict[str, Any]) -> None:
        if needs == permissions.SIGNED_IN:
            return
        request.actor = access.actor_for(
            request.user.pk,
            kwargs["slug"],
            "web",
            idempotency_key=idempotency_key(request),
        )
        request.workspace = journal.workspace(request.actor.workspace_id)
        timezone.activate(request.workspace.time_zone)
        permissions.admit(request.actor, needs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal nobody caught into its page."""
        if isinstance(exception, KeysteadError):
            return errors.refusal(request, exception)
        return None
