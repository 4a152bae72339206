"""Where everything is measured: one seeded database, who acts on it, and how often."""

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.utils.timezone import now

from keystead.kernel.actor import Actor
from keystead.people import links
from keystead.people import operations as people
from keystead.people.models import Account, Membership
from tests.bench.bare import Bare
from tests.bench.seed import SLUG


@dataclass(frozen=True)
class Stand:
    """A seeded database behind Django's settings, and its owner with a session and a token."""

    url: str
    folder: Path
    rounds: int
    scale: str
    owner: Actor
    cookies: str
    token: str
    dice: Random

    @property
    def workspace_id(self) -> int:
        """The large workspace."""
        return self.owner.workspace_id

    @property
    def is_quick(self) -> bool:
        """Whether this only tries things out."""
        return self.scale == "quick"

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the embedded database."""
        return connection.vendor == "sqlite"

    @property
    def page(self) -> str:
        """The address of the workspace's pages."""
        return f"/w/{SLUG}"

    @property
    def api(self) -> str:
        """The address of the workspace's API."""
        return f"/api/v1/w/{SLUG}"

    @property
    def by_token(self) -> dict[str, str]:
        """The headers of a program."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def by_session(self) -> dict[str, str]:
        """The headers of a browser that is signed in."""
        return {"Cookie": self.cookies}

    def bare(self) -> "closing[Bare]":
        """A connection of the bare driver, with the settings Keystead uses."""
        return closing(Bare(self.url))

    def browser(self) -> Browser:
        """Requests inside this process, for looking at their statements."""
        browser = Browser(headers=self.by_token)
        browser.force_login(Account.objects.get(pk=self.owner.account_id or 0))
        return browser

    def ids(self, sql: str, *values: Any) -> list[int]:
        """The first column of what a query finds; `%s` stands for values."""
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [row[0] for row in cursor.fetchall()]


def stand(folder: Path, rounds: int, *, scale: str) -> Stand:
    """Give the owner a session and a token in the database that Django is set up for."""
    member = Membership.objects.get(workspace__slug=SLUG, role="owner", ended_at=None)
    owner = Actor(
        workspace_id=member.workspace_id,
        channel="web",
        account_id=member.account_id,
        factor_at=now(),
    )
    token = links.new_api_token()
    people.make_token(owner, name="bench", token=token)
    browser = Browser()
    browser.force_login(Account.objects.get(pk=owner.account_id or 0))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    return Stand(
        url=os.environ["DATABASE_URL"],
        folder=folder,
        rounds=rounds,
        scale=scale,
        owner=owner,
        cookies=cookies,
        token=token.reveal(),
        dice=Random(7),
    )
