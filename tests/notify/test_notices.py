"""Who is told what, by inbox and by mail, through a real mail server."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.journal import feed
from keystead.journal.models import Entry, Installation
from keystead.kernel.actor import Actor, system
from keystead.kernel.errors import ChangedMeanwhile, Invalid, NotFound
from keystead.notify import operations, outbox, queries, watching
from keystead.notify.models import Delivery, Notice
from keystead.notify.rules import BACK_OFF
from keystead.people import operations as people
from keystead.people.roles import Role
from keystead.worker.sending import send_mail
from tests.cast import World, member
from tests.notify.post_office import PostOffice, open_office

pytestmark = pytest.mark.db


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as (found, _port):
        yield found


@pytest.fixture
def world(demo: World) -> World:
    """A demonstration, where the past can be written."""
    return demo


def worker(world: World, **ago: float) -> Actor:
    actor = system(world.workspace, "worker")
    return replace(actor, at=now() - timedelta(**ago)) if ago else actor


def lend(world: World, copy_id: int, *, due: float, ago: float = 48.0) -> None:
    """Hand a copy out to Bo `ago` hours ago, due in `due` hours from now."""
    past = replace(world.ana, at=now() - timedelta(hours=ago))
    custody.check_out(
        past, copy_ids=[copy_id], person_id=world.bo_person, due_at=now() + timedelta(hours=due)
    )


def at_every_hour(world: World) -> None:
    """Digests at all times of day, so that one is due whenever the test runs."""
    found = queries.schedule(world.ana)
    operations.change_schedule(world.ana, version=found.version, times=["00:00"], soon_hours=48)


def kinds(actor: Actor) -> list[str]:
    return [notice.kind for notice in queries.inbox(actor, unread_only=True)]


def test_what_is_late_is_in_the_inbox_of_its_holder_and_of_whoever_runs_the_keys(
    world: World,
) -> None:
    lend(world, world.copy, due=-1)
    lend(world, world.other_copy, due=5)
    assert operations.look_around(worker(world)) == 3
    assert kinds(world.bo) == ["late", "due-soon"]
    assert kinds(world.ana) == ["late"]
    assert operations.look_around(worker(world)) == 0


def test_what_came_back_or_was_extended_is_told_no_more(world: World) -> None:
    lend(world, world.copy, due=-1)
    lend(world, world.other_copy, due=-1)
    operations.look_around(worker(world))
    custody.return_copies(world.ana, copy_ids=[world.copy])
    custody.extend(world.ana, copy_ids=[world.other_copy], due_at=now() + timedelta(days=9))
    operations.look_around(worker(world))
    assert kinds(world.bo) == kinds(world.ana) == []


def test_a_loss_is_an_alarm_until_it_is_settled_and_a_find_is_told_too(world: World) -> None:
    lend(world, world.copy, due=5)
    custody.report_missing(world.ana, copy_ids=[world.copy], kind="stolen", note="gone")
    operations.look_around(worker(world))
    assert kinds(world.ana) == kinds(world.bo) == ["lost"]
    assert queries.inbox(world.ana)[0].incident == "stolen"
    custody.report_found(world.ana, copy_id=world.copy)
    operations.look_around(worker(world))
    assert kinds(world.ana) == ["found"]
    assert kinds(world.bo) == []


def test_old_news_is_none_when_the_worker_begins(world: World) -> None:
    long_ago = replace(world.ana, at=now() - timedelta(days=40))
    custody.report_missing(long_ago, copy_ids=[world.copy], note="gone")
    operations.look_around(worker(world))
    assert kinds(world.ana) == []


def test_one_digest_says_everything_to_one_person(world: World, office: PostOffice) -> None:
    at_every_hour(world)
    lend(world, world.copy, due=-30)
    lend(world, world.other_copy, due=5)
    operations.look_around(worker(world, days=1))
    watching.collect()
    send_mail()
    assert sorted(office.recipients) == ["ana@harbour.example", "bo@harbour.example"]
    to_bo = next(t for t, r in zip(office.texts(), office.recipients, strict=True) if "bo@" in r)
    assert "AA·1 was due back" in to_bo
    assert "Europe/London" in to_bo
    assert all("Harbour House" in str(mail["Subject"]) or mail["Subject"] for mail in office.mails)


def test_nothing_is_sent_twice_and_nothing_that_is_back(world: World, office: PostOffice) -> None:
    at_every_hour(world)
    lend(world, world.copy, due=-30)
    operations.look_around(worker(world, days=1))
    deliveries = operations.make_digests(worker(world))
    assert len(deliveries) == 2
    custody.return_copies(world.ana, copy_ids=[world.copy])
    assert send_mail() == 0
    assert office.mails == []
    for _ in range(3):
        watching.collect()
        send_mail()
    assert office.mails == []
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == {"dropped"}


def test_a_server_that_refuses_is_asked_again_later_and_given_up_in_the_end(
    world: World, office: PostOffice
) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    office.refuses = "451 try again later"
    send_mail()
    send_mail()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.problem) == ("waiting", 1, "SMTPDataError")
    assert row.next_at > now()
    office.refuses = ""
    Delivery.objects.update(next_at=now())
    send_mail()
    assert len(office.mails) == 1
    assert Delivery.objects.get().state == "sent"


def test_a_digest_the_server_never_takes_is_given_up_and_owners_see_it(
    world: World, office: PostOffice
) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    office.refuses = "554 never"
    for _ in range(len(BACK_OFF) + 1):
        Delivery.objects.update(next_at=now())
        send_mail()
    assert Delivery.objects.get().state == "failed"
    assert [t.state for t in queries.troubled(world.ana)] == ["failed"]
    assert kinds(world.ana) == ["lost"]


def test_a_reminder_whose_sender_died_is_not_sent_again_but_an_alarm_is(
    world: World, office: PostOffice
) -> None:
    at_every_hour(world)
    lend(world, world.copy, due=-30)
    operations.look_around(worker(world, days=1))
    custody.report_missing(world.ana, copy_ids=[world.other_copy], note="gone")
    watching.collect()
    died_at = now() - outbox.LEASE - timedelta(minutes=1)
    Delivery.objects.update(next_at=died_at)
    assert outbox.claim(died_at) is not None
    assert outbox.claim(died_at) is not None
    assert send_mail() == 1
    assert office.recipients == ["ana@harbour.example"]
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"sent": 1, "doubtful": 1}


def test_two_workers_never_take_the_same_digest(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    assert outbox.claim(now()) is not None
    assert outbox.claim(now()) is None


def test_a_copy_in_quarantine_tells_nobody_anything(world: World, office: PostOffice) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    Installation.objects.update(quarantined_at=now())
    send_mail()
    custody.report_missing(world.ana, copy_ids=[world.other_copy], note="gone, too")
    watching.collect()
    assert office.mails == []
    assert Notice.objects.count() == 1


def test_a_name_cannot_add_headers_or_recipients(world: World, office: PostOffice) -> None:
    person = people.add_person(
        world.ana, name="Eve <eve@evil.example>, bo@evil.example", email="eve@harbour.example"
    )
    at_every_hour(world)
    past = replace(world.ana, at=now() - timedelta(days=2))
    custody.check_out(
        past, copy_ids=[world.copy], person_id=person, due_at=now() - timedelta(hours=30)
    )
    operations.look_around(worker(world, days=1))
    watching.collect()
    send_mail()
    assert sorted(office.recipients) == ["ana@harbour.example", "eve@harbour.example"]
    assert {mail["Bcc"] for mail in office.mails} == {None}


def test_the_journal_names_no_address_and_no_name(world: World, office: PostOffice) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    send_mail()
    told = [e.body for e in Entry.objects.filter(name__startswith="notify.")]
    assert len(told) == 3
    assert not any("harbour.example" in body or "Ana" in body for body in told)


def test_notices_of_others_cannot_be_read_or_marked(world: World) -> None:
    lend(world, world.copy, due=5)
    operations.look_around(worker(world))
    (notice,) = queries.inbox(world.bo)
    assert queries.inbox(world.ana) == []
    for actor in (world.ana, world.cy):
        with pytest.raises(NotFound):
            operations.read_notices(actor, notice_ids=[notice.id])
    assert operations.read_notices(world.bo, notice_ids=[notice.id]) == 1
    assert operations.read_notices(world.bo) == 0
    assert kinds(world.bo) == []


def test_hours_of_digests_are_checked_and_two_people_cannot_overwrite_each_other(
    world: World,
) -> None:
    operations.change_schedule(world.ana, version=0, times=["06:00"], soon_hours=48)
    found = queries.schedule(world.ana)
    assert (found.times, found.soon_hours) == (("06:00",), 48)
    with pytest.raises(ChangedMeanwhile):
        operations.change_schedule(world.ana, version=0, times=["07:00"], soon_hours=48)
    for times, hours in (([], 4), (["26:00"], 4), (["07:00"], 0), (["07:00"], 10_000)):
        with pytest.raises(Invalid):
            operations.change_schedule(
                world.ana, version=found.version, times=times, soon_hours=hours
            )


def test_a_failure_of_the_installation_reaches_every_owner_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(operations.FAILURES, "people.signed-in", "backup-failed")
    watching.collect()
    watching.collect()
    people.note_sign_in(Actor(workspace_id=0, channel="web", account_id=world.ana.account_id))
    watching.collect()
    watching.collect()
    assert kinds(world.ana) == kinds(world.cy) == ["backup-failed"]
    assert kinds(world.bo) == []


def test_scenario_9_a_worker_that_stood_still_for_days_returns_nothing_and_tells_once(
    world: World, office: PostOffice
) -> None:
    at_every_hour(world)
    lend(world, world.copy, due=-50, ago=100)
    operations.look_around(worker(world, days=1))
    for _ in range(3):
        watching.collect()
        send_mail()
    assert Counter(office.recipients) == {"ana@harbour.example": 1, "bo@harbour.example": 1}


def test_scenario_33_one_mail_a_person_and_run_whatever_happens(
    world: World, office: PostOffice
) -> None:
    """Sixty of two hundred due soon, a holder who runs the keys, returns, and a restart."""
    at_every_hour(world)
    kim = member(world.ana, "Kim", Role.KEY_MANAGER, email="kim@harbour.example")
    from keystead.people import queries as people_queries

    kim_person = people_queries.own_person_id(kim) or 0
    past = replace(world.ana, at=now() - timedelta(days=2))
    copies = custody.cut_copies(past, key_id=world.key, count=60)
    custody.check_out(
        past, copy_ids=copies[:30], person_id=world.bo_person, due_at=now() + timedelta(hours=4)
    )
    custody.check_out(
        past, copy_ids=copies[30:], person_id=kim_person, due_at=now() - timedelta(hours=30)
    )
    operations.look_around(worker(world, days=1))
    custody.return_copies(world.ana, copy_ids=copies[:10])
    watching.collect()
    assert len(operations.make_digests(worker(world)) or []) == 0
    first = outbox.claim(now())
    assert first is not None
    outbox.postpone(first, now() - timedelta(hours=1), "restart")
    for _ in range(3):
        watching.collect()
        send_mail()
    assert set(Counter(office.recipients).values()) == {1}
    assert set(office.recipients) == {
        "ana@harbour.example", "bo@harbour.example", "kim@harbour.example",
    }  # fmt: skip
    to_bo = next(t for t, r in zip(office.texts(), office.recipients, strict=True) if "bo@" in r)
    assert to_bo.count("is due back") == 20


SENDER = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "keystead.settings"
django.setup()
from keystead.worker.sending import send_mail
print("ready", flush=True)
while True:
    send_mail()
"""


@pytest.mark.slow
def test_senders_that_are_killed_lose_no_alarm_and_repeat_none_under_another_number(
    world: World,
) -> None:
    with open_office() as (office, port):
        members = [member(world.ana, f"M{n}", Role.KEY_MANAGER) for n in range(12)]
        custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
        watching.collect()
        surroundings = os.environ | {"KEYSTEAD_EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        for delay in (0.0, 0.02, 0.05, 0.08):
            sender = subprocess.Popen(
                [sys.executable, "-c", SENDER], env=surroundings, stdout=subprocess.PIPE, text=True
            )
            assert sender.stdout is not None
            assert sender.stdout.readline() == "ready\n"
            time.sleep(delay)
            sender.send_signal(signal.SIGKILL)
            sender.wait()
            Delivery.objects.filter(ended_at=None, lease_until__isnull=False).update(
                lease_until=now()
            )
        for _ in range(5):
            Delivery.objects.filter(ended_at=None).update(next_at=now())
            send_mail()
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
        numbers = Counter(
            (r, m["Message-ID"]) for r, m in zip(office.recipients, office.mails, strict=True)
        )
        assert len({recipient for recipient, _ in numbers}) == len(numbers) == len(members) + 1


def test_a_reader_who_never_read_begins_with_what_is_recent(world: World) -> None:
    feed.begin(world.workspace, "somebody", not_before=now() + timedelta(hours=1))
    seen: list[int] = []
    feed.advance(world.workspace, "somebody", lambda entry: seen.append(entry.sequence))
    assert seen == []


def test_where_nothing_happened_nobody_waits_for_the_worker(world: World) -> None:
    lend(world, world.copy, due=-1)
    for _ in range(4):
        watching.collect()
    written: list[str] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        written.extend(word for word in ("INSERT", "UPDATE", "FOR UPDATE", "BEGIN") if word in sql)
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        watching.collect()
    assert written == []
    custody.report_missing(world.ana, copy_ids=[world.other_copy], note="gone")
    watching.collect()
    assert "lost" in kinds(world.ana)
