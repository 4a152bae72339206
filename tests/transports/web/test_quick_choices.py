"""How long a loan lasts, by one of the quick choices; they work without JavaScript."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.models import Loan
from tests.cast import World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db


@pytest.mark.parametrize(("chosen", "hours"), [("2h", 2), ("4h", 4)])
def test_in_some_hours(world: World, ana_at: Pages, chosen: str, hours: int) -> None:
    before = now().replace(second=0, microsecond=0)
    ana_at.post("hand-out", {"copy": world.copy, "holder": "Bo", "until": chosen})
    due = queries.where_is(world.ana, world.copy).due_at
    assert due is not None
    ahead = timedelta(hours=hours)
    assert before + ahead <= due <= now() + ahead


def test_they_are_all_offered(world: World, ana_at: Pages) -> None:
    words = ana_at.get("hand-out", query={"copy": world.copy})
    for choice in ("in 2 hours", "in 4 hours", "tomorrow 17:00", "another time", "open-ended"):
        assert choice in words
    assert words.count("end of today") <= 1


def test_the_last_minute_of_today_can_be_chosen(world: World, ana_at: Pages) -> None:
    ana_at.post("hand-out", {"copy": world.copy, "holder": "Bo", "until": "night"})
    due = queries.where_is(world.ana, world.copy).due_at
    assert due is not None
    assert localtime(due).strftime("%H:%M") in ("23:59", "22:59", "00:59")


def test_an_open_incident_ends_in_what_one_can_do(world: World, ana_at: Pages) -> None:
    custody.report_damaged(world.ana, copy_id=world.copy, note="bent")
    assert "Look into it , AA·1" in ana_at.get("today")


def test_a_review_day_of_today_is_called_today(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    Loan.everything.update(review_on=localtime().date())
    assert "to be looked at again today" in ana_at.get("today")
