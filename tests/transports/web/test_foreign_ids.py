"""Every page and act with another workspace's ids answers as if they did not exist."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from keystead import permissions
from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import ANA, PASSWORD, World

pytestmark = pytest.mark.db
NOWHERE = 987_654_321


def routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every route inside a workspace that takes ids."""

    def walk(patterns: list[Any], above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for pattern in patterns:
            names = (*above, *pattern.pattern.converters)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, names)
            elif isinstance(pattern, URLPattern) and pattern.name in permissions.ROUTES:
                yield pattern.name or "", names

    for name, names in walk(get_resolver().url_patterns, ()):
        if "slug" in names and len(names) > 1:
            yield name, tuple(n for n in names if n != "slug")


def things_of(world: World) -> dict[str, int]:
    """One id of every kind of thing, all Cy's."""
    there = world.elsewhere
    lock = hardware.add_lock(world.cy, name="Pad", kind="keypad", access_point_id=there.door)
    ring = keys.add_ring(world.cy, name="Their ring")
    tag = keys.attach_tag(world.cy, text="THEIRS", kind="copy", thing_id=there.copy)
    firm = people.add_firm(world.cy, name="Their firm")
    incident = custody.report_damaged(world.cy, copy_id=there.other_copy, note="bent")
    out = custody.check_out(world.cy, copy_ids=[there.copy], person_id=world.cy_person)
    return {
        "site_id": there.site,
        "space_id": there.hall,
        "access_point_id": there.door,
        "container_id": there.cabinet,
        "lock_id": there.lock,
        "cylinder_id": there.cylinder,
        "code_id": hardware.record_code(world.cy, lock_id=lock, name="Theirs"),
        "key_id": there.key,
        "copy_id": there.copy,
        "ring_id": ring,
        "tag_id": tag,
        "person_id": world.cy_person,
        "firm_id": firm,
        "incident_id": incident,
        "handling": out.handling or 0,
        "loan_id": out.loan_ids[0],
    }


@pytest.fixture
def ana(world: World) -> Client:
    client = Client()
    assert (
        client.post(
            reverse("account_login"), {"login": ANA, "password": PASSWORD.reveal()}
        ).status_code
        == 302
    )
    return client


def bare(body: bytes, *ids: int) -> bytes:
    """A page without what differs each time: tokens, keys, and the id that was asked for."""
    plain = re.sub(
        rb"(csrf_?[Tt]oken|csrfmiddlewaretoken|idempotency_key|X-CSRFToken)[^>]*>", b"", body
    )
    for number in ids:
        plain = re.sub(rb"(?<=[/\"])%d\b" % number, b"#", plain)
    return plain


def test_foreign_and_made_up_ids_are_answered_alike_on_every_page(
    world: World, ana: Client
) -> None:
    theirs = things_of(world)
    checked = 0
    for name, arguments in routes():
        if not all(argument in theirs for argument in arguments):
            continue
        answers = []
        for ids in (theirs, dict.fromkeys(theirs, NOWHERE)):
            kwargs = {argument: ids[argument] for argument in arguments}
            url = reverse(name, kwargs={"slug": world.slug, **kwargs})
            for method in permissions.ROUTES[name]:
                response = ana.get(url) if method == "GET" else ana.post(url, {})
                if response.status_code == 302:  # see what it says, so that no later page does
                    ana.get(reverse("today", kwargs={"slug": world.slug}))
                asked_for = tuple(kwargs.values())
                answers.append((method, response.status_code, bare(response.content, *asked_for)))
        half = len(answers) // 2
        for theirs_answer, made_up in zip(answers[:half], answers[half:], strict=True):
            assert theirs_answer[:2] == made_up[:2], name
            assert theirs_answer[2].split(b"\n") == made_up[2].split(b"\n"), name
        expected = {"GET": {404}, "POST": {302, 404, 409, 422}}
        assert all(status in expected[method] for method, status, _ in answers), name
        checked += 1
    assert checked >= 20


def test_every_route_that_takes_ids_is_covered(world: World) -> None:
    known = set(things_of(world)) | {"token", "invitation_id", "membership_id", "token_id"}
    unknown = {a for _, arguments in routes() for a in arguments} - known
    assert unknown <= {"kind", "import_id", "uuid", "thing_id", "what"}
