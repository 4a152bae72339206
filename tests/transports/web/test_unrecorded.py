"""What nobody wrote down between two loans typed in from a paper log is shown as that."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.models import Stay
from tests.cast import World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db


def two_paper_loans(world: World) -> list[datetime]:
    """The copy was registered ten days ago; typed in: two loans in between."""
    at = now().replace(microsecond=0)
    days = [at - timedelta(days=ago) for ago in (8, 6, 4, 2)]
    Stay.everything.filter(copy_id=world.copy).update(valid_from=at - timedelta(days=10))
    for start, end in ((days[0], days[1]), (days[2], days[3])):
        custody.record_past_loan(
            world.ana,
            copy_id=world.copy,
            person_id=world.bo_person,
            from_at=start,
            until_at=end,
        )
    return days


def test_the_history_knows_it_on_every_page(world: World) -> None:
    days = two_paper_loans(world)
    stays = queries.history(world.ana, world.copy)
    holes = [(stay.since, stay.until) for stay in stays if stay.is_unrecorded]
    assert holes == [(days[1], days[2])]
    second = queries.history(world.ana, world.copy, limit=2, offset=2)
    assert [stay.is_unrecorded for stay in second] == [True, False]


def test_the_page_of_the_copy_says_it(world: World, ana_at: Pages) -> None:
    assert "not recorded from" not in ana_at.get("copy", copy_id=world.copy)
    two_paper_loans(world)
    assert "not recorded from" in ana_at.get("copy", copy_id=world.copy)
