"""A text nobody else has in every field of one workspace; no trace of one in any other.

The fields come from the tables: a new one is filled, too, or the test says that it is not.
"""

import io
import itertools
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse

from keystead.journal.models import Entry, Workspace
from keystead.keys import operations as keys
from keystead.people.models import Account
from tests.authorisation.powers import own_models
from tests.authorisation.principals import session
from tests.cast import World, describe
from tests.transports.api.examples import examples
from tests.transports.api.things import Caller, Things, things, token
from tests.transports.web.inventory import of_ones_own, routes, things_of

pytestmark = [pytest.mark.db, pytest.mark.once]

TEXT = (models.CharField, models.TextField)
CHOSEN = {
    "kind", "state", "status", "role", "reason", "channel", "template", "time_zone", "locale",
    "handle", "fingerprint", "principal", "by", "encoding", "separator", "second_factor_for",
    "prefix", "password", "file_hash", "key_hash", "problem", "reader", "holder", "bucket",
    "subject",
}  # fmt: skip
"""Columns of closed sets of words and of hashes: nobody types into them."""
NOT_FILLED = {
    "journal.Entry.body": "no row of the journal can be changed; its facts name filled things",
    "journal.Entry.name": "names of facts",
    "journal.Lease.name": "names of tasks of the worker",
    "people.Session.data": "signed by the server",
    "exchange.ImportedCopy.sheet": "only written while an import is carried out; no page reads it",
}

WHO = ("nobody", "owner", "key manager", "holder", "auditor", "key manager of the site")


def text_fields() -> dict[str, tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every column somebody's words can get into, by its full name."""
    return {
        f"{model._meta.label}.{field.name}": (model, field)
        for model in own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT) and field.name not in CHOSEN
    }


def rows_of(model: type[models.Model], world: World) -> models.QuerySet[Any]:
    """The rows of a table that belong to Cy's workspace, or to his account."""
    names = {field.attname for field in model._meta.concrete_fields}
    rows = model._base_manager.all()
    if model is Workspace:
        return rows.filter(pk=world.elsewhere.workspace)
    if "workspace_id" in names:
        return rows.filter(workspace_id=world.elsewhere.workspace)
    own = {"account_id": world.cy.account_id} if "account_id" in names else {"pk": 0}
    return rows.filter(**({"pk": world.cy.account_id} if model is Account else own))


class Canaries:
    """The texts, each of 20 characters, and where each was put."""

    def __init__(self) -> None:
        self.where: dict[str, str] = {}
        self.numbers = itertools.count(10**9)

    def new(self, where: str) -> str:
        text = f"Quokka{next(self.numbers):010d}Zyzz"
        self.where[text] = where
        return text

    def seen_in(self, content: bytes) -> set[str]:
        """Where those were put that stand in this answer, or in the parts of an archive."""
        parts = [content]
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        texts = [part.lower() for part in parts]
        marks = (b"quokka", "quokka".encode("utf-16-le"))
        if not any(mark in text for text in texts for mark in marks):
            return set()
        return {
            where
            for canary, where in self.where.items()
            for form in (canary.lower().encode(), canary.lower().encode("utf-16-le"))
            if any(form in text for text in texts)
        }


def flood(world: World) -> tuple[Canaries, Things]:
    """Fill Cy's workspace: through operations first, so that facts tell it, then every column."""
    canaries = Canaries()
    mark = canaries.new("names in facts")
    register = things(world.cy, describe(world.cy, world.elsewhere.slug, f" {mark}"), f" {mark}")
    again = replace(world.cy, idempotency_key="the first time")
    keys.add_key_system(again, name=f"Again {mark}")
    Client().force_login(Account.objects.get(pk=world.cy.account_id or 0))
    for name, (model, field) in text_fields().items():
        if name in NOT_FILLED:
            continue
        rows = list(rows_of(model, world).values_list("pk", flat=True))
        assert rows, f"{name}: make a row of it in Cy's workspace, or say why not"
        for pk in rows:
            canary = canaries.new(name)
            model._base_manager.filter(pk=pk).update(**{field.attname: canary})
    entries = Entry.objects.filter(workspace_id=world.elsewhere.workspace)
    assert any(mark in entry.body for entry in entries)
    return canaries, register


def content_of(answer: Any) -> bytes:
    """The whole answer: headers, and the body even where it is streamed."""
    body = answer.getvalue() if answer.streaming else answer.content
    if body.startswith(b"PK"):
        return bytes(body)
    return bytes(body) + repr(dict(answer.items())).encode()


def test_no_text_of_another_workspace_is_in_any_answer(world: World) -> None:
    ours = things_of(world.ana, world, world.bo_person)
    api_ours = things(world.ana, world)
    theirs = things_of(world.cy, world.elsewhere, world.cy_person)
    people = [session(world, name) for name in WHO]
    tokens = [token(who.actor) for who in people if who.actor is not None]
    canaries, api_theirs = flood(world)
    assert len(canaries.where) >= 60
    asked, found = 0, set[str]()

    def look(answer: Any, about: str) -> None:
        nonlocal asked
        asked += 1
        found.update(f"{about}: {where}" for where in canaries.seen_in(content_of(answer)))

    starts = [*sorted({canary[:14] for canary in canaries.where}), "Quokka", "zyzz"]
    for who in people:
        own = of_ones_own(who.actor) if who.actor is not None else {}
        for route in routes():
            if route.name in ("account_logout",):
                continue
            for ids in (ours | own, theirs | {"slug": world.slug}, theirs):
                if "GET" in route.methods:
                    look(who.client.get(route.url(ids)), f"{who.name} GET {route.name}")
        for start in starts[:: 1 if who.name == "owner" else 9]:
            for name, field in (("search", "q"), ("people", "q"), ("keys", "q"), ("holders", "q")):
                url = reverse(name, kwargs={"slug": world.slug})
                look(who.client.get(url, {field: start}), f"{who.name} {name}")
    for text in tokens:
        call = Caller(world.slug, text)
        for things_ in (api_ours, api_theirs):
            for example in examples(things_):
                if example.method == "GET":
                    look(call("GET", example.path), f"API {example.operation_id}")
        for start in starts[::7]:
            look(call("GET", f"/search?text={start}"), "API search")
    for who in people[1:]:  # refusals of what would change something
        for route in routes():
            if "POST" in route.methods and "slug" in route.arguments and len(route.arguments) > 1:
                url = route.url(theirs | {"slug": world.slug})
                look(who.client.post(url, {"copy": theirs["copy_id"]}), f"POST {route.name}")
                look(who.client.get(reverse("me", kwargs={"slug": world.slug})), route.name)
    call = Caller(world.slug, tokens[0])
    for example in examples(api_theirs):
        if example.method != "GET":
            look(call(example.method, example.path, example.body), f"API {example.operation_id}")
    for letter in mail.outbox:
        found.update(canaries.seen_in(letter.message().as_bytes()))
    assert not found, "\n".join(sorted(found))
    assert asked >= 2_000


def test_a_canary_is_found_where_there_is_one(world: World) -> None:
    canaries, _ = flood(world)
    secret = token(world.cy)
    slug = Workspace.objects.get(pk=world.elsewhere.workspace).slug
    answer = Caller(slug, secret)("GET", "/sites")
    assert canaries.seen_in(content_of(answer)) >= {"places.Site.name", "places.Site.address"}
    files = Caller(slug, secret)("GET", "/copies.csv")
    assert canaries.seen_in(content_of(files))
