"""The demonstration: two workspaces with a year each, never beside a real register."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from keystead.custody import queries as custody
from keystead.custody import replay
from keystead.exchange import demo
from keystead.exchange.demo.business import HARBOUR
from keystead.exchange.demo.diary import Diary
from keystead.exchange.demo.errors import RealRegister
from keystead.exchange.demo.family import MAPLE_STREET
from keystead.hardware import queries as hardware
from keystead.journal import queries as journal
from keystead.journal import verify
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Invalid
from keystead.kernel.secret import Secret
from keystead.keys import queries as keys
from keystead.people import access
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Account
from keystead.places import queries as places
from tests.cast import World
from tests.support.databases import Database

MONDAY = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
PASSWORD = Secret("a kitchen full of hooks")


def owner(slug: str) -> Actor:
    """The account of the demonstration in one of its workspaces."""
    return access.actor_for(Account.objects.get(email=demo.EMAIL).pk, slug, "web")


def facts(actor: Actor) -> list[journal.Told]:
    """The whole journal, oldest first."""
    return journal.entries(actor, limit=100_000)[::-1]


def check_both_workspaces(now: datetime) -> None:
    """What holds whenever the demonstration is loaded."""
    family, business = owner("maple-street-12"), owner("harbour-partners")
    for actor, least, most in ((family, 300, 500), (business, 900, 1500)):
        told = facts(actor)
        assert least <= len(told) <= most
        assert verify.verify(actor.workspace_id).holds
        assert now - timedelta(days=365) <= min(entry.at for entry in told)
        assert max(entry.at for entry in told) <= now
        assert custody.total_balance(actor).adds_up
        assert custody.total_balance(actor).missing == 1
        late = custody.out_now(actor, at=now, overdue_only=True)
        assert len(late) >= 2
        assert custody.out_now(actor, at=now, due_before=now + timedelta(days=1))
        assert custody.to_review(actor, day=now.date() + timedelta(days=3))
        open_cases = Counter(case.kind for case in custody.incidents(actor))
        assert open_cases["lost"] == 1
        assert open_cases["damaged"] >= 1
        assert "custody.copy-found" in {entry.name for entry in told}
        known = replay.whereabouts(verify.bodies(actor.workspace_id))
        assert Counter(k.place.state for k in known.values())["held"] == (
            custody.total_balance(actor).out
        )
    assert verify.verify(INSTALLATION).holds


@pytest.mark.slow
@pytest.mark.db
def test_the_demonstration_has_a_year_behind_it_and_something_going_on() -> None:
    given = demo.load(PASSWORD, now=MONDAY)
    assert (given.email, given.password) == (demo.EMAIL, PASSWORD)
    assert Account.objects.get(email=demo.EMAIL).check_password(PASSWORD.reveal())
    check_both_workspaces(MONDAY)
    _check_the_business(owner("harbour-partners"))
    _check_the_family(owner("maple-street-12"))
    _check_a_second_load_changes_nothing()


def _check_the_business(actor: Actor) -> None:
    told = facts(actor)
    vienna = ZoneInfo("Europe/Vienna")
    hours = [entry.at.astimezone(vienna).hour for entry in told]
    assert sum(6 <= hour <= 21 for hour in hours) > 0.98 * len(hours)
    acting = {entry.account_id for entry in told}
    assert len(acting) >= 2
    names = Counter(entry.name for entry in told)
    assert names["custody.past-loan-recorded"] == 2
    assert names["people.person-left"] == names["keys.ring-sealed"] == 1
    (server_room,) = places.access_points(actor, text="Server room")
    (lock,) = hardware.locks(actor, access_point_id=server_room.id)
    assert [f.cylinder_number for f in hardware.cylinder_history(actor, lock.id)] == [
        "N-02",
        "N-01",
    ]
    assert [o.key.label for o in keys.openers(actor, access_point_id=server_room.id)] == ["S2"]
    (cabinet,) = hardware.containers(actor, text="Key cabinet")
    assert len(hardware.positions(actor, cabinet.id)) == 40
    empty = custody.belonging_to(actor, cabinet.id)
    assert any(stay.holder for stay in empty)
    (left,) = [p for p in people_queries.persons(actor) if p.left_at is not None]
    assert left.name == "Lukas Gruber"
    assert custody.out_now(actor, person_id=left.id) == []


def _check_the_family(actor: Actor) -> None:
    assert len(places.sites(actor)) == 2
    assert {box.kind for box in hardware.containers(actor)} == {"cabinet", "drawer", "lockbox"}
    people_here = {person.name for person in people_queries.persons(actor)}
    assert {"Mum", "Dad", "Ben", "Gran", "Aunt Jo", "Mrs Okafor", "Marta Nowak"} <= people_here
    schoolbag = [stay for stay in custody.out_now(actor, text="Ben") if stay.purpose]
    assert schoolbag[0].purpose == "In the school bag"
    (code,) = hardware.codes(actor, text="Lockbox")
    assert {knower.name for knower in code.knowers} == {"Mum", "Dad", "Mrs Okafor"}


def _check_a_second_load_changes_nothing() -> None:
    before = journal.seal(system(INSTALLATION, "tests"))
    assert demo.load(Secret("another password altogether")) == demo.DemoSignIn(demo.EMAIL, None)
    assert journal.seal(system(INSTALLATION, "tests")) == before
    assert Account.objects.get(email=demo.EMAIL).check_password(PASSWORD.reveal())
    with pytest.raises(Invalid, match="never share"):
        people.create_workspace(
            replace(owner("maple-street-12"), workspace_id=INSTALLATION),
            owner_name="Ana",
            workspace_name="For real",
            template="empty",
            time_zone="UTC",
            locale="en",
        )


VIENNA = ZoneInfo("Europe/Vienna")
CLOCKS = [(h, m) for h in range(24) for m in (0, 10, 25, 50)]


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 22), date(2027, 3, 29)])
def test_whenever_it_is_loaded_people_are_about_at_their_hours(day: date) -> None:
    """The times the last days' stories are made of, for every quarter of an hour of loading."""
    for hour, minute in CLOCKS:
        now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIENNA).astimezone(UTC)
        for story in (HARBOUR, MAPLE_STREET):
            told = Diary(
                Actor(workspace_id=1, channel="web"),
                zone=story.zone,
                hours=story.hours,
                begin=now - timedelta(days=365),
                now=now,
            )
            due = told.due_before(now - timedelta(hours=1))
            for at in (*(told.ago(hours=h) for h in (2, 3, 4, 29)), told.before(due, hours=4)):
                there = at.astimezone(ZoneInfo(story.zone))
                assert story.hours.first <= f"{there:%H:%M}" <= story.hours.last, (now, there)
                assert story.hours.is_open(there.date())
                assert at < now
            there = due.astimezone(ZoneInfo(story.zone))
            assert f"{there:%H:%M}" in story.hours.due
            assert story.hours.is_open(there.date())
            assert now < told.end_of_today() < now + timedelta(hours=25)


def odd_hours(actor: Actor, zone: str, now: datetime, first: str, last: str) -> list[str]:
    """What Today shows of loans at hours when nobody is about."""
    shown = custody.out_now(actor, at=now, overdue_only=True)
    shown += custody.out_now(actor, at=now, due_before=now + timedelta(days=1))
    times = [at for stay in shown for at in (stay.since, stay.due_at) if at is not None]
    clocks = [f"{at.astimezone(ZoneInfo(zone)):%H:%M}" for at in times]
    assert clocks
    return [clock for clock in clocks if not first <= clock <= last]


@pytest.mark.slow
@pytest.mark.parametrize(("hour", "minute"), [(4, 40), (7, 5), (16, 20)])
def test_today_shows_no_odd_hours(hour: int, minute: int, database: Database) -> None:
    now = datetime(2026, 11, 24, hour, minute, tzinfo=VIENNA).astimezone(UTC)
    demo.load(PASSWORD, now=now)
    business = owner("harbour-partners")
    assert odd_hours(business, "Europe/Vienna", now, "07:00", "18:05") == []
    assert odd_hours(owner("maple-street-12"), "Europe/London", now, "07:30", "21:00") == []
    check_both_workspaces(now)


@pytest.mark.slow
@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # the night the clocks go forward
        datetime(2026, 12, 25, 22, 55, tzinfo=UTC),  # nobody works
    ],
    ids=str,
)
def test_the_demonstration_loads_on_any_day(now: datetime, database: Database) -> None:
    demo.load(PASSWORD, now=now)
    check_both_workspaces(now)


@pytest.mark.slow
def test_a_load_that_was_killed_goes_on_where_it_stopped(database: Database) -> None:
    program = (
        "import django; django.setup()\n"
        "from keystead.exchange import demo\n"
        "from keystead.kernel.secret import Secret\n"
        f"demo.load(Secret({PASSWORD.reveal()!r}))\n"
    )
    loading = subprocess.Popen(
        [sys.executable, "-c", program], env=os.environ | {"DATABASE_URL": database.url}
    )
    limit = time.monotonic() + 120
    while _told_so_far() < 700:
        assert loading.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.05)
    loading.send_signal(signal.SIGKILL)
    loading.wait()
    half_way = facts(owner("maple-street-12"))
    assert demo.load(Secret("another password altogether")).password is None
    assert Account.objects.get(email=demo.EMAIL).check_password(PASSWORD.reveal())
    assert facts(owner("maple-street-12"))[: len(half_way)] == half_way
    begun = facts(system(INSTALLATION, "tests"))[0].at
    check_both_workspaces(begun + timedelta(days=365))


def _told_so_far() -> int:
    from keystead.journal.models import Entry

    return Entry.objects.count()


@pytest.mark.db
def test_a_real_register_gets_no_demonstration(world: World) -> None:
    before = journal.seal(system(INSTALLATION, "tests"))
    with pytest.raises(RealRegister):
        demo.load(PASSWORD)
    assert journal.seal(system(INSTALLATION, "tests")) == before


@pytest.mark.db
def test_the_time_of_facts_is_set_in_demonstrations_only(world: World) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(Invalid, match="demonstration"):
        people.add_person(replace(world.ana, at=at), name="Di")
    with pytest.raises(Invalid, match="demonstration"):
        people.note_sign_in(replace(world.ana, workspace_id=INSTALLATION, at=at))
