"""Start-up checks: whatever can be called owns a row in the table of permissions.

Transports do not know each other, so they are looked up by name here.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from keystead import permissions

CALLABLE = {
    "API": "keystead.api.urls.names",
    "COMMANDS": "keystead.cli.main.names",
    "TASKS": "keystead.worker.steps.names",
}
"""Each section of the table besides ROUTES, and the function that lists what must be in it."""


def every_door_has_a_row(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """An Error for each route, API operation, command and task without a row, and for bad rows."""
    return [*_routes(), *_others(), *_rows()]


LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", "testserver"})


def no_debugging_in_public(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """An Error where Django's DEBUG is on and the server answers to more than this machine."""
    public = [name for name in settings.ALLOWED_HOSTS if name not in LOCAL_NAMES]
    if not settings.DEBUG or not public:
        return []
    said = f"DEBUG is on, but Keystead answers to {', '.join(public)}: errors would show its code."
    return [Error(said, hint="Turn DEBUG off.", id="keystead.E002")]


def _routes() -> Iterator[CheckMessage]:
    for name in sorted(set(route_names(get_resolver()))):
        if name not in permissions.ROUTES:
            yield _missing("ROUTES", name)


def route_names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all routes to pages; the API has its own table, and so its own names."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from route_names(pattern, inside)
        elif isinstance(pattern, URLPattern):
            name = f"{prefix}{pattern.name or pattern.lookup_str}"
            if not name.startswith("api-"):
                yield name


def _others() -> Iterator[CheckMessage]:
    for section, lister in CALLABLE.items():
        for name in sorted(import_string(lister)()):
            if name not in getattr(permissions, section):
                yield _missing(section, name)


def _rows() -> Iterator[CheckMessage]:
    rows = [
        (f"ROUTES[{name!r}][{method!r}]", needs)
        for name, methods in permissions.ROUTES.items()
        for method, needs in methods.items()
    ]
    for section in CALLABLE:
        rows += [(f"{section}[{n!r}]", needs) for n, needs in getattr(permissions, section).items()]
    for place, needs in rows:
        if not _means_something(place, needs):
            yield Error(f"{place} names {needs!r}, which is no verb, right or API operation.")


def _means_something(place: str, needs: str) -> bool:
    if needs in {permissions.PUBLIC, permissions.SIGNED_IN}:
        return place.startswith(("ROUTES", "COMMANDS"))
    if place.startswith("COMMANDS") and needs in permissions.API:
        return True
    try:
        permissions.right_of(needs)
    except ValueError:
        return False
    return True


def _missing(section: str, name: str) -> Error:
    return Error(
        f"{name!r} has no row in permissions.{section}, so nobody may call it.",
        hint="Add a row that names a verb or a right.",
        id="keystead.E001",
    )
