"""How an endpoint is declared: its name is its operationId, its row in the table admits callers."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, Literal, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Status
from ninja.errors import ValidationError
from ninja.security import HttpBearer

from keystead import permissions
from keystead.api.answers import Call
from keystead.api.problems import Problem
from keystead.kernel.actor import Actor, Channel
from keystead.kernel.errors import Invalid, NotFound
from keystead.people import access

V = TypeVar("V", bound=Callable[..., Any])
Method = Literal["GET", "POST", "PUT", "DELETE"]

ALWAYS = (401, 403, 404, 422, 503)
ON_CHANGE = (400, 409, 413)
LONGEST_KEY = 120


class Bearer(HttpBearer):
    """Admits who shows a token with the right that the endpoint's row names; cookies count not."""

    def __init__(self, operation_id: str) -> None:
        super().__init__()
        self.operation_id = operation_id

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
        needs = permissions.API.get(self.operation_id)
        if needs is None:
            raise NotFound("There is nothing at this address.")
        permissions.admit(actor, needs)
        request.actor = actor  # type: ignore[attr-defined]  # what Call declares
        return actor


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
        """A CSV file to download; the function answers with the whole response."""
        return self._endpoint("GET", path, str, 200)

    def _endpoint(self, method: Method, path: str, answer: Any, status: int) -> Callable[[V], V]:
        refusals = ALWAYS if method == "GET" else sorted((*ALWAYS, *ON_CHANGE))

        def declare(view: V) -> V:
            parameters = set(signature(view).parameters)

            @wraps(view)
            def answered(request: Call, **values: Any) -> Status[Any] | HttpResponseBase:
                _refuse_unknown(request, parameters)
                answer = view(request, **values)
                return answer if isinstance(answer, HttpResponseBase) else Status(status, answer)

            name = view.__name__
            self.router.api_operation(
                [method],
                path,
                operation_id=name,
                url_name=name,
                auth=Bearer(name),
                response={status: answer, **dict.fromkeys(refusals, Problem)},
            )(answered)
            return view

        return declare


def _refuse_unknown(request: Call, parameters: set[str]) -> None:
    """A filter with a typing error would quietly list everything."""
    if unknown := sorted(set(request.GET) - parameters):
        raise ValidationError(
            [{"loc": ("query", name), "msg": "There is no such parameter."} for name in unknown]
        )
