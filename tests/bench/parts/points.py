"""Questions about one thing, which take as long in a large register as in a small one."""

import time
from collections.abc import Callable
from typing import Any

from keystead.custody import queries as custody
from keystead.journal import queries as journal
from keystead.keys import queries as keys
from tests.bench.figures import Figure, middle
from tests.bench.stand import Stand

THINGS, TRIES = 40, 5


def measure(stand: Stand) -> list[Figure]:
    """How long each question takes about a typical thing, asked again and again."""
    return [
        Figure(part="points", what=what, value=middle(waits), unit="ms", rounds=tuple(waits))
        for what, waits in ((what, list(_waits(ask, ids))) for what, ask, ids in _questions(stand))
    ]


def _waits(ask: Callable[[Any], object], things: list[Any]) -> list[float]:
    return [min(_took(ask, thing) for _ in range(TRIES)) for thing in things]


def _took(ask: Callable[[Any], object], thing: Any) -> float:
    began = time.perf_counter()
    ask(thing)
    return (time.perf_counter() - began) * 1000


def _questions(stand: Stand) -> list[tuple[str, Callable[[Any], object], list[Any]]]:
    who = stand.owner

    def some(sql: str) -> list[Any]:
        found: list[Any] = stand.ids(sql)
        return stand.dice.sample(found, min(THINGS, len(found)))

    copies = some("SELECT id FROM keys_copy ORDER BY id")
    persons = some("SELECT id FROM people_person ORDER BY id")
    tags = some("SELECT text FROM keys_tag ORDER BY id")
    cylinders = some("SELECT id FROM hardware_cylinder ORDER BY id")
    return [
        ("where a copy is", lambda pk: custody.where_is(who, pk), copies),
        ("what a tag is on", lambda text: keys.tagged(who, text), tags),
        ("where a copy has been", lambda pk: custody.history(who, pk, limit=20), copies),
        ("what a person has", lambda pk: custody.out_now(who, person_id=pk), persons),
        ("what a person had", lambda pk: custody.past_loans(who, person_id=pk, limit=20), persons),
        (
            "the story of a copy",
            lambda pk: journal.story_of(who, kind="copy", thing_id=pk, limit=12),
            copies,
        ),
        ("what opens a cylinder", lambda pk: keys.openers_of_cylinders(who, {pk}), cylinders),
    ]
