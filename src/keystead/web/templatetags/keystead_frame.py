"""Tags for the frame around every page: destinations, theme."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

THEMES = ("light", "dark")
THEME_COOKIE = "keystead_theme"


@dataclass(frozen=True)
class Destination:
    """A place the frame leads to. `name` is the URL name and the page's `section`."""

    name: str
    label: str | Promise
    icon: str
    url: str = ""
    is_current: bool = False


RAIL = (
    Destination("today", _("Today"), "sun"),
    Destination("keys", _("Keys"), "key-round"),
    Destination("places", _("Places"), "map-pin"),
    Destination("people", _("People"), "users"),
    Destination("incidents", _("Incidents"), "triangle-alert"),
    Destination("codes", _("Codes"), "hash"),
    Destination("journal", _("Journal"), "book-open"),
    Destination("import", _("Import"), "upload"),
)
PHONE = (
    Destination("today", _("Today"), "sun"),
    Destination("desk", _("Scan"), "scan-barcode"),
    Destination("search", _("Find"), "search"),
    Destination("me", _("Me"), "circle-user"),
)


@register.simple_tag(takes_context=True)
def destinations(context: Context, where: str) -> list[Destination]:
    """What the rail ("rail") or the phone's bar ("phone") offers in this workspace.

    Left out: pages that do not exist, and sections not in `sections` where the context has it.
    """
    allowed = context.get("sections")
    found = []
    for item in RAIL if where == "rail" else PHONE:
        url = _address(context, item.name)
        if url and (allowed is None or item.name in allowed):
            current = context.get("section") == item.name
            found.append(Destination(item.name, item.label, item.icon, url, current))
    return found


@register.simple_tag(takes_context=True)
def address(context: Context, name: str) -> str:
    """The URL of a page of this workspace by name, or "" where there is none."""
    return _address(context, name)


def _address(context: Context, name: str) -> str:
    workspace: Any = context.get("workspace")
    attempts: list[dict[str, str]] = [{}]
    if workspace is not None and getattr(workspace, "slug", ""):
        attempts.insert(0, {"slug": workspace.slug})
    for values in attempts:
        try:
            return reverse(name, kwargs=values)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme the reader chose by cookie: "light", "dark", or "" for the system's."""
    request: Any = context.get("request")
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else ""
