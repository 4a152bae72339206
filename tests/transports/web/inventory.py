"""Every route there is, with one thing of each kind to open it with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from keystead import permissions
from keystead.custody import operations as custody
from keystead.exchange import imports
from keystead.hardware import operations as hardware
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.people import links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Session
from keystead.people.roles import READING, Role
from tests.cast import Register
from tests.sign_in.support import account_of, with_app


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the table of permissions, and the arguments its address takes."""

    name: str
    arguments: tuple[str, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that have a row."""
        return tuple(permissions.ROUTES[self.name])

    def url(self, things: dict[str, Any]) -> str:
        """The address with these things in it."""
        return reverse(self.name, kwargs={name: things[name] for name in self.arguments})


def routes() -> Iterator[Route]:
    """Every route to a page or an act, inside a workspace and outside."""

    def walk(patterns: list[Any], above: tuple[str, ...]) -> Iterator[Route]:
        for pattern in patterns:
            names = (*above, *(pattern.pattern.converters or pattern.pattern.regex.groupindex))
            if isinstance(pattern, URLResolver):
                if pattern.namespace:
                    continue  # the API, which has an inventory of its own
                yield from walk(pattern.url_patterns, names)
            elif isinstance(pattern, URLPattern) and pattern.name in permissions.ROUTES:
                yield Route(pattern.name or "", names)

    yield from walk(get_resolver().url_patterns, ())


def things_of(owner: Actor, register: Register, person_id: int) -> dict[str, Any]:
    """One thing of every kind in the owner's workspace; copy 1 is out to the person."""
    lock = hardware.add_lock(owner, name="Pad", kind="keypad", access_point_id=register.door)
    ring = keys.add_ring(owner, name="Night ring", home_container_id=register.cabinet)
    tag = keys.attach_tag(owner, text="TAG-1", kind="copy", thing_id=register.copy)
    invited = people.invite_new_person(
        owner, name="Guest", role=Role.HOLDER, token=links.new_token()
    )
    return {
        "slug": register.slug,
        "site_id": register.site,
        "space_id": register.hall,
        "access_point_id": register.door,
        "container_id": register.cabinet,
        "lock_id": register.lock,
        "cylinder_id": register.cylinder,
        "code_id": hardware.record_code(owner, lock_id=lock, name="Pad"),
        "key_id": register.key,
        "copy_id": register.copy,
        "ring_id": ring,
        "tag_id": tag,
        "person_id": people.add_person(owner, name="Dora"),
        "firm_id": people.add_firm(owner, name="Locks and Sons"),
        "incident_id": custody.report_damaged(owner, copy_id=register.other_copy, note="bent"),
        "invitation_id": invited.invitation_id,
        "membership_id": people_queries.members(owner)[0].membership_id,
        "token_id": people.make_token(
            owner, name="Script", rights=READING, token=links.new_api_token()
        ).token_id,
        "import_id": imports.upload(owner, b"Key;Copies\nBB;2\n", "keys.csv"),
        "handling": custody.check_out(owner, copy_ids=[register.copy], person_id=person_id).handling
        or 0,
        "token": "a" * 32,
        "account_id": "MQ",
        "link": "abc-def",
        "factor_id": 1,
        "session_id": 1,
        "kind": "csv",
    }


OF_ONES_OWN = {"factor_id", "session_id"}
"""What belongs to an account, not to a workspace."""


def of_ones_own(actor: Actor) -> dict[str, Any]:
    """A second factor of an account, and a second session of it besides the last one."""
    with_app(actor)
    Client().force_login(account_of(actor))
    factor = Authenticator.objects.get(user_id=actor.account_id)
    session = Session.objects.filter(account_id=actor.account_id or 0).latest("pk")
    return {"factor_id": factor.pk, "session_id": session.pk}


def bare(body: bytes, *ids: int) -> bytes:
    """A page without what differs each time: tokens, keys, and the id that was asked for."""
    plain = re.sub(
        rb"(nonce=|csrf_?[Tt]oken|csrfmiddlewaretoken|idempotency_key|X-CSRFToken)[^>]*>", b"", body
    )
    for number in ids:
        plain = re.sub(rb"(?<=[/\"])%d\b" % number, b"#", plain)
    return plain
