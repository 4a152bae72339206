"""Where the API's addresses lead. Whatever is under /api/ and not here says so as a problem."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from keystead.api import (
    conditions,
    copies,
    custody,
    exports,
    hardware,
    imports,
    journal,
    keys,
    many,
    members,
    notices,
    openapi,
    people,
    places,
    problems,
    workspace,
)
from keystead.api.answers import Zoned, headers_of

PARTS = (
    workspace,
    places,
    hardware,
    keys,
    copies,
    custody,
    people,
    members,
    many,
    notices,
    imports,
    exports,
    journal,
)

api = NinjaAPI(
    title="Keystead",
    version="1",
    description="Knows where every key is, who has it and what it opens.",
    urls_namespace="api-v1",
    openapi_url=None,
    renderer=Zoned(),
)
problems.register(api)
for part in PARTS:
    api.add_router("/w/{slug}", part.routes.router)


def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document; it says nothing about anybody's register."""
    answer = HttpResponse(openapi_served(), content_type="application/json")
    return conditions.tagged(request, answer)


@cache
def openapi_served() -> bytes:
    """The document as it is sent, made once: anybody may ask, and it costs most of a second."""
    return json.dumps(document()).encode()


def document() -> dict[str, Any]:
    """The OpenAPI document as plain JSON values."""
    return openapi.document(api)


@csrf_exempt
def nothing_here(request: HttpRequest, **_: Any) -> HttpResponse:
    """Any other address under /api/."""
    return problems.nothing_here()


def _telling(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view`, but a method it does not know is refused as a problem, and answers are tagged."""

    @csrf_exempt
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limit = request.META.get("keystead.too_big")
        if isinstance(limit, int):
            return problems.over_the_limit(limit)
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return problems.not_allowed(response["Allow"])
        for header, value in headers_of(request).items():
            response[header] = value
        return response if response.streaming else conditions.tagged(request, response)

    return answer


def _patterns() -> list[URLPattern]:
    return [
        path(str(pattern.pattern), _telling(pattern.callback), name=pattern.name)
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", description, name="api-openapi"),
    path("v1/", include((_patterns(), "ninja"), namespace="api-v1")),
    re_path("", nothing_here, name="api-nothing"),
]


def names() -> set[str]:
    """Every endpoint by the name of its row in the table of permissions."""
    return set(operation_ids())


def operation_ids() -> dict[str, str]:
    """The operationId of every endpoint, by the name of its row."""
    return {
        operation.url_name or "": operation.operation_id or ""
        for part in PARTS
        for view in part.routes.router.path_operations.values()
        for operation in view.operations
    }
