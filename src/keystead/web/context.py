"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from keystead.journal.operation import granted
from keystead.kernel.errors import KeysteadError
from keystead.people import queries as people
from keystead.web import acts


def frame(request: HttpRequest) -> dict[str, Any]:
    """The workspace, the others one could go to, and what the person may do here."""
    found: dict[str, Any] = {
        "now": now(),
        "theme": request.COOKIES.get("theme", ""),
        "workspace": getattr(request, "workspace", None),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return found
    actor = getattr(request, "actor", None)
    found["workspaces"] = people.own_workspaces(user.pk)
    if actor is not None:
        try:
            held = granted(actor)
            here = held.anywhere - acts.out_of_reach(request)
            found["may"] = {right.name.lower(): True for right in here}
            found["may_somewhere"] = {right.name.lower(): True for right in held.anywhere}
        except KeysteadError:
            found["may"] = {}
    return found
