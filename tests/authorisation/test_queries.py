"""Each query asks by itself who reads, whatever stands in front of it.

Every public function below the transports whose first parameter is an actor is called for people
who have nothing to look for there. One that forgot to ask would answer.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

import keystead
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Forbidden, NotFound
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Account
from keystead.people.roles import Role
from tests.cast import World, member

pytestmark = [pytest.mark.db, pytest.mark.once]

TRANSPORTS = ("web", "api", "cli", "worker")
PROGRAMS = ("keystead.cli.__main__", "keystead.exchange.reading.workbook_reader")

ASKS_NOBODY = {
    "search.story.tell": "is handed entries that were asked for",
    "journal.rights.granted": "it is the answer",
    "journal.rights.granted_now": "it is the answer",
    "journal.rights.require": "it is the question",
    "journal.rights.rights_of": "it is the answer",
    "journal.rights.scope_of": "it is the question",
    "permissions.admit": "it is the question",
    "people.access.granted": "it is the answer",
    "journal.rights.require_factor": "it is a question, about the actor's own sign-in",
    "journal.operation.within_transaction": "opens a change; its operation asks",
    "journal.signing.make": "acts on the installation; the operation behind it asks there",
    "exchange.backup.restoring.restore": "a local command into an empty database",
    "exchange.operations.together.one_by_one": "each verb it carries out asks",
    "people.requirements.due": "what is asked of oneself; None for a stranger",
    "people.requirements.seen": "what is asked of oneself; None for a stranger",
    "people.requirements.insist": "what is asked of oneself; nothing of a stranger",
    "people.queries.own_person_id": "who one is oneself; None for a stranger",
}
"""Functions that take an actor and are no queries, with the reason."""

VALUES: dict[type, Any] = {
    int: 1, str: "x", bool: False, datetime: datetime(2026, 1, 1, tzinfo=UTC),
    date: date(2026, 1, 1), bytes: b"Key;Copies\nBB;2\n",
}  # fmt: skip


def queries() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function with an actor in front, by dotted name."""
    for found in pkgutil.walk_packages(keystead.__path__, "keystead."):
        name = found.name.removeprefix("keystead.")
        if name.split(".")[0] in TRANSPORTS or found.name in PROGRAMS or ".migrations" in name:
            continue
        module = importlib.import_module(found.name)
        for word, function in vars(module).items():
            if word.startswith("_") or not inspect.isfunction(function):
                continue
            parameters = list(inspect.signature(function).parameters.values())
            if function.__module__ != found.name or not parameters:
                continue
            if parameters[0].name == "actor" and parameters[0].annotation is Actor:
                yield f"{name}.{word}", function


def arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Something for every parameter that has no default."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return {p.name: _value(p) for p in parameters if p.default is inspect.Parameter.empty}


def _value(parameter: inspect.Parameter) -> Any:
    if parameter.annotation in VALUES:
        return VALUES[parameter.annotation]
    text = str(parameter.annotation)
    if "set[" in text:
        return {1}
    if "Sequence" in text or "Iterable" in text or "list[" in text:
        return [1]
    if "dict[" in text or "Mapping" in text:
        return {}
    return 1


def asked(function: Callable[..., Any], actor: Actor) -> Any:
    """Call it; what a generator would say first counts, too."""
    answer = function(actor, **arguments(function))
    return next(answer, None) if inspect.isgenerator(answer) else answer


NAMES = dict(queries())


def test_there_are_as_many_as_one_would_think() -> None:
    assert len(NAMES) > 60
    assert set(ASKS_NOBODY) <= set(NAMES)


@pytest.fixture
def strangers(world: World) -> dict[str, Actor]:
    """People with nothing to look for in Ana's workspace."""
    removed = member(world.ana, "Removed", Role.OWNER)
    own = people_queries.own_person_id(removed)
    (membership,) = [
        found.membership_id for found in people_queries.members(world.ana) if found.person_id == own
    ]
    people.remove_member(world.ana, membership_id=membership)
    closed = member(world.ana, "Closed", Role.OWNER)
    Account.objects.filter(pk=closed.account_id or 0).update(is_active=False)
    return {
        "an owner of another workspace": world.intruder,
        "a removed owner": removed,
        "a closed account": closed,
        "an account that is not there": replace(world.ana, account_id=987_654),
        "nobody": replace(world.ana, account_id=None),
    }


def test_no_query_answers_a_stranger(strangers: dict[str, Actor]) -> None:
    answered = []
    for name, function in NAMES.items():
        if name in ASKS_NOBODY:
            continue
        for who, actor in strangers.items():
            try:
                asked(function, actor)
            except NotFound as refusal:
                if refusal.message != "There is no such workspace.":
                    answered.append(f"{name} looked before it asked who {who} is: {refusal}")
            except (AttributeError, TypeError, ValueError, KeyError) as mistake:
                answered.append(f"{name} went on for {who}: {mistake!r}")
            except Forbidden:
                answered.append(f"{name} told {who} that the workspace exists")
            else:
                answered.append(f"{name} answered {who}")
    assert not answered, "\n".join(answered)
