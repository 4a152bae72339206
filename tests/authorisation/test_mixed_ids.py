"""A list with ids of one's own and one that is not: all of it is refused and nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from keystead.people.models import Account
from keystead.people.roles import Role
from tests.cast import World, describe, site_member
from tests.support.rows import changed, contents
from tests.transports.api.examples import Example, examples
from tests.transports.api.things import Things, caller, nowhere, things

pytestmark = [pytest.mark.db, pytest.mark.once]

LISTS = ("copy_ids", "ring_ids", "access_point_ids")


def mixed(example: Example, good: dict[str, list[int]], bad: dict[str, int]) -> Iterator[Any]:
    """The body of a request with a foreign id first, in the middle and last of each list in it."""
    for name, ids in example.body.items():
        if name in LISTS and ids:
            own = list(dict.fromkeys([*ids, *good[name]]))
            for place in sorted({0, len(own) // 2, len(own)}):
                yield example.body | {name: [*own[:place], bad[name], *own[place:]]}
        if name == "items" and ids:
            for field, value in ids[0].items():
                wrong = [bad[field]] if field in LISTS else bad.get(field)
                if wrong is not None and value is not None:
                    yield example.body | {"items": [*ids, {**ids[0], field: wrong}]}
                    yield example.body | {"items": [{**ids[0], field: wrong}, *ids]}


def of(t: Things) -> dict[str, int]:
    """One id for each name that a list or an item can hold."""
    return {
        "copy_ids": t.copy,
        "ring_ids": t.ring,
        "access_point_ids": t.door,
        "container_id": t.cabinet,
        "position_id": t.hooks[0],
        "person_id": t.person,
        "space_id": t.hall,
        "firm_id": t.firm,
        "system_id": t.system,
        "parent_id": t.key,
    }


@pytest.mark.parametrize("whose", ["another workspace", "another site", "nobody"])
def test_one_foreign_id_among_good_ones_refuses_the_whole_request(world: World, whose: str) -> None:
    ours, actor = things(world.ana, world), world.ana
    if whose == "another site":
        other = describe(world.ana, world.slug, " B")
        foreign = replace(things(world.ana, other, " B"), person=ours.person, firm=ours.firm)
        actor = site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER})
    elif whose == "another workspace":
        foreign = things(world.cy, world.elsewhere)
    else:
        foreign = nowhere(ours)
    good, bad = {name: [value] for name, value in of(ours).items()}, of(foreign)
    if whose == "another site":
        bad = {name: value for name, value in bad.items() if name not in ("person_id", "firm_id")}
    good["copy_ids"] = [ours.copy, ours.spare]
    call, tried = caller(world, actor), 0
    call.get("/sites")
    before = contents()
    for example in examples(ours):
        if example.method == "GET" or not isinstance(example.body, dict):
            continue
        for body in mixed(example, good, bad):
            answer = call(example.method, example.path, body)
            assert answer.status_code in {403, 404, 409, 422}, (body, answer.content)
            tried += 1
        assert changed(before, contents()) == set(), example
    assert tried >= 25


FORMS = ("hand-out", "take-back", "pass-on", "extend", "move", "destroy", "lost")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_one_foreign_id_does_nothing_at_all(world: World, name: str) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(Account.objects.get(pk=world.ana.account_id or 0))
    url = reverse(name, kwargs={"slug": world.slug})
    rest = {"holder": "Bo", "until": "tomorrow", "note": "gone", "kind": "lost", "reason": "x",
            "holder_for": "Bo", "holder_choice": f"person-{world.bo_person}"}  # fmt: skip
    before = contents()
    for foreign in (world.elsewhere.copy, 987_654_321):
        for copies in ([world.copy, foreign], [foreign, world.copy, world.other_copy]):
            answer = browser.post(url, {"copy": copies, **rest})
            assert answer.status_code < 500
            assert changed(before, contents()) == set(), (name, copies)
