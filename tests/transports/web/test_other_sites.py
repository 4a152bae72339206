"""Scenario 30 in the browser: a manager of site A asks for, or sends, anything of site B."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

import keystead.web
from keystead import permissions
from keystead.custody import operations as custody
from keystead.people import queries as people_queries
from keystead.people.models import Account
from keystead.people.roles import OWN, Role
from tests.cast import World, describe, site_member
from tests.transports.api.test_other_sites import CANARY
from tests.transports.api.things import Things, nowhere, things
from tests.transports.web.inventory import Route, bare, routes
from tests.transports.web.names import names_read

pytestmark = pytest.mark.db


@dataclass(frozen=True, slots=True)
class Sites:
    """Site A with its manager's browser, site B, and ids of nothing."""

    world: World
    a: Things
    b: Things
    nothing: Things
    handlings: dict[int, int]
    membership: int
    manager: Client

    def of(self, register: Things) -> dict[str, Any]:
        """What can stand in an address, for one of the registers."""
        return {
            "site_id": register.site,
            "space_id": register.hall,
            "access_point_id": register.door,
            "container_id": register.cabinet,
            "lock_id": register.lock,
            "cylinder_id": register.cylinder,
            "code_id": register.code,
            "key_id": register.key,
            "copy_id": register.copy,
            "ring_id": register.ring,
            "tag_id": register.tag,
            "incident_id": register.incident,
            "handling": self.handlings.get(register.site, 9_000_000_000_000),
            "import_id": register.staged,
            "membership_id": self.membership,
            "person_id": register.person,
            "firm_id": register.firm,
        }


@pytest.fixture
def sites(world: World) -> Sites:
    a = things(world.ana, world)
    b = things(world.ana, describe(world.ana, world.slug, f" {CANARY}"), f" {CANARY}")
    manager = site_member(world.ana, "Mo", {a.site: Role.KEY_MANAGER})
    client = Client()
    client.force_login(Account.objects.get(pk=manager.account_id or 0))
    out = {
        register.site: custody.check_out(
            world.ana, copy_ids=[register.other_copy], person_id=a.person
        )
        for register in (a, b)
    }
    member = people_queries.members(world.ana)[0]
    return Sites(
        world,
        a,
        replace(b, person=a.person, firm=a.firm),
        replace(nowhere(b), person=a.person, firm=a.firm),
        {site: given.handling or 0 for site, given in out.items()},
        member.membership_id,
        client,
    )


OF_NO_SITE = {"token", "uuid", "invitation_id", "token_id", "kind"}
"""What is nobody's at a site: invitations, tokens, links, and a kind of file."""


def ask(sites: Sites, method: str, url: str, data: Mapping[str, Any]) -> HttpResponse:
    """Send it and hear what was said, so that no later page says it."""
    send = sites.manager.get if method == "GET" else sites.manager.post
    response = send(url, data)
    if response.status_code == 302:
        sites.manager.get(reverse("today", kwargs={"slug": sites.world.slug}))
    if isinstance(response, StreamingHttpResponse):
        return HttpResponse(response.getvalue())
    assert isinstance(response, HttpResponse)
    return response


def masked(sites: Sites, response: HttpResponse) -> bytes:
    """An answer with the ids and names that were asked for masked."""
    text = bare(response.content + response.get("Location", "").encode())
    for register in (sites.b, sites.nothing):
        ids = (*sites.of(register).values(), *register.hooks, *register.copies, register.system)
        for number in ids:
            text = re.sub(rb"(?:(?<=[/\"=-])|(?<=choice\. ))%d\b" % number, b"#", text)
    return text.replace(b"Nothing", CANARY.encode())


def compare(
    sites: Sites, name: str, method: str, urls: tuple[str, str], data: tuple[Any, Any] = ({}, {})
) -> HttpResponse:
    """The answer to B's id, after comparing it with the one to an id of nothing."""
    missing = ask(sites, method, urls[1], data[1])
    theirs = ask(sites, method, urls[0], data[0])
    if method != "GET" and missing.status_code < 400:  # what it leaves out does not hinder it
        missing = ask(sites, method, urls[1], data[1])
    about = (name, method, urls, data)
    assert theirs.status_code == missing.status_code, about
    first, second = masked(sites, theirs), masked(sites, missing)
    assert first.split(b"\n") == second.split(b"\n"), about
    return theirs


def url_of(sites: Sites, route: Route, register: Things) -> str:
    return route.url(sites.of(register) | {"slug": sites.world.slug})


def test_scenario_30_every_route_with_the_id_of_another_site(sites: Sites) -> None:
    checked = 0
    for route in routes():
        ids = set(route.arguments) - {"slug"}
        is_inside = "slug" in route.arguments
        if not is_inside or ids & OF_NO_SITE or ids <= {"person_id", "firm_id"}:
            continue
        theirs, missing = (url_of(sites, route, register) for register in (sites.b, sites.nothing))
        for method in route.methods:
            answer = compare(sites, route.name, method, (theirs, missing))
            expected = {"GET": {403, 404}, "POST": {302, 403, 404, 409, 422}}
            assert answer.status_code in expected[method], (route.name, method)
            assert CANARY.encode() not in answer.content, (route.name, method)
            checked += 1
    assert checked >= 60


def in_a_query(register: Things, mark: str) -> dict[str, Any]:
    """Everything an address or a form may name a thing by."""
    hall, door, box, copy = register.hall, register.door, register.cabinet, register.copy
    return {
        "site": register.site,
        "site_id": register.site,
        "space": hall,
        "space_id": hall,
        "parent_id": hall,
        "inside": hall,
        "from": hall,
        "to": hall,
        "leads_from_id": hall,
        "leads_to_id": hall,
        "holder": f"space-{hall}",
        "on": f"container-{box}",
        "about": f"key-{register.key}",
        "container": box,
        "access_point_id": f"Store door {mark}",
        "doors": door,
        "key": register.key,
        "system": register.system,
        "system_id": register.system,
        "copy": copy,
        "out": copy,
        "without": copy,
        "ring": register.ring,
        "thing_id": copy,
        "tag": f"T-1 {mark}",
        "tags": f"AA {mark}-1",
        "q": f"{mark}",
    }


DIRECTORY = {"person", "person_id", "firm", "firm_id", "returned_by"}
NO_THINGS = {
    "after",
    "before",
    "sheet",
    "field",
    "blocked",
    "copy_id",
    "lock_id",
    "key_id",
    "remember",
}
"""Numbers in addresses that are places in a list, and what refusals of the domain say."""


def test_every_id_that_pages_read_from_addresses_and_forms_is_tried(sites: Sites) -> None:
    here = Path(keystead.web.__file__).parent
    source = "\n".join(path.read_text() for path in here.rglob("*.py"))
    read = re.findall(r"asked\.number\(request, \"(\w+)\"", source)
    read += re.findall(r"numbers\(data, \"(\w+)\"", source)
    read += re.findall(r"self\.fields\[\"(\w+)\"\] = (?:id_choice|forms\.Typed|door)", source)
    read += re.findall(r"data\.get(?:list)?\(\"(\w+)\"", source)
    assert set(read) <= set(in_a_query(sites.b, CANARY)) | DIRECTORY | NO_THINGS


def pages(sites: Sites) -> Iterator[tuple[str, str, str]]:
    """Every page and act of the workspace, about things of site A."""
    known = {*sites.of(sites.a), "slug"}
    for route in sorted(routes(), key=lambda route: route.name):
        if "slug" in route.arguments and set(route.arguments) <= known:
            for method in route.methods:
                yield route.name, method, url_of(sites, route, sites.a)


PLACES_IN_LISTS = {("people", "from")}
"""Where a name that elsewhere means a thing says how much of a list to leave out."""


def test_scenario_30_every_page_and_form_with_an_id_of_another_site(sites: Sites) -> None:
    theirs, missing = in_a_query(sites.b, CANARY), in_a_query(sites.nothing, "Nothing")
    tried: set[str] = set()
    for name, method, url in pages(sites):
        if method == "POST" and name.endswith(("retire", "end", "remove", "close")):
            continue  # they take no ids but that in their address, and would end what others need
        done: set[str] = set()
        fuller = f"{url}?site={sites.a.site}&copy={sites.a.copy}"
        for base in (url, fuller) if name.endswith(("add", "out", "on")) else (url,):
            with names_read() as read:
                ask(sites, method, base, {})
                ask(sites, method, base, missing)
            for field in sorted((read & set(theirs)) - done):
                if (name, field) in PLACES_IN_LISTS:
                    continue
                data = ({field: theirs[field]}, {field: missing[field]})
                answer = compare(sites, name, method, (base, base), data)
                assert answer.status_code != 500, (name, method, field)
                done.add(field)
        tried |= {f"{method} {name} {field}" for field in done}
    assert len(tried) >= 100
    assert set(theirs) - {attempt.rsplit(" ", 1)[1] for attempt in tried} == UNSEEN


UNSEEN = {"about", "system_id"}
"""The journal is not for managers of a site; a key system is asked for where there are some."""


def test_scenario_30_no_page_shows_anything_of_another_site(sites: Sites) -> None:
    checked = 0
    for name, method, url in pages(sites):
        if method == "GET":
            answer = sites.manager.get(url)
            text = getattr(answer, "content", None) or answer.getvalue()
            needs = permissions.ROUTES[name]["GET"]
            own = permissions.right_of(needs) in OWN
            expected = {200, 302} if own or permissions.is_per_site(needs) else {403}
            assert answer.status_code in expected, (name, answer.status_code)
            assert CANARY.encode() not in text, name
            checked += answer.status_code == 200
    assert checked >= 50
