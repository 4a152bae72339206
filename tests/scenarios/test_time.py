"""Time: what is old, what is late, what has no end, and which clock is meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from keystead.cli.doctor import examine
from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.hardware import operations as hardware
from keystead.journal.models import Lease
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.places import operations as place_operations
from keystead.places import queries as places
from tests.cast import ANA, World
from tests.support.browsing import Browser
from tests.transports.api.things import caller

pytestmark = pytest.mark.db

DAY = timedelta(days=1)
LONG_AGO = datetime(2017, 3, 1, 9, tzinfo=UTC)
AUGUST = datetime(2026, 8, 12, 8, tzinfo=UTC)


def at(actor: Actor, moment: datetime) -> Actor:
    return replace(actor, at=moment)


@pytest.fixture
def copy(demo: World) -> int:
    """A copy that hangs in the cabinet since the day before."""
    eve = at(demo.ana, AUGUST - DAY)
    return custody.cut_copies(eve, key_id=demo.key, container_id=demo.cabinet)[0]


def test_scenario_04_a_loan_of_nine_years_comes_back_whatever_changed(demo: World) -> None:
    """3,300 days, 40 extensions, no purpose; since then everything around it went out of use."""
    then = at(demo.ana, LONG_AGO)
    box = hardware.add_container(then, site_id=demo.site, name="Old box", positions=1)
    (copy,) = custody.cut_copies(then, key_id=demo.key, container_id=box)
    custody.check_out(then, copy_ids=[copy], person_id=demo.bo_person)
    for number in range(1, 41):
        day = LONG_AGO + number * 82 * DAY
        custody.extend(at(demo.ana, day), copy_ids=[copy], review_on=(day + 100 * DAY).date())
    today = at(demo.ana, LONG_AGO + 3300 * DAY)
    people.note_leaving(today, person_id=demo.bo_person)
    custody.retire_container(today, container_id=box)
    keys.retire_copy(today, copy_id=copy)
    keys.retire_key(today, key_id=demo.key)
    done = custody.return_copies(today, copy_ids=[copy], note="From a drawer")
    assert done.copy_ids == (copy,)
    stay, loan = queries.history(demo.ana, copy)[:2]
    assert (stay.state, stay.container_id) == ("stored", None)
    assert (loan.holder, loan.purpose, loan.return_note) == ("Bo", None, "From a drawer")
    assert loan.until is not None
    assert loan.until - loan.since == 3300 * DAY


def test_scenario_09_a_stopped_scheduler_returns_nothing(demo: World, copy: int) -> None:
    """Nothing that runs by itself decides what is late: looking does."""
    out = at(demo.ana, AUGUST)
    custody.check_out(out, copy_ids=[copy], person_id=demo.bo_person, due_at=AUGUST + DAY)
    for days, late in ((0.9, 0), (1.1, 1), (4, 1)):
        found = queries.out_now(demo.ana, at=AUGUST + days * DAY, overdue_only=True)
        assert len(found) == late
        assert queries.where_is(demo.ana, copy).holder == "Bo"
    page = Browser(ANA).get(reverse("today", kwargs={"slug": demo.slug}))
    assert page.heading == "1 key is late"


def test_scenario_09_a_stopped_scheduler_is_reported(world: World) -> None:
    stopped = datetime.now(UTC) - 3 * DAY
    Lease.objects.create(name="worker", holder="test", until=stopped, seen_at=stopped)
    page = Browser(ANA).get(reverse("today", kwargs={"slug": world.slug}))
    assert f"{stopped:%H:%M}" in page.text
    (worker,) = [finding for finding in examine() if finding.about == "worker"]
    assert not worker.is_well


def test_scenario_10_a_loan_without_end_is_reviewed_and_never_late(demo: World, copy: int) -> None:
    day = (AUGUST + 90 * DAY).date()
    out = at(demo.ana, AUGUST)
    custody.check_out(out, copy_ids=[copy], person_id=demo.bo_person, review_on=day)
    years_later = AUGUST + 4 * 365 * DAY
    assert queries.out_now(demo.ana, at=years_later, overdue_only=True) == []
    assert queries.to_review(demo.ana, day=day - DAY) == []
    assert [stay.copy_id for stay in queries.to_review(demo.ana, day=day)] == [copy]


def test_scenario_10_an_employees_key_needs_no_date_at_all(demo: World, copy: int) -> None:
    custody.check_out(at(demo.ana, AUGUST), copy_ids=[copy], person_id=demo.bo_person)
    stay = queries.where_is(demo.ana, copy)
    assert stay.due_at is None
    assert stay.review_on is not None
    assert AUGUST.date() < stay.review_on < (AUGUST + 200 * DAY).date()


def test_scenario_25_back_at_ten_to_three_and_out_again_at_four(demo: World, copy: int) -> None:
    three = AUGUST.replace(hour=14)  # 15:00 at the site
    out_at, back_at, again_at = AUGUST, three - timedelta(minutes=10), three + timedelta(hours=1)
    custody.check_out(at(demo.ana, out_at), copy_ids=[copy], person_id=demo.bo_person, due_at=three)
    custody.return_copies(at(demo.ana, back_at), copy_ids=[copy])
    custody.check_out(
        at(demo.ana, again_at),
        copy_ids=[copy],
        person_id=demo.ana_person,
        due_at=again_at + timedelta(hours=1),
    )
    story = [(s.holder, s.since, s.until) for s in reversed(queries.history(demo.ana, copy))]
    assert story[1:] == [
        ("Bo", out_at, back_at),
        (None, back_at, again_at),
        ("Ana", again_at, None),
    ]
    assert queries.history(demo.ana, copy)[2].due_at == three


def test_scenario_26_the_sites_clock_is_shown_whatever_the_servers(demo: World, copy: int) -> None:
    """The server runs in UTC; in August London is an hour ahead of it."""
    assert settings.TIME_ZONE == "UTC"
    assert places.zone_of_site(demo.ana, demo.site) == "Europe/London"
    three = datetime(2026, 8, 12, 14, tzinfo=UTC)
    custody.check_out(at(demo.ana, AUGUST), copy_ids=[copy], person_id=demo.bo_person, due_at=three)
    page = Browser(ANA).get(reverse("copy", kwargs={"slug": demo.slug, "copy_id": copy}))
    assert "15:00 BST" in page.body
    assert "14:00" not in page.text
    answer = caller(demo).get(f"/copies/{copy}/history")["items"][0]
    assert answer["due_at"] == "2026-08-12T15:00:00+01:00"
    assert answer["since"] == "2026-08-12T09:00:00+01:00"


def test_scenario_26_a_viewer_elsewhere_sees_the_sites_hours(demo: World, copy: int) -> None:
    """Ana is asked in Vienna's language and from another zone; the site is in London."""
    three = datetime(2026, 8, 12, 14, tzinfo=UTC)
    custody.check_out(at(demo.ana, AUGUST), copy_ids=[copy], person_id=demo.bo_person, due_at=three)
    url = reverse("copy", kwargs={"slug": demo.slug, "copy_id": copy})
    page = Browser(ANA).get(url, **{"Accept-Language": "de-AT", "Time-Zone": "Europe/Vienna"})
    assert "15:00 BST" in page.body


def test_scenario_26_a_site_with_a_zone_of_its_own_shows_that_one(demo: World, copy: int) -> None:
    version = places.site(demo.ana, demo.site).version
    place_operations.change_site(
        demo.ana,
        site_id=demo.site,
        version=version,
        name="Harbour House",
        time_zone="Europe/Vienna",
    )
    three = datetime(2026, 8, 12, 14, tzinfo=UTC)
    custody.check_out(at(demo.ana, AUGUST), copy_ids=[copy], person_id=demo.bo_person, due_at=three)
    page = Browser(ANA).get(reverse("copy", kwargs={"slug": demo.slug, "copy_id": copy}))
    assert "16:00 CEST" in page.body


def test_scenario_26_what_the_api_is_told_with_an_offset_is_that_instant(world: World) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + DAY
    ana = caller(world)
    body = {"copy_ids": [world.copy], "person_id": world.bo_person, "due_at": f"{soon:%FT%T}+00:00"}
    assert ana("POST", "/check-out", body).status_code == 200
    shown = ana.get(f"/copies/{world.copy}/history")["items"][0]["due_at"]
    assert datetime.fromisoformat(shown) == soon
