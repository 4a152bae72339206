"""What stands in the way is said at once, and what is invented looks invented."""

import pytest

from keystead.custody import operations as custody
from keystead.keys import operations as keys
from keystead.people import queries as people
from keystead.web.forms.fields import zones
from tests.cast import World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db
FORM = 'name="holder"'


def page_of(at: Pages, name: str, copies: tuple[int, ...] = (), **kwargs: int) -> str:
    """The HTML of a page about these copies."""
    url = at.url(name, **kwargs) + "?" + "&".join(f"copy={copy}" for copy in copies)
    return at.client.get(url).content.decode()


def test_a_copy_that_is_out_is_not_offered_a_form(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = page_of(ana_at, "hand-out", (world.copy,))
    assert FORM not in page
    assert "Bo" in page
    assert "Pass on" in page


def test_a_lost_copy_is_not_offered_a_form(world: World, ana_at: Pages) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], kind="lost", note="gone")
    page = page_of(ana_at, "hand-out", (world.copy,))
    assert FORM not in page
    assert "It was found" in page


def test_one_goes_on_with_what_is_free(world: World, ana_at: Pages) -> None:
    keys.retire_copy(world.ana, copy_id=world.copy)
    page = page_of(ana_at, "hand-out", world.copies)
    assert FORM not in page
    assert "AA·1 is out of use" in page
    assert "Continue with the other one" in page
    assert FORM in page_of(ana_at, "hand-out", (world.other_copy,))


def test_a_copy_of_a_retired_key_is_not_offered_a_form(world: World, ana_at: Pages) -> None:
    keys.retire_key(world.ana, key_id=world.key)
    page = page_of(ana_at, "hand-out", (world.copy,))
    assert FORM not in page
    assert "AA·1 is out of use" in page


def test_the_desk_says_which_copy_has_a_blocking_fault(world: World, ana_at: Pages) -> None:
    custody.report_damaged(world.ana, copy_id=world.other_copy, note="bent", is_critical=True)
    page = page_of(ana_at, "desk", world.copies)
    assert "AA·2 has a critical fault" in page
    assert "It cannot be handed out now." in page


def test_the_door_does_not_count_what_is_out_of_use(world: World, ana_at: Pages) -> None:
    assert "2 in stock, 0 out" in page_of(ana_at, "access-point", access_point_id=world.door)
    keys.retire_copy(world.ana, copy_id=world.other_copy)
    page = page_of(ana_at, "access-point", access_point_id=world.door)
    assert "1 in stock, 0 out, 1 out of use" in page


def test_somebody_nobody_resembles_is_invited_at_once(world: World, ana_at: Pages) -> None:
    answer = ana_at.send("member-invite", {"holder": "Zoltan Quiss", "role": "holder"})
    assert answer.status_code == 200
    assert "Zoltan Quiss" in [p.name for p in people.persons(world.ana, text="Zoltan")]


def test_a_name_like_somebody_s_is_asked_about(world: World, ana_at: Pages) -> None:
    answer = ana_at.send("member-invite", {"holder": "na", "role": "holder"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody on the register has a name like that." in page
    assert page.count(" autofocus") == 1


def test_zones_have_one_name_each() -> None:
    names = {name for _area, cities in zones() for name, _city in cities}
    assert "Europe/London" in names
    assert not names & {"Europe/Kiev", "Asia/Calcutta", "Europe/Belfast"}
