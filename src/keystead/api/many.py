"""Many items in one request: all or nothing, or each by itself with a result of its own."""

from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from pydantic import BaseModel, Field

from keystead.api import problems
from keystead.api.answers import Call
from keystead.api.custody import CheckOut, Extend, Move, Return
from keystead.api.endpoints import Routes
from keystead.api.keys import NewKey
from keystead.api.people import NewPerson
from keystead.api.values import Body, Flag
from keystead.exchange import operations
from keystead.exchange.operations import Outcome

routes = Routes("many")

MOST = 500
I = TypeVar("I", bound=Body)  # noqa: E741  # an item


class Many(Body, Generic[I]):
    """Up to 500 items as the verb takes one. `atomic`: all of them or none, the default."""

    items: list[I] = Field(min_length=1, max_length=MOST)
    atomic: Flag = True


class ItemResult(BaseModel):
    """What became of one item: the `ids` of what it made or moved, or the `problem`.

    `handling` can be sent to /undo.
    """

    index: int
    status: int
    ids: list[int] = []
    handling: int | None = None
    problem: problems.Problem | None = None


class Results(BaseModel):
    """One result for each item, in their order; `failed` counts those with a problem."""

    items: list[ItemResult]
    failed: int


def _carry_out(request: Call, verb: str, body: Many[Any]) -> Results:
    items = [item.model_dump() for item in body.items]
    if body.atomic:
        answers = operations.together(request.actor, verb=verb, items=items)
        outcomes = [Outcome(index, answer) for index, answer in enumerate(answers)]
    else:
        outcomes = operations.one_by_one(request.actor, verb=verb, items=items)
    results = [_result(request, one) for one in outcomes]
    return Results(items=results, failed=sum(one.problem is not None for one in results))


def _result(request: HttpRequest, one: Outcome) -> ItemResult:
    if one.refusal is not None:
        told = problems.told(one.refusal)
        return ItemResult(index=one.index, status=told.status, problem=told)
    answer = one.answer
    if isinstance(answer, dict):
        ids, handling = list(answer["copy_ids"]), answer["handling"]
        return ItemResult(index=one.index, status=200, ids=ids, handling=handling)
    ids = [] if answer is None else [answer]
    return ItemResult(index=one.index, status=200, ids=ids)


@routes.post("/many/check-out", Results)
def check_out_many(request: Call, body: Many[CheckOut]) -> Results:
    """Hand out to many holders at once."""
    return _carry_out(request, "custody.check_out", body)


@routes.post("/many/return", Results)
def return_copies_many(request: Call, body: Many[Return]) -> Results:
    """Take back to many places at once."""
    return _carry_out(request, "custody.return_copies", body)


@routes.post("/many/extend", Results)
def extend_many(request: Call, body: Many[Extend]) -> Results:
    """Give many loans another due time or review date each."""
    return _carry_out(request, "custody.extend", body)


@routes.post("/many/move", Results)
def move_copies_many(request: Call, body: Many[Move]) -> Results:
    """Keep many copies in stock somewhere else each."""
    return _carry_out(request, "custody.move_copies", body)


@routes.post("/many/persons", Results)
def add_person_many(request: Call, body: Many[NewPerson]) -> Results:
    """Add many persons."""
    return _carry_out(request, "people.add_person", body)


@routes.post("/many/keys", Results)
def add_key_with_copies_many(request: Call, body: Many[NewKey]) -> Results:
    """Add many keys with their copies."""
    return _carry_out(request, "custody.add_key_with_copies", body)
