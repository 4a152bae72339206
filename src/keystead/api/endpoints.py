"""How an endpoint is declared: its name is its operationId, its row in the table admits callers."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, Literal, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from keystead import permissions
from keystead.api import conditions
from keystead.api.answers import Call, Page
from keystead.api.problems import Problem
from keystead.kernel.actor import Actor, Channel
from keystead.kernel.errors import Invalid, NotFound
from keystead.people import access

V = TypeVar("V", bound=Callable[..., Any])
Method = Literal["GET", "POST", "PUT", "DELETE"]

ALWAYS = (401, 403, 404, 422, 503)
ON_CHANGE = (400, 409, 413, 415)
ON_VERSION = (412,)
LONGEST_KEY = 120


class Bearer(HttpBearer):
    """Admits who shows a token with the right that the endpoint's row names; cookies count not.

    A body of another type than the endpoint `takes` is refused after that.
    """

    def __init__(self, row: str, takes: str | None = None) -> None:
        super().__init__()
        self.row = row
        self.takes = takes

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Leave the actor on the request. Raises NotFound for another workspace's token."""
        if not (token.isascii() and token.isprintable()):
            return None
        actor = access.actor_of_token(
            token,
            request.resolver_match.kwargs["slug"] if request.resolver_match else None,
            _channel(request),
            idempotency_key=_idempotency_key(request),
        )
        if actor is None:
            return None
        needs = permissions.API.get(self.row)
        if needs is None:
            raise NotFound("There is nothing at this address.")
        permissions.admit(actor, needs)
        request.actor = actor  # type: ignore[attr-defined]  # what Call declares
        if self.takes and not _is_of_type(request, self.takes):
            raise HttpError(415, self.takes)
        return actor


def _is_of_type(request: HttpRequest, wanted: str) -> bool:
    """Whether the body is of this type, in UTF-8; no body is refused later, by its fields."""
    given = request.content_type or ""
    charset = (request.content_params or {}).get("charset", "utf-8")
    is_empty = not request.headers.get("Content-Length", "").strip("0")
    return (is_empty and not given) or (given == wanted and charset.lower() == "utf-8")


def _channel(request: HttpRequest) -> Channel:
    """The command line says so; a claim that only changes what the journal calls the channel."""
    return "cli" if request.headers.get("Keystead-Channel") == "cli" else "api"


def _idempotency_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    is_plain = key is None or (key.isascii() and key.isprintable())
    if key is not None and not (0 < len(key) <= LONGEST_KEY and is_plain):
        raise Invalid(f"A key has 1 to {LONGEST_KEY} plain characters.", field="Idempotency-Key")
    return key


class Routes:
    """The endpoints of one part of the API.

    The name of the function is the operationId and, where it changes something, the verb's name.
    """

    def __init__(self, part: str) -> None:
        self.router = Router(tags=[part])

    def get(self, path: str, answer: Any) -> Callable[[V], V]:
        """Something to read."""
        return self._endpoint("GET", path, answer, 200)

    def add(self, path: str, answer: Any) -> Callable[[V], V]:
        """A POST that makes something new: 201."""
        return self._endpoint("POST", path, answer, 201)

    def post(self, path: str, answer: Any = None) -> Callable[[V], V]:
        """A POST that does something: 200 with an answer, 204 without."""
        return self._endpoint("POST", path, answer, 204 if answer is None else 200)

    def put(self, path: str, answer: Any = None) -> Callable[[V], V]:
        """A PUT: the thing is as described from now on."""
        return self._endpoint("PUT", path, answer, 204 if answer is None else 200)

    def delete(self, path: str) -> Callable[[V], V]:
        """A DELETE: the tie between two things ends (things themselves are never deleted)."""
        return self._endpoint("DELETE", path, None, 204)

    def file(self, path: str) -> Callable[[V], V]:
        """A file to download; the function answers with the whole response."""
        return self._endpoint("GET", path, str, 200)

    def _endpoint(self, method: Method, path: str, answer: Any, status: int) -> Callable[[V], V]:
        def declare(view: V) -> V:
            parameters = signature(view).parameters
            body = parameters["body"].annotation if "body" in parameters else None
            has_version = isinstance(body, type) and issubclass(body, conditions.Changed)
            refusals = sorted(
                {*ALWAYS, *(ON_CHANGE if method != "GET" else ()), *(ON_VERSION * has_version)}
            )

            @wraps(view)
            def answered(request: Call, **values: Any) -> Status[Any] | HttpResponseBase:
                _refuse_unknown(request, set(parameters))
                if has_version:
                    values["body"] = conditions.with_version(request, values["body"])
                elif method != "GET":
                    conditions.refuse_if_match(request)
                answer = view(request, **values)
                conditions.note_version(request, answer)
                return answer if isinstance(answer, HttpResponseBase) else Status(status, answer)

            name = view.__name__
            self.router.api_operation(
                [method],
                path,
                operation_id=told_as(name, method, answer),
                url_name=name,
                auth=Bearer(name, _type_of(set(parameters))),
                response={status: answer, **dict.fromkeys(refusals, Problem)},
            )(answered)
            return view

        return declare


VERBS_ALREADY = {
    "export_copies",
    "export_everything",
    "read_import",
    "search",
    "verify",
}
TOLD_AS = {
    "read": "read_scans",
    "in_container": "list_contents",
    "belonging_to": "list_belonging",
    "held_by_actor": "list_mine",
    "to_review": "list_loans_to_review",
    "opens": "list_opened",
    "story_of": "list_story",
    "entries": "list_journal",
    "systems": "list_key_systems",
    "tree": "list_key_tree",
    "import_problems": "download_import_problems",
    "seal": "read_journal_seal",
}
"""What reading is called in the document where the name of the query is no help there."""


def told_as(name: str, method: Method, answer: Any) -> str:
    """The operationId: the verb that changes something, or to read or list what is read."""
    if method != "GET" or name in VERBS_ALREADY:
        return name
    is_list = isinstance(answer, type) and issubclass(answer, Page)
    return TOLD_AS.get(name, f"list_{name}" if is_list else f"read_{name}")


def _type_of(parameters: set[str]) -> str | None:
    """The type of the body that an endpoint with these parameters takes."""
    if "file" in parameters:
        return "multipart/form-data"
    return "application/json" if "body" in parameters else None


def _refuse_unknown(request: Call, parameters: set[str]) -> None:
    """A filter with a typing error would quietly list everything."""
    if unknown := sorted(set(request.GET) - parameters):
        raise ValidationError(
            [{"loc": ("query", name), "type": "no-such-parameter"} for name in unknown]
        )
