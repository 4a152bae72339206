"""What no browser sends is refused, not a mistake of the server."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal import queries as journal
from tests.cast import PASSWORD, World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db

BAD_KEYS = ("a\x00b", "a\nb", "clé", "x" * 121)


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_is_not_plain_is_refused_on_every_form(
    world: World, ana_at: Pages, key: str
) -> None:
    before = journal.seal(world.ana).sequence
    custody_form = {"copy": world.copy, "holder": "Bo", "until": "tomorrow"}
    answer = ana_at.send("hand-out", {**custody_form, "idempotency_key": key})
    assert answer.status_code == 422
    assert journal.seal(world.ana).sequence == before


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_is_not_plain_makes_no_workspace(world: World, ana_at: Pages, key: str) -> None:
    given = {
        "owner_name": "Ana",
        "email": "ana@other.example",
        "password": PASSWORD.reveal(),
        "workspace_name": "Second",
        "template": "empty",
        "time_zone": "UTC",
        "locale": "en",
        "idempotency_key": key,
    }
    answer = ana_at.client.post("/workspaces/new", given)
    assert answer.status_code == 422, answer.content.decode()
    assert not [found for found in journal.workspaces() if found.name == "Second"]


def test_a_holder_typed_with_a_nul_is_read_without_it(world: World, ana_at: Pages) -> None:
    fields = {"copy": world.copy, "holder": "B\x00o", "holder_for": "\x00", "holder_choice": "\x00"}
    answer = ana_at.send("desk", fields)
    assert answer.status_code == 200
    assert "Bo" in answer.content.decode()


@pytest.mark.parametrize("number", ["9" * 5_000, "9" * 19, "x", "²", "-1"])
def test_a_missing_copy_that_is_no_number_is_refused(
    world: World, ana_at: Pages, number: str
) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    ana_at.post("take-back", {"copy": world.copy, "without": number}, status=404)
    assert queries.where_is(world.ana, world.copy).holder == "Bo"
