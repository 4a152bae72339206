"""Refusals as problem details (RFC 9457): the one place that knows how errors look here."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from keystead.api.conditions import is_conditional
from keystead.api.fields import sentence
from keystead.journal.saying import translated
from keystead.kernel.errors import ChangedMeanwhile, KeysteadError

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """Why not. `code` is stable; `detail` is for people; `data` has the ids and fields.

    `instance` is there where the log of the installation tells more about this very case.
    """

    type: str = Field(examples=["urn:keystead:error:copy-already-out"])
    title: str
    status: int
    detail: str
    instance: str | None = Field(None, examples=["urn:uuid:0d9c3a0e-6c1f-4a53-9a53-3f3f7f3c1c57"])
    code: str
    data: dict[str, Any]


def problem(
    status: int,
    code: str,
    detail: str,
    data: Mapping[str, object] | None = None,
    *,
    instance: str | None = None,
) -> HttpResponse:
    """An answer that says why not."""
    body = Problem(
        type=f"urn:keystead:error:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        code=code,
        data=dict(data or {}),
    )
    left_out = {"instance"} if instance is None else None
    plain = body.model_dump(exclude=left_out)
    text = json.dumps(plain, cls=DjangoJSONEncoder, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def nothing_here() -> HttpResponse:
    """The answer at an address that leads nowhere."""
    return problem(404, "not-found", _("There is nothing at this address."))


def not_allowed(allowed: str) -> HttpResponse:
    """The answer to a method the address does not know; `allowed` as in the Allow header."""
    response = problem(405, "method-not-allowed", _("This cannot be done this way."))
    response["Allow"] = allowed
    return response


def told(error: KeysteadError) -> Problem:
    """A refusal as a problem, to stand inside of an answer."""
    return Problem(
        type=f"urn:keystead:error:{error.code}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=translated(error.message),
        instance=None,
        code=error.code,
        data=dict(error.data),
    )


def _refusal(request: HttpRequest, error: KeysteadError) -> HttpResponse:
    is_late = isinstance(error, ChangedMeanwhile) and is_conditional(request)
    status = HTTPStatus.PRECONDITION_FAILED if is_late else error.status
    response = problem(status, error.code, translated(error.message), error.data)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "1"
    return response


def _bad_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [{"field": _field(e["loc"]), "message": sentence(e)} for e in error.errors]
    detail = "; ".join(f"{e['field']}: {e['message']}" for e in wrong[:5])
    return problem(422, "invalid", detail, {"field": wrong[0]["field"], "errors": wrong})


def _field(place: tuple[object, ...]) -> str:
    """`copy_ids.0` from where the parser stood: source, name of the parameter, path inside it."""
    inside = place[2:] if place[0] == "body" else place[1:]
    return ".".join(str(part) for part in inside) or str(place[-1])


def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(
        401, "unauthorized", _("Send a token that is still good: `Authorization: Bearer ks_…`.")
    )
    response["WWW-Authenticate"] = "Bearer"
    return response


def _bad_body(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        detail = _("Send the body as %(type)s in UTF-8.") % {"type": error.message}
        return problem(415, "unsupported-media-type", detail)
    return problem(error.status_code, "bad-request", _("The body is not JSON in UTF-8."))


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too-big", _("This is too big."))


def over_the_limit(limit: int) -> HttpResponse:
    """The answer to a body over the server's limit (bytes), none of which was kept."""
    detail = _(
        "At most %(limit)d MB can be sent at once. Nothing of it was kept. Send it in parts."
    )
    return problem(413, "too-big", detail % {"limit": limit // 1024**2}, {"limit": limit})


def _cut_short(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return problem(400, "bad-request", _("The body ended too early."))


def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    case = _case()
    log.error("%s: the database did not answer: %s", case, error)
    detail = _("Keystead is busy. Please try again in a moment.")
    response = problem(503, "busy", detail, instance=case)
    response["Retry-After"] = "1"
    return response


def _mistake(request: HttpRequest, error: Exception) -> HttpResponse:
    case = _case()
    log.exception("%s: %s %s failed", case, request.method, request.path)
    return problem(
        500,
        "mistake",
        _("Keystead made a mistake. Nothing was half done; tell whoever runs it."),
        instance=case,
    )


def _case() -> str:
    """A name for what happened just now, to find it in the log."""
    return uuid4().urn


def register(api: NinjaAPI) -> None:
    """Let every refusal of `api` be told as a problem."""
    handlers: dict[type[Exception], Any] = {
        KeysteadError: _refusal,
        ValidationError: _bad_fields,
        AuthenticationError: _no_token,
        HttpError: _bad_body,
        RequestDataTooBig: _too_big,
        UnreadablePostError: _cut_short,
        OperationalError: _busy,
        Exception: _mistake,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
