"""Refusals as pages: what happened, why, what you can do now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.journal.saying import translated
from keystead.kernel.errors import KeysteadError

HEADINGS = {
    400: gettext_lazy("This request makes no sense"),
    403: gettext_lazy("This is not yours to do"),
    404: gettext_lazy("There is nothing here"),
    405: gettext_lazy("This cannot be done this way"),
    409: gettext_lazy("Not as things are now"),
    413: gettext_lazy("This is too big"),
    422: gettext_lazy("Something in the form is not right"),
    500: gettext_lazy("Keystead made a mistake"),
    503: gettext_lazy("Keystead is busy"),
}


UNEXPLAINED = {
    404: gettext_lazy("It does not exist, or it is not yours to know that it does."),
    409: gettext_lazy("Nothing was changed."),
    422: gettext_lazy("Nothing was changed. Go back and correct it."),
}
"""What to say after a refusal of one sentence."""


def show(
    request: HttpRequest, status: int, message: str, code: str = "", heading: str = ""
) -> HttpResponse:
    """An error page in the look of the rest, or only its box for HTMX."""
    htmx = getattr(request, "htmx", None)
    context: dict[str, Any] = {
        "status": status,
        "heading": heading or HEADINGS.get(status, HEADINGS[500]),
        "message": message,
        "code": code,
    }
    template = "errors/_box.html" if htmx and not htmx.boosted else "errors/page.html"
    return render(request, template, context, status=status)


def refusal(request: HttpRequest, error: KeysteadError) -> HttpResponse:
    """The page for an error no view has caught: what happened, then why or what to do now."""
    heading, _dot, rest = translated(error.message).partition(". ")
    if not rest:
        rest = str(UNEXPLAINED.get(error.status, ""))
    return show(request, error.status, rest, error.code, heading.rstrip("."))


def too_many(request: HttpRequest) -> HttpResponse:
    """429: no more guesses for now."""
    return render(request, "429.html", status=429)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400."""
    return show(request, 400, _("Go back and try again."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403."""
    return show(request, 403, _("Ask an owner of this workspace."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404."""
    return show(request, 404, str(UNEXPLAINED[404]))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500: nothing of the mistake is shown."""
    return show(
        request,
        500,
        _("Nothing was half done. Try again; if it stays, tell whoever runs Keystead."),
    )


def not_allowed(request: HttpRequest, methods: list[str]) -> HttpResponse:
    """405: the address exists, but not for this."""
    answer = show(request, 405, _("Open the page this belongs to and use its button."))
    answer["Allow"] = ", ".join(methods)
    return answer


def too_big(request: HttpRequest, limit: int) -> HttpResponse:
    """413: what was sent is over the server's limit (bytes), and none of it was kept."""
    return show(
        request,
        413,
        _(
            "At most %(limit)d MB can be sent at once. Nothing of it was kept. Make the file "
            "smaller, or split it into parts, and send it again."
        )
        % {"limit": limit // 1024**2},
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or did not come from here."""
    return show(
        request, 403, _("This form is too old. Open the page again and repeat what you did.")
    )
