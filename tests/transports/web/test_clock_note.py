"""A clock that jumped is shown to owners on Today until one of them confirms it."""

from datetime import timedelta

import pytest

from keystead.journal import queries as journal
from keystead.journal.models import Head
from keystead.people import operations as people
from keystead.people.roles import Role
from tests.cast import ANA, World, member
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


def test_owners_see_it_and_one_confirms(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    member(world.ana, "Mo", Role.KEY_MANAGER, email="mo@harbour.example")
    at = Head.objects.get(workspace_id=world.workspace).at
    assert at is not None
    with monkeypatch.context() as clock:
        clock.setattr("keystead.journal.clock.now", lambda: at - timedelta(hours=1))
        people.add_firm(world.ana, name="Locks")
    ana, today = Browser(ANA), f"/w/{world.slug}/"
    page = ana.get(today)
    assert "The server's clock was set" in page.text
    assert "The server's clock was set" not in Browser("mo@harbour.example").get(today).text
    page = ana.post(f"/w/{world.slug}/clock/confirm")
    assert "Noted: the clock is right." in page.text
    assert "The server's clock was set" not in page.text
    assert journal.clock_alarm(world.workspace) is None
