"""What is taken away while many requests are under way holds for the first one begun after it.

Requests begun before may end either way. A request counts as begun after when it was begun after
the operation that took something away had returned.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from keystead.kernel.actor import Actor
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Account, ApiToken, Session
from keystead.people.roles import Role
from tests.cast import World, member, own_person, site_member
from tests.sign_in.support import at_home
from tests.transports.api.things import token

pytestmark = pytest.mark.db

BEFORE, AFTER = 40, 160
"""Requests answered before it is taken away, and begun at least in all."""
AT_ONCE = 6


@dataclass
class Traffic:
    """Threads that ask again and again; every answer with the place of its beginning in order."""

    ask: Callable[[], int]
    order: Iterator[int] = field(default_factory=count)
    answers: list[tuple[int, int]] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                begun = next(self.order)
                self.answers.append((begun, self.ask()))
                if len(self.answers) >= BEFORE:
                    self.enough.set()
        finally:
            connections.close_all()

    def around(self, revoke: Callable[[], object]) -> tuple[list[int], list[int]]:
        """Statuses of requests begun before it was taken away had returned, and after."""
        threads = [threading.Thread(target=self.run) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        try:
            assert self.enough.wait(120)
            revoke()
            gone = next(self.order)
            while len([n for n, _ in self.answers if n > gone]) < AFTER - BEFORE:
                assert any(thread.is_alive() for thread in threads)
                threading.Event().wait(0.02)
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()
        return (
            [status for begun, status in self.answers if begun < gone],
            [status for begun, status in self.answers if begun > gone],
        )


def membership_of(owner: Actor, actor: Actor) -> int:
    found = people_queries.members(owner)
    return next(m.membership_id for m in found if m.person_id == own_person(actor))


def by_token(world: World, actor: Actor) -> Callable[[], int]:
    """Ask for the sites with a token of this account."""
    headers = {"authorization": f"Bearer {token(actor)}"}
    client = Client(raise_request_exception=False)
    client.get(f"/api/v1/w/{world.slug}/sites", headers=headers)

    def ask() -> int:
        answer = Client().get(f"/api/v1/w/{world.slug}/sites", headers=headers)
        return int(answer.status_code)

    return ask


def by_session(world: World, actor: Actor) -> Callable[[], int]:
    """Open the list of keys in a browser of this account."""
    first = Client()
    first.force_login(Account.objects.get(pk=actor.account_id or 0))
    url = reverse("keys", kwargs={"slug": world.slug})
    first.get(url)

    def ask() -> int:
        browser = Client(raise_request_exception=False)
        browser.cookies = first.cookies
        return int(browser.get(url).status_code)

    return ask


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ("token withdrawn", {401}),
        ("role made smaller, by token", {403}),
        ("role made smaller, by session", {403}),
        ("role at a site ended", {403}),
        ("member removed, by token", {401, 404}),
        ("session ended", {302}),
    ],
)
def test_the_first_request_begun_after_it_is_refused(
    world: World, what: str, refusal: set[int]
) -> None:
    if what == "role at a site ended":
        actor = site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER})
    else:
        actor = member(world.ana, "Dee", Role.KEY_MANAGER)
    mine = membership_of(world.ana, actor)
    ask = (by_session if "session" in what else by_token)(world, actor)
    match what.split(",")[0]:
        case "token withdrawn":
            (row,) = ApiToken.objects.filter(account_id=actor.account_id or 0)
            before, after = Traffic(ask).around(
                lambda: people.withdraw_token(actor, token_id=row.pk)
            )
        case "role made smaller":
            before, after = Traffic(ask).around(
                lambda: people.change_role(world.ana, membership_id=mine, role=Role.HOLDER)
            )
        case "role at a site ended":
            before, after = Traffic(ask).around(
                lambda: people.end_site_role(world.ana, membership_id=mine, site_id=world.site)
            )
        case "session ended":
            (session,) = Session.objects.filter(account_id=actor.account_id or 0)
            before, after = Traffic(ask).around(
                lambda: people.end_session(at_home(actor), session_id=session.pk)
            )
        case _:
            before, after = Traffic(ask).around(
                lambda: people.remove_member(world.ana, membership_id=mine)
            )
    assert before.count(200) >= AT_ONCE
    assert set(before) <= {200} | refusal
    assert len(after) >= AFTER - BEFORE
    assert set(after) <= refusal
