"""The worker: one at a time, step by step, whatever goes wrong in one of them."""

import os
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import time

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils.timezone import now

from keystead.exchange import imports, operations
from keystead.exchange import queries as exchange
from keystead.exchange.models import Import
from keystead.exchange.planning.records import Outcome
from keystead.journal import leases, queries
from keystead.keys import queries as keys
from keystead.people.models import Session
from keystead.people.sessions import SessionStore
from keystead.worker import loop, steps
from keystead.worker.loop import Worker
from keystead.worker.steps import STEPS, Step
from tests.cast import World

pytestmark = pytest.mark.db
REGISTER = b"Key,Copy\nQ1,1\nQ2,1\n"


class Counted:
    """A step that counts how often it ran, and can be made to fail."""

    def __init__(self, every: timedelta = timedelta(0)) -> None:
        self.runs = 0
        self.error: Exception | None = None
        self.step = Step("counted", every, self.run)

    def run(self) -> None:
        self.runs += 1
        if self.error:
            raise self.error


def test_a_worker_shows_that_it_is_alive() -> None:
    assert queries.last_seen("worker") is None
    before = now()
    Worker(()).round()
    seen = queries.last_seen("worker")
    assert seen is not None
    assert before <= seen <= now()


def test_of_two_workers_one_works() -> None:
    first, second = Counted(), Counted()
    one, two = Worker((first.step,)), Worker((second.step,))
    one.round()
    two.round()
    assert (first.runs, second.runs) == (1, 0)


def test_the_next_worker_begins_when_the_first_leaves() -> None:
    counted = Counted()
    first = Worker(())
    first.round()
    first.leave()
    Worker((counted.step,)).round()
    assert counted.runs == 1


def test_the_next_worker_begins_when_a_killed_ones_lease_has_run_out() -> None:
    assert leases.hold("worker", "killed", timedelta(seconds=-1))
    counted = Counted()
    Worker((counted.step,)).round()
    assert counted.runs == 1


def test_a_lease_is_renewed_by_its_holder_and_by_nobody_else() -> None:
    minute = timedelta(minutes=1)
    assert leases.hold("x", "a", minute)
    assert leases.hold("x", "a", minute)
    assert not leases.hold("x", "b", minute)
    leases.free("x", "b")
    assert not leases.hold("x", "b", minute)
    leases.free("x", "a")
    assert leases.hold("x", "b", minute)


def test_a_step_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    bad, good = Counted(), Counted()
    bad.error = RuntimeError("out of order")
    worker = Worker((bad.step, good.step))
    worker.round()
    worker.round()
    assert good.runs == 2
    assert "counted failed" in caplog.text


def test_a_step_runs_no_more_often_than_it_says() -> None:
    often, seldom = Counted(), Counted(every=timedelta(hours=1))
    seldom.step = Step("seldom", timedelta(hours=1), seldom.run)
    worker = Worker((often.step, seldom.step))
    for _ in range(3):
        worker.round()
    assert (often.runs, seldom.runs) == (3, 1)


def test_a_database_that_does_not_answer_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> bool:
        raise OperationalError("no connection")

    counted = Counted()
    worker = Worker((counted.step,))
    with monkeypatch.context() as patched:
        patched.setattr("keystead.journal.leases.hold", broken)
        worker.round()
    assert counted.runs == 0
    assert "does not answer" in caplog.text
    monkeypatch.setattr(loop, "BEAT", timedelta(0))
    worker.round()
    assert counted.runs == 1


def test_a_stopped_worker_gives_its_lease_back() -> None:
    stop, counted = Event(), Counted()
    counted.step = Step("last", timedelta(0), stop.set)
    Worker((counted.step,)).run(stop)
    assert leases.hold("worker", "next", timedelta(minutes=1))


def step(name: str) -> Step:
    return next(step for step in STEPS if step.name == name)


def test_expired_sign_ins_are_forgotten_and_others_kept() -> None:
    for _ in range(2):
        SessionStore().create()
    old, new = Session.objects.order_by("pk")
    Session.objects.filter(pk=old.pk).update(used_at=now() - timedelta(days=30))
    step("clear_sessions").run()
    assert Session.objects.get() == new


def test_uploads_left_behind_are_deleted_after_a_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    step("clear_uploads").run()
    (tmp_path / "uploads").mkdir()
    old, new = tmp_path / "uploads" / "old", tmp_path / "uploads" / "new"
    old.write_text("register")
    new.write_text("register")
    two_days_ago = time() - 2 * 86400
    os.utime(old, (two_days_ago, two_days_ago))
    step("clear_uploads").run()
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["new"]


def test_files_that_nobody_imported_for_a_week_are_thrown_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, begun = (imports.upload(world.ana, REGISTER, "keys.csv") for _ in range(2))
    row = imports.opened(world.ana, begun)
    planned = imports.plan_for(world.ana, row).outcomes(Outcome.PLANNED)
    operations.apply_rows(
        world.ana, import_id=begun, version=row.view.version, rows=planned[:1], is_last=False
    )
    steps.discard_stale_imports()
    assert {i.state for i in exchange.imports(world.ana)} == {"staged", "applying"}
    monkeypatch.setattr(steps, "now", lambda: now() + timedelta(days=7, minutes=1))
    steps.discard_stale_imports()
    states = {i.id: i.state for i in exchange.imports(world.ana)}
    assert states == {old: "discarded", begun: "applying"}
    entry = queries.entries(world.ana, limit=1)[0]
    assert (entry.name, entry.channel) == ("exchange.import-discarded", "worker")


BIG = b"Key,Copy\n" + b"".join(b"Q%d,1\n" % number for number in range(12))


def ask(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """An import that is big enough for the worker, asked for by Ana."""
    monkeypatch.setattr(imports, "AT_ONCE", 5)
    monkeypatch.setattr(imports, "BATCH", 5)
    import_id = imports.upload(world.ana, BIG, "keys.csv")
    applied = imports.start(world.ana, import_id)
    assert (applied.is_finished, applied.done) == (False, 0)
    assert imports.start(world.ana, import_id).done == 0
    return import_id


def test_a_big_import_is_written_by_the_worker_as_whoever_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = ask(world, monkeypatch)
    assert exchange.import_view(world.ana, import_id).is_under_way
    beats: list[int] = []
    steps.carry_out_imports(lambda: beats.append(1))
    view = exchange.import_view(world.ana, import_id)
    assert (view.state, view.done, view.copies_made, len(beats)) == ("finished", 12, 12, 3)
    entry = queries.entries(world.ana, limit=1)[0]
    assert (entry.account_id, entry.channel) == (world.ana.account_id, "worker")
    steps.carry_out_imports(lambda: beats.append(1))
    assert len(beats) == 3


def test_an_import_of_who_may_no_longer_import_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = ask(world, monkeypatch)
    Import.objects.filter(pk=import_id).update(asked_by=world.bo.account_id)
    steps.carry_out_imports(lambda: None)
    view = exchange.import_view(world.ana, import_id)
    assert (view.state, view.is_under_way, view.done) == ("applying", False, 0)
    assert queries.entries(world.ana, limit=1)[0].payload["reason"] == "forbidden"
    imports.start(world.ana, import_id)
    steps.carry_out_imports(lambda: None)
    assert exchange.import_view(world.ana, import_id).state == "finished"


def test_an_import_taken_back_while_it_is_written_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = ask(world, monkeypatch)
    beats: list[int] = []

    def take_back() -> None:
        beats.append(1)
        operations.undo_import(world.ana, import_id=import_id)

    steps.carry_out_imports(take_back)
    assert exchange.import_view(world.ana, import_id).state == "undone"
    assert len(beats) == 1
    assert {key.label for key in keys.keys(world.ana)} == {"AA"}


def test_a_long_step_keeps_the_lease(world: World) -> None:
    beats: list[bool] = []

    def long(beat: steps.Beat) -> None:
        worker._beaten = None
        beat()
        beats.append(worker._is_holding)

    worker = Worker((Step("long", timedelta(0), long, is_long=True),))
    worker.round()
    assert beats == [True]
