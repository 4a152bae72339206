"""Locks, cylinders, containers, and who was told a code."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.hardware import operations as hardware
from keystead.hardware import queries
from keystead.hardware.errors import CylinderElsewhere, LockOnOneThing
from keystead.hardware.models import Code
from keystead.journal.models import Entry
from keystead.kernel.errors import Invalid, NameTaken, NotFound
from keystead.kernel.secret import Secret
from keystead.vault import sealing
from tests.cast import World

pytestmark = pytest.mark.db


def test_a_lock_keeps_the_history_of_its_cylinders(world: World) -> None:
    for number in ("Z8", "Z9"):
        cylinder = hardware.add_cylinder(world.ana, number=number)
        hardware.fit_cylinder(world.ana, lock_id=world.lock, cylinder_id=cylinder)
    history = queries.cylinder_history(world.ana, world.lock)
    assert [f.cylinder_number for f in history] == ["Z9", "Z8", "Z1"]
    assert [f.until is None for f in history] == [True, False, False]


def test_a_cylinder_sits_in_one_lock_at_a_time(world: World) -> None:
    other = hardware.add_lock(world.ana, name="Cabinet lock", container_id=world.cabinet)
    with pytest.raises(CylinderElsewhere):
        hardware.fit_cylinder(world.ana, lock_id=other, cylinder_id=world.cylinder)
    hardware.remove_cylinder(world.ana, lock_id=world.lock)
    hardware.fit_cylinder(world.ana, lock_id=other, cylinder_id=world.cylinder)
    assert queries.locks(world.ana, container_id=world.cabinet)[0].cylinder_number == "Z1"


def test_a_lock_sits_on_one_thing(world: World) -> None:
    with pytest.raises(LockOnOneThing):
        hardware.add_lock(world.ana, name="Nowhere")
    with pytest.raises(LockOnOneThing):
        hardware.add_lock(
            world.ana, name="Both", access_point_id=world.door, container_id=world.cabinet
        )


def test_a_hook_is_not_there_twice(world: World) -> None:
    with pytest.raises(NameTaken):
        hardware.add_positions(world.ana, container_id=world.cabinet, labels=["5", "1"])
    assert [hook.label for hook in queries.positions(world.ana, world.cabinet)] == list("1234")


def test_hooks_keep_their_order(world: World) -> None:
    hardware.add_positions(world.ana, container_id=world.cabinet, labels=["C2/10", "C2/9"])
    labels = [hook.label for hook in queries.positions(world.ana, world.cabinet)]
    assert labels == ["1", "2", "3", "4", "C2/10", "C2/9"]


def test_a_code_is_a_record_without_its_value(world: World) -> None:
    lock = hardware.add_lock(world.ana, name="Keypad", kind="keypad", access_point_id=world.door)
    canary = Secret("80471936")
    code = hardware.record_code(world.ana, lock_id=lock, name="Alarm", value=canary)
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)
    view = queries.code(world.ana, code)
    assert [knower.name for knower in view.knowers] == ["Bo"]
    assert canary.reveal() not in repr(view)
    assert not Entry.objects.filter(body__contains=canary.reveal()).exists()
    row = Code.objects.get(pk=code)
    assert row.sealed is not None
    assert canary.reveal().encode() not in bytes(row.sealed)
    opened = sealing.open_secret(
        bytes(row.sealed),
        workspace_id=world.workspace,
        row=row.uuid,
        purpose=hardware.CODE_VALUE,
    )
    assert opened == canary


def test_whoever_was_told_knows_a_code_until_it_is_changed(world: World) -> None:
    lock = hardware.add_lock(world.ana, name="Keypad", kind="keypad", access_point_id=world.door)
    code = hardware.record_code(world.ana, lock_id=lock, name="Alarm")
    hardware.note_code_told(
        world.ana,
        code_id=code,
        person_id=world.bo_person,
        occurred_at=now() - timedelta(days=90),
    )
    hardware.note_code_changed(world.ana, code_id=code)
    assert queries.code(world.ana, code).knowers == ()
    assert queries.codes(world.ana, person_id=world.bo_person) == []


def test_a_code_is_told_in_the_past_not_in_the_future(world: World) -> None:
    lock = hardware.add_lock(world.ana, name="Keypad", kind="keypad", access_point_id=world.door)
    code = hardware.record_code(world.ana, lock_id=lock, name="Alarm")
    with pytest.raises(Invalid):
        hardware.note_code_told(
            world.ana,
            code_id=code,
            person_id=world.bo_person,
            occurred_at=now() + timedelta(days=1),
        )


def test_another_workspaces_things_do_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        hardware.add_lock(world.ana, name="L", access_point_id=world.elsewhere.door)
    with pytest.raises(NotFound):
        hardware.fit_cylinder(world.ana, lock_id=world.lock, cylinder_id=world.elsewhere.cylinder)
    with pytest.raises(NotFound):
        queries.container(world.ana, world.elsewhere.cabinet)
