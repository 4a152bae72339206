"""Who sees which page of custody, from the one table; and what a page costs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keystead import permissions
from keystead.custody import operations as custody
from keystead.journal.operation import rights_of
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.people import access
from keystead.people import operations as people
from keystead.permissions.needs import GET_REGISTER
from keystead.web.routes.custody import urlpatterns
from tests.cast import World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db

NAMES = sorted(str(pattern.name) for pattern in urlpatterns)


def arguments(world: World) -> dict[str, int]:
    """An id for every argument a route may take."""
    return {
        "copy_id": world.copy,
        "key_id": world.key,
        "ring_id": keys.add_ring(world.ana, name="R7", copy_ids=[world.copy]),
        "container_id": world.cabinet,
        "person_id": world.bo_person,
        "firm_id": people.add_firm(world.ana, name="Köhler"),
        "cylinder_id": world.cylinder,
        "tag_id": keys.attach_tag(world.ana, text="KS1", kind="copy", thing_id=world.copy),
        "handling": 1,
    }


def addresses(world: World, slug: str) -> dict[str, str]:
    """The address of every page of custody, by its name."""
    known = arguments(world)
    found = {}
    for pattern in urlpatterns:
        kwargs = {name: known[name] for name in pattern.pattern.converters}
        found[str(pattern.name)] = reverse(str(pattern.name), kwargs={"slug": slug, **kwargs})
    return found


def test_every_page_of_custody_has_a_row() -> None:
    assert set(NAMES) <= set(permissions.ROUTES)


@pytest.mark.parametrize("who", ["ana", "bo", "auditor"])
def test_each_role_gets_what_the_table_allows(
    world: World, ana_at: Pages, bo_at: Pages, auditor_at: Pages, who: str
) -> None:
    pages = {"ana": ana_at, "bo": bo_at, "auditor": auditor_at}[who]
    actor = access.actor_for(int(pages.client.session["_auth_user_id"]), world.slug, "web")
    rights = rights_of(actor)
    for name, url in addresses(world, world.slug).items():
        for method, needs in permissions.ROUTES[name].items():
            if method == "POST" and permissions.right_of(needs) in rights:
                continue  # what it does is tested where it belongs
            answer = pages.client.get(url) if method == "GET" else pages.client.post(url, {})
            allowed = permissions.right_of(needs) in rights
            expected = {200, 302} if allowed else {403}
            assert answer.status_code in expected, (who, method, name)


def test_a_stranger_finds_no_workspace(world: World, cy_at: Pages) -> None:
    nowhere = cy_at.client.get(reverse("today", kwargs={"slug": "nowhere"}))
    for name, url in addresses(world, world.slug).items():
        method = "GET" if "GET" in permissions.ROUTES[name] else "POST"
        answer = cy_at.client.get(url) if method == "GET" else cy_at.client.post(url, {})
        assert answer.status_code == nowhere.status_code == 404, name


def test_nobody_signed_in_is_sent_to_the_sign_in(world: World, ana_at: Pages) -> None:
    ana_at.client.logout()
    for name, url in addresses(world, world.slug).items():
        method = "GET" if "GET" in permissions.ROUTES[name] else "POST"
        answer = ana_at.client.get(url) if method == "GET" else ana_at.client.post(url, {})
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("account_login")), name


def test_an_auditor_sees_everything_and_is_offered_nothing(world: World, auditor_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    for name, url in addresses(world, world.slug).items():
        if permissions.ROUTES[name].get("GET") != GET_REGISTER["GET"]:
            continue
        html = auditor_at.client.get(url).content.decode()
        main = html.partition('id="main"')[2].partition("</main>")[0]
        posts = main.count('method="post"')
        assert posts == 0, name


def test_a_page_that_only_posts_says_so(world: World, ana_at: Pages) -> None:
    assert ana_at.client.get(ana_at.url("undo", handling=1)).status_code == 405


def filled(world: World, count: int) -> None:
    """Keys, copies, rings, containers and people, `count` of each, half of the copies out."""
    actor: Actor = world.ana
    for number in range(count):
        key_id = custody.add_key_with_copies(actor, symbol=f"K{number}", copies=2)
        person = people.add_person(actor, name=f"Person {number}")
        copy_ids = custody.cut_copies(actor, key_id=key_id, count=2)
        custody.check_out(actor, copy_ids=copy_ids, person_id=person)
        keys.add_ring(actor, name=f"R{number}", copy_ids=copy_ids)


def queries_of(pages: Pages, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert pages.client.get(url).status_code == 200
    return len(seen)


LISTS: list[tuple[str, dict[str, Any], int]] = [
    ("today", {}, 20),
    ("out", {}, 16),
    ("keys", {}, 17),
    ("rings", {}, 15),
    ("containers", {}, 13),
    ("people", {}, 13),
]


@pytest.mark.parametrize(("name", "kwargs", "most"), LISTS)
def test_a_list_costs_the_same_however_long_it_is(
    world: World, ana_at: Pages, name: str, kwargs: dict[str, Any], most: int
) -> None:
    filled(world, 3)
    url = ana_at.url(name, **kwargs)
    queries_of(ana_at, url)  # the first time, caches are cold
    few = queries_of(ana_at, url)
    custody.cut_copies(world.ana, key_id=world.key, count=20)
    more = custody.cut_copies(world.ana, key_id=world.key, count=20)
    custody.check_out(world.ana, copy_ids=more, person_id=world.bo_person)
    people.add_person(world.ana, name="One more")
    keys.add_ring(world.ana, name="One more", copy_ids=more[:5])
    custody.add_key_with_copies(world.ana, symbol="ZZ", copies=5)
    assert queries_of(ana_at, url) == few
    assert few <= most


@pytest.mark.parametrize("name", ["key", "copy", "ring", "container", "person", "firm"])
def test_a_page_of_one_thing_costs_the_same_however_much_it_holds(
    world: World, ana_at: Pages, name: str
) -> None:
    url = addresses(world, world.slug)[name]
    custody.check_out(world.ana, copy_ids=[world.other_copy], person_id=world.bo_person)
    queries_of(ana_at, url)
    few = queries_of(ana_at, url)
    more = custody.cut_copies(world.ana, key_id=world.key, count=20, container_id=world.cabinet)
    custody.check_out(world.ana, copy_ids=more[:10], person_id=world.bo_person)
    assert queries_of(ana_at, url) <= few + 1
    assert few <= 31
