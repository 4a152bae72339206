"""What the frame around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from keystead.journal.operation import rights_of
from keystead.kernel.actor import Actor
from keystead.kernel.errors import KeysteadError
from keystead.notify import queries as notices
from keystead.people import queries as people


def frame(request: HttpRequest) -> dict[str, Any]:
    """The workspace, the others one could go to, and what the person may do here."""
    found: dict[str, Any] = {
        "now": now(),
        "theme": request.COOKIES.get("theme", ""),
        "languages": settings.LANGUAGES,
        "own_language": request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        "workspace": getattr(request, "workspace", None),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return found
    actor = getattr(request, "actor", None)
    found["workspaces"] = people.own_workspaces(user.pk)
    if actor is not None:
        found["unread_notices"] = SimpleLazyObject(lambda: _unread(actor))
        try:
            found["may"] = {right.name.lower(): True for right in rights_of(actor)}
        except KeysteadError:
            found["may"] = {}
    return found


def _unread(actor: Actor) -> int:
    """How many notices wait; asked only where a whole page is shown."""
    try:
        return notices.unread(actor)
    except KeysteadError:
        return 0
