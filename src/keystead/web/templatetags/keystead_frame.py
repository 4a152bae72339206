"""Tags for the frame around every page: destinations, theme, undo."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

UNDO = re.compile(r"\bundo-(\d+)\b")
THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class Destination:
    """A place the frame leads to. `name` is the URL name and the page's `section`.

    `right` is the one that opens it, as `may` of the context spells it; "" is open to all.
    """

    name: str
    label: str | Promise
    icon: str
    right: str = ""
    url: str = ""
    is_current: bool = False


RAIL = (
    Destination("today", _("Today"), "sun"),
    Destination("keys", _("Keys"), "key-round", "see_register"),
    Destination("places", _("Places"), "map-pin", "see_register"),
    Destination("people", _("People"), "users", "see_register"),
    Destination("incidents", _("Incidents"), "triangle-alert", "see_register"),
    Destination("codes", _("Codes"), "hash", "see_register"),
    Destination("journal", _("Journal"), "book-open", "see_journal"),
    Destination("import", _("Import"), "upload", "import"),
)
PHONE = (
    Destination("today", _("Today"), "sun"),
    Destination("desk", _("Scan"), "scan-barcode", "hand_out"),
    Destination("search", _("Find"), "search"),
    Destination("me", _("Me"), "circle-user"),
)


@register.simple_tag(takes_context=True)
def destinations(context: Context, where: str) -> list[Destination]:
    """What the rail ("rail") or the phone's bar ("phone") offers in this workspace.

    Left out: pages that do not exist, and what the rights in `may_somewhere` (else in `may`) do
    not open.
    """
    may = context.get("may_somewhere") or context.get("may") or {}
    found = []
    for item in RAIL if where == "rail" else PHONE:
        url = _address(context, item.name)
        if url and (not item.right or may.get(item.right)):
            current = context.get("section") == item.name
            found.append(replace(item, url=url, is_current=current))
    return found


@register.simple_tag(takes_context=True)
def address(context: Context, name: str, **values: str | int) -> str:
    """The URL of a page by name, of this workspace if it belongs to one; "" where there is none."""
    return _address(context, name, **values)


@register.simple_tag(takes_context=True)
def undo_address(context: Context, message: Message) -> str:
    """Where to undo what a message tells, for messages with `extra_tags="undo-<handling>"`."""
    found = UNDO.search(str(message.extra_tags or ""))
    return _address(context, "undo", handling=int(found[1])) if found else ""


def _address(context: Context, name: str, **values: str | int) -> str:
    workspace: Any = context.get("workspace")
    slug = getattr(workspace, "slug", "")
    attempts = [{"slug": slug, **values}] if slug else []
    for kwargs in [*attempts, values]:
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme the reader chose by cookie: "light", "dark", or "" for the system's."""
    request: Any = context.get("request")
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else ""
