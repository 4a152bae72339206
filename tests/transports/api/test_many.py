"""Many items in one request, and one request many times."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal.models import Replayed
from keystead.people import queries as people
from tests.cast import World
from tests.transports.api.things import Caller, caller

pytestmark = pytest.mark.db


def sent(someone: Caller, path: str, items: list[Any], **more: Any) -> tuple[int, Any]:
    """Send many items; the status and what is told."""
    headers = {"Idempotency-Key": key} if (key := more.pop("key", None)) else {}
    answer = someone("POST", f"/many/{path}", {"items": items, **more}, headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_all_happen_or_none(world: World) -> None:
    ana = caller(world)
    items = [{"name": "Dora"}, {"name": " "}]
    status, said = sent(ana, "persons", items)
    assert (status, said["data"]) == (422, {"field": "name", "index": 1})
    assert len(people.persons(world.ana)) == 2
    status, said = sent(ana, "persons", [{"name": "Dora"}, {"name": "Eve"}])
    assert (status, said["failed"]) == (200, 0)
    made = [one["ids"][0] for one in said["items"]]
    assert [people.person(world.ana, pk).name for pk in made] == ["Dora", "Eve"]


def test_each_by_itself_has_its_own_result(world: World) -> None:
    ana = caller(world)
    items = [
        {"copy_ids": [world.copy], "person_id": world.bo_person},
        {"copy_ids": [world.copy], "person_id": world.ana_person},
        {"copy_ids": [world.elsewhere.copies[0]], "person_id": world.bo_person},
        {"copy_ids": [world.other_copy], "space_id": world.store},
    ]
    status, said = sent(ana, "check-out", items, atomic=False)
    assert (status, said["failed"]) == (200, 2)
    assert [one["status"] for one in said["items"]] == [200, 409, 404, 200]
    assert said["items"][1]["problem"]["code"] == "copy-already-out"
    assert said["items"][0]["ids"] == [world.copy]
    undone = ana("POST", "/undo", {"handling": said["items"][3]["handling"]})
    assert json.loads(undone.content) == {"ids": [world.other_copy]}


def test_what_was_cut_off_goes_on_where_it_was(world: World) -> None:
    ana = caller(world)
    items = [{"name": f"Person {n}"} for n in range(6)]
    _, first = sent(ana, "persons", items[:3], atomic=False, key="k")
    _, second = sent(ana, "persons", items, atomic=False, key="k")
    assert second["items"][:3] == first["items"]
    assert len(people.persons(world.ana, text="Person")) == 6
    _, third = sent(ana, "persons", [{"name": "Other"}, *items[1:]], atomic=False, key="k")
    assert third["items"][0]["problem"]["code"] == "idempotency-key-reused"
    assert third["items"][1:] == second["items"][1:]


def test_all_or_none_sent_again_answers_the_same(world: World) -> None:
    ana = caller(world)
    items = [{"symbol": "M1", "copies": 2}, {"symbol": "M2"}]
    assert sent(ana, "keys", items, key="k") == sent(ana, "keys", items, key="k")
    assert sent(ana, "keys", items[:1], key="k")[1]["code"] == "idempotency-key-reused"


def test_every_verb_takes_many(world: World) -> None:
    ana = caller(world)
    one, other = world.copies
    out = [{"copy_ids": [pk], "person_id": world.bo_person} for pk in (one, other)]
    assert sent(ana, "check-out", out)[0] == 200
    day = f"{now() + timedelta(days=30):%Y-%m-%d}"
    assert sent(ana, "extend", [{"copy_ids": [one], "review_on": day}])[0] == 200
    back = [{"copy_ids": [pk], "container_id": world.cabinet} for pk in (one, other)]
    assert [r["ids"] for r in sent(ana, "return", back)[1]["items"]] == [[one], [other]]
    hook = world.hooks[3]
    move = [{"copy_ids": [one], "container_id": world.cabinet, "position_id": hook}]
    assert sent(ana, "move", move)[0] == 200
    assert queries.where_is(world.ana, one).position_id == hook
    assert sent(ana, "return", back[1:])[1]["items"][0]["handling"] is None


def test_too_many_or_none_are_refused_and_rights_hold(world: World) -> None:
    ana = caller(world)
    assert sent(ana, "persons", [])[0] == 422
    assert sent(ana, "persons", [{"name": "X"}] * 501)[0] == 422
    assert sent(caller(world, world.bo), "persons", [{"name": "X"}])[0] == 403
    assert sent(caller(world, read_only=True), "persons", [{"name": "X"}])[0] == 403


def test_one_request_fifty_times_at_once_happens_once(world: World) -> None:
    ana = caller(world)

    def send(_: int) -> bytes:
        try:
            body = {"copy_ids": [world.copy], "person_id": world.bo_person}
            answer = ana("POST", "/check-out", body, headers={"Idempotency-Key": "once"})
            return answer.content if answer.status_code == 200 else b"%d" % answer.status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(50)))
    assert len(answers - {b"503"}) == 1
    assert len(queries.history(world.ana, world.copy)) == 2


def test_a_key_is_remembered_for_good(world: World) -> None:
    ana, headers = caller(world), {"Idempotency-Key": "old"}
    first = ana("POST", "/firms", {"name": "Brass"}, headers=headers)
    Replayed.objects.update(at=now() - timedelta(days=400))
    again = ana("POST", "/firms", {"name": "Brass"}, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    other = ana("POST", "/firms", {"name": "Tin"}, headers=headers)
    assert (other.status_code, json.loads(other.content)["code"]) == (409, "idempotency-key-reused")
