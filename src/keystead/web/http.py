"""What every page shares: the request with its actor, and answers in three sizes."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlparse

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from keystead.journal.queries import WorkspaceView
from keystead.journal.saying import translated
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.errors import Invalid, KeysteadError
from keystead.kernel.rights import Right

LONGEST_KEY = 120


class Request(HttpRequest):
    """A request of a signed-in person inside a workspace, as the guard leaves it."""

    actor: Actor
    workspace: WorkspaceView
    LANGUAGE_CODE: str
    htmx: HtmxDetails
    out_of_reach: set[Right]


def idempotency_key(request: HttpRequest) -> str | None:
    """The key that tells a form sent twice; None without one. Raises Invalid if it is not plain."""
    key = request.POST.get("idempotency_key") if request.method == "POST" else None
    if key and not (len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Invalid(_("This form is broken. Open its page again."), field="idempotency_key")
    return key or None


def factor_at(request: HttpRequest) -> datetime | None:
    """When a sign-in factor was last shown in this session."""
    shown = request.session.get("factor-at")
    return None if shown is None else datetime.fromtimestamp(shown, UTC)


def own_account(request: HttpRequest) -> int:
    """The number of the signed-in account; 0 for nobody, which no account has."""
    return request.user.pk or 0


def by_installation(request: HttpRequest, system: str | None = None) -> Actor:
    """The signed-in account, or a part of the system, acting on the installation itself."""
    return Actor(
        workspace_id=INSTALLATION,
        channel="web",
        account_id=None if system else request.user.pk,
        system=system,
        factor_at=None if system else factor_at(request),
        idempotency_key=idempotency_key(request),
    )


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a whole page, or only its fragment when HTMX asks for one.

    The fragment of `keys/list.html` is `keys/_list.html`, if the context names no other.
    """
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted and not htmx.history_restore_request:
        folder, _, name = template.rpartition("/")
        template = context.get("fragment", f"{folder}/_{name}" if folder else f"_{name}")
    return render(request, template, context, status=status)


def here(request: Request, name: str, **kwargs: Any) -> str:
    """The address of a page of this workspace."""
    return reverse(name, kwargs={"slug": request.workspace.slug, **kwargs})


def done(
    request: Request, message: str, to: str, *, undo: int | None = None
) -> HttpResponseRedirect:
    """Say what happened on the next page; `undo` is the handling that can be taken back."""
    messages.success(request, message, extra_tags=f"undo-{undo}" if undo else "")
    return HttpResponseRedirect(to)


def refused(request: Request, error: KeysteadError, to: str) -> HttpResponseRedirect:
    """Say on the next page why something was refused, where there is no form to show it on."""
    messages.error(request, translated(error.message), extra_tags=error.code)
    return HttpResponseRedirect(to)


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where to go after an act: the local address the form names, else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    parsed = urlparse(wanted)
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local and not parsed.netloc and not parsed.scheme else otherwise
