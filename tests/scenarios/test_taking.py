"""Taking copies: at the same second, in bulk, twice, and without saying who."""

import json
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import CopyAlreadyOut
from keystead.custody.models import Stay
from keystead.journal import queries as journal
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Invalid, KeysteadError, NotFound
from keystead.people import operations as people
from tests.cast import World
from tests.transports.api.things import caller

pytestmark = pytest.mark.db


def movements(actor: Actor, copy: int) -> list[str]:
    """What happened to a copy's whereabouts, oldest first."""
    story = journal.story_of(actor, kind="copy", thing_id=copy)
    return [told.name for told in reversed(story) if told.name.startswith("custody.")]


def take_at_once(ana: Actor, copy: int, persons: list[int]) -> list[object]:
    """Let each person take the copy in a thread of its own; how each attempt ended."""
    barrier, ended = Barrier(len(persons)), dict[int, object]()

    def press(person: int) -> None:
        connection.ensure_connection()
        barrier.wait(60)
        try:
            ended[person] = custody.check_out(ana, copy_ids=[copy], person_id=person)
        except KeysteadError as refusal:
            ended[person] = refusal
        finally:
            connection.close()

    threads = [Thread(target=press, args=(person,)) for person in persons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [ended[person] for person in persons]


def test_scenario_01_two_take_one_key_in_the_same_second(world: World) -> None:
    persons = [world.bo_person, world.ana_person]
    for copy in custody.cut_copies(world.ana, key_id=world.key, count=10):
        outcomes = take_at_once(world.ana, copy, persons)
        (lost,) = [refusal for refusal in outcomes if isinstance(refusal, CopyAlreadyOut)]
        (won,) = [done for done in outcomes if isinstance(done, custody.CheckedOut)]
        winner = persons[outcomes.index(won)]
        here = queries.where_is(world.ana, copy)
        assert here.person_id == lost.data["person_id"] == winner
        assert lost.data["since"] == here.since.isoformat()
        assert movements(world.ana, copy) == ["custody.copy-stocked", "custody.copy-checked-out"]


def test_scenario_02_one_of_twenty_is_out_already(world: World) -> None:
    copies = custody.cut_copies(world.ana, key_id=world.key, count=20)
    custody.check_out(world.ana, copy_ids=[copies[7]], person_id=world.bo_person)
    before = journal.seal(world.ana)
    with pytest.raises(CopyAlreadyOut) as refused:
        custody.check_out(world.ana, copy_ids=copies, person_id=world.ana_person)
    data: Any = refused.value.data
    (blocked,) = data["blocked"]
    assert (blocked["copy_id"], blocked["person_id"]) == (copies[7], world.bo_person)
    assert journal.seal(world.ana) == before
    assert queries.where_is(world.ana, copies[7]).person_id == world.bo_person
    others = data["free"]
    assert others == [copy for copy in copies if copy != copies[7]]
    custody.check_out(world.ana, copy_ids=others, person_id=world.ana_person)
    assert len(queries.out_now(world.ana, person_id=world.ana_person)) == 19


def test_scenario_03_a_scanner_that_bounces(world: World) -> None:
    first = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    second = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert (second.handling, second.loan_ids) == (None, first.loan_ids)
    assert movements(world.ana, world.copy) == ["custody.copy-stocked", "custody.copy-checked-out"]


def test_scenario_03_a_request_that_is_sent_twice(world: World) -> None:
    clerk = replace(world.ana, idempotency_key="desk-1")
    for _ in range(2):
        done = custody.check_out(clerk, copy_ids=[world.copy], person_id=world.bo_person)
        assert done.copy_ids == (world.copy,)
    assert movements(world.ana, world.copy) == ["custody.copy-stocked", "custody.copy-checked-out"]


def test_scenario_03_a_return_that_is_scanned_twice(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    again = custody.return_copies(world.ana, copy_ids=[world.copy])
    assert (again.handling, again.unchanged_copy_ids) == (None, (world.copy,))
    assert len(movements(world.ana, world.copy)) == 3


def test_scenario_06_no_verb_hands_out_to_nobody(world: World) -> None:
    nobody: list[dict[str, Any]] = [{}, {"person_id": world.bo_person, "space_id": world.hall}]
    custody.check_out(world.ana, copy_ids=[world.other_copy], person_id=world.bo_person)
    for verb, copy in ((custody.check_out, world.copy), (custody.pass_on, world.other_copy)):
        for who in nobody:
            with pytest.raises(Invalid) as refused:
                verb(world.ana, copy_ids=[copy], **who)
            assert refused.value.data["field"] == "person_id"
        with pytest.raises(NotFound):
            verb(world.ana, copy_ids=[copy], person_id=world.cy_person)
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_scenario_06_the_api_hands_out_to_nobody_either(world: World) -> None:
    ana = caller(world)
    for body in ({"copy_ids": [world.copy]}, {"copy_ids": [world.copy], "person_id": None}):
        answer = ana("POST", "/check-out", body)
        assert (answer.status_code, json.loads(answer.content)["data"]["field"]) == (
            422,
            "person_id",
        )


def test_scenario_06_the_database_knows_no_copy_that_is_out_with_nobody(world: World) -> None:
    stay = Stay.objects.get(copy_id=world.copy, valid_to=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.filter(pk=stay.pk).update(state="held", container=None, position=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.filter(pk=stay.pk).update(person=world.bo_person)


def test_scenario_06_who_has_left_is_given_nothing(world: World) -> None:
    people.note_leaving(world.ana, person_id=world.bo_person)
    with pytest.raises(KeysteadError, match="has left"):
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert queries.out_now(world.ana, at=now()) == []
