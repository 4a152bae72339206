"""Who may open which page of the register, and what opening a list costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keystead import permissions
from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.kernel.rights import Right
from keystead.people import links
from keystead.people import operations as people
from keystead.people.models import Account
from keystead.people.roles import ROLES, Role
from keystead.places import operations as places
from keystead.web.routes import reading, register
from tests.cast import ANA, CY, World, member

pytestmark = pytest.mark.db
NAMES = sorted({str(p.name) for p in [*register.urlpatterns, *reading.urlpatterns]})
MOST_QUERIES = {"journal": 18}


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(email=email))
    return client


@pytest.fixture
def things(world: World) -> dict[str, int]:
    """One id of each kind of thing, all Ana's."""
    code = hardware.record_code_on(world.ana, name="Pad", access_point_id=world.door)
    incident = custody.report_damaged(world.ana, copy_id=world.copy, note="bent")
    return {
        "site_id": world.site,
        "space_id": world.hall,
        "access_point_id": world.door,
        "container_id": world.cabinet,
        "lock_id": world.lock,
        "cylinder_id": world.cylinder,
        "key_id": world.key,
        "code_id": code,
        "incident_id": incident,
        "membership_id": 1,
        "invitation_id": 1,
        "token_id": 1,
    }


def address(world: World, things: dict[str, int], name: str) -> str:
    pattern = next(p for p in [*register.urlpatterns, *reading.urlpatterns] if p.name == name)
    wanted = {argument: things[argument] for argument in pattern.pattern.converters}
    return reverse(name, kwargs={"slug": world.slug, **wanted})


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_its_rights_open(
    world: World, things: dict[str, int], role: Role
) -> None:
    member(world.ana, "Dee", role, email="dee@harbour.example")
    dee = signed_in("dee@harbour.example")
    for name in NAMES:
        for method, needs in permissions.ROUTES[name].items():
            answer = dee.generic(method, address(world, things, name))
            is_refused = permissions.right_of(needs) not in ROLES[role]
            assert (answer.status_code == 403) == is_refused, (name, method, answer.status_code)
            assert answer.status_code != 500


def test_a_stranger_finds_no_page_at_all(world: World, things: dict[str, int]) -> None:
    cy = signed_in(CY)
    texts = set()
    for name in NAMES:
        for method in permissions.ROUTES[name]:
            answer = cy.generic(method, address(world, things, name))
            assert answer.status_code == 404, (name, method)
            texts.add("There is no such workspace" in answer.content.decode())
    unknown = cy.get(reverse("places", kwargs={"slug": "no-such-workspace"}))
    assert texts == {True}
    assert "There is no such workspace" in unknown.content.decode()


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(
    world: World, things: dict[str, int]
) -> None:
    for name in NAMES:
        for method in permissions.ROUTES[name]:
            answer = Client().generic(method, address(world, things, name))
            assert answer.status_code == 302, (name, method)
            assert answer["Location"].startswith(reverse("account_login"))


def test_auditors_are_offered_nothing_they_may_not_do(world: World, things: dict[str, int]) -> None:
    member(world.ana, "Dee", Role.AUDITOR, email="dee@harbour.example")
    dee = signed_in("dee@harbour.example")
    readable = [n for n in NAMES if permissions.ROUTES[n].get("GET") == Right.SEE_REGISTER]
    for name in readable:
        body = dee.get(address(world, things, name)).content.decode()
        for other in NAMES:
            needs = permissions.ROUTES[other]
            right = permissions.right_of(needs.get("POST") or needs["GET"])
            if right not in ROLES[Role.AUDITOR]:
                there = address(world, things, other)
                assert f'"{there}' not in body, f"{name} offers {other}"


Fill = Callable[[World], None]


def more_doors(world: World) -> None:
    for number in range(30):
        door = places.add_access_point(world.ana, site_id=world.site, name=f"Door {number}")
        hardware.add_lock(
            world.ana, name=f"Door {number}", access_point_id=door, cylinder_number=f"C{number}"
        )


def more_codes(world: World) -> None:
    for number in range(20):
        box = hardware.add_container(world.ana, site_id=world.site, name=f"Box {number}")
        code = hardware.record_code_on(world.ana, name=f"Box {number}", container_id=box)
        hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)


def more_incidents(world: World) -> None:
    for copy_id in custody.cut_copies(world.ana, key_id=world.key, count=20):
        custody.report_missing(world.ana, copy_ids=[copy_id], note="gone")


def more_sites(world: World) -> None:
    for number in range(20):
        places.add_site(world.ana, name=f"Site {number}")


def more_members(world: World) -> None:
    for number in range(15):
        member(world.ana, f"Member{number}", Role.HOLDER)
        people.invite_new_person(
            world.ana, name=f"Guest {number}", role=Role.HOLDER, token=links.new_token()
        )


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as queries:
        yield queries


@pytest.mark.parametrize(
    ("name", "fill"),
    [
        ("places", more_sites),
        ("access-points", more_doors),
        ("cylinders", more_doors),
        ("codes", more_codes),
        ("incidents", more_incidents),
        ("members", more_members),
        ("journal", more_doors),
    ],
)
def test_a_longer_list_needs_no_more_queries(world: World, name: str, fill: Fill) -> None:
    ana, url = signed_in(ANA), reverse(name, kwargs={"slug": world.slug})
    ana.get(url)
    fill(world)
    with counted() as queries:
        assert ana.get(url).status_code == 200
    assert len(queries) <= MOST_QUERIES.get(name, 14), "\n".join(q["sql"][:160] for q in queries)
