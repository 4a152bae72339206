"""What the frame around every page needs."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from keystead.journal.installation import quarantined_since
from keystead.journal.operation import granted
from keystead.kernel.actor import Actor
from keystead.kernel.errors import KeysteadError
from keystead.notify import queries as notices
from keystead.people import queries as people
from keystead.people import requirements
from keystead.web import acts


def _held_since() -> datetime | None:
    """Since when this copy is held back; a page that tells of a broken database needs no answer."""
    with suppress(DatabaseError):
        return quarantined_since()
    return None


def frame(request: HttpRequest) -> dict[str, Any]:
    """The workspace, the others one could go to, and what the person may do here."""
    found: dict[str, Any] = {
        "now": now(),
        "theme": request.COOKIES.get("theme", ""),
        "languages": settings.LANGUAGES,
        "own_language": request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        "workspace": getattr(request, "workspace", None),
        "held_back": _held_since(),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return found
    found["may_confirm"] = bool(found["held_back"]) and people.is_operator(user.pk)
    actor = getattr(request, "actor", None)
    found["workspaces"] = people.own_workspaces(user.pk)
    if actor is not None:
        found["unread_notices"] = SimpleLazyObject(lambda: _unread(actor))
        try:
            held = granted(actor)
            here = held.anywhere - acts.out_of_reach(request)
            found["may"] = {right.name.lower(): True for right in here}
            found["may_somewhere"] = {right.name.lower(): True for right in held.anywhere}
            found["second_factor_due"] = requirements.seen(actor)
        except KeysteadError:
            found["may"] = {}
    return found


def _unread(actor: Actor) -> int:
    """How many notices wait; asked only where a whole page is shown."""
    try:
        return notices.unread(actor)
    except KeysteadError:
        return 0
