"""A person at the pages: signed in as an actor of the cast, without JavaScript."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.kernel.actor import Actor
from keystead.people.models import Account
from tests.cast import World

Fields = dict[str, Any]


class Pages:
    """What one person sees and sends in one workspace."""

    def __init__(self, actor: Actor, slug: str) -> None:
        self.client = Client()
        self.client.force_login(Account.objects.get(pk=actor.account_id or 0))
        self.slug = slug

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a page of the workspace."""
        return reverse(name, kwargs={"slug": self.slug, **kwargs})

    def get(self, name: str, *, status: int = 200, query: Any = None, **kwargs: Any) -> str:
        """The words of a page."""
        asked = f"?{urlencode(query, doseq=True)}" if query else ""
        response = self.client.get(self.url(name, **kwargs) + asked)
        assert response.status_code == status, response.content.decode()
        return words(response.content.decode())

    def send(self, name: str, data: Fields | None = None, **kwargs: Any) -> HttpResponse:
        """Post a form and return the answer as it is."""
        response = self.client.post(self.url(name, **kwargs), data or {})
        assert isinstance(response, HttpResponse)
        return response

    def post(
        self, name: str, data: Fields | None = None, *, status: int = 302, **kwargs: Any
    ) -> str:
        """Post a form; the words of the answer, or what the next page will tell."""
        response = self.send(name, data, **kwargs)
        text = response.content.decode()
        assert response.status_code == status, words(text)
        return self.told(response) if status == 302 else words(text)

    def told(self, response: HttpResponse) -> str:
        """What was said about an act; heard once, as the page after it does."""
        request = self.client.get(self.url("me")).wsgi_request
        said = " ".join(str(message) for message in get_messages(request))
        return said or words(self.client.get(response["Location"]).content.decode())


@dataclass(frozen=True, slots=True)
class OldWorld:
    """The cast in a demonstration whose copy has hung in the cabinet for ten days."""

    world: World
    copy: int
    ana_at: Pages

    def ana(self, **ago: float) -> Actor:
        """Ana, acting that long ago."""
        return replace(self.world.ana, at=now() - timedelta(**ago))


def old_world(world: World) -> OldWorld:
    """Set the scene in a demonstration, where the past can be written."""
    past = replace(world.ana, at=now() - timedelta(days=10))
    hook = world.hooks[2]
    (copy,) = custody.cut_copies(
        past, key_id=world.key, container_id=world.cabinet, position_id=hook
    )
    return OldWorld(world, copy, Pages(world.ana, world.slug))


def words(html: str) -> str:
    """The text of a page without its frame's scripts, blanks folded."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", html, flags=re.S)
    body = re.sub(r"</?bdi>", "", body)  # parts no words from their quotes
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
