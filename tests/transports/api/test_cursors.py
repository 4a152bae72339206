"""Cursors: where a list goes on, whatever happens to it meanwhile."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.people import queries as people_queries
from tests.cast import World
from tests.transports.api.things import CLIENT, Caller, caller, things, token

pytestmark = pytest.mark.db

LISTS = (
    "/sites",
    "/spaces",
    "/access-points",
    "/containers",
    "/containers/{cabinet}/positions",
    "/containers/{cabinet}/contents",
    "/containers/{cabinet}/belonging",
    "/locks?access_point_id={door}",
    "/locks/{lock}/cylinders",
    "/cylinders",
    "/codes",
    "/key-systems",
    "/keys",
    "/key-tree",
    "/keys/{key}/below",
    "/keys/{key}/opens",
    "/openers?access_point_id={door}",
    "/balances",
    "/copies",
    "/copies/{copy}/history",
    "/rings",
    "/past-loans",
    "/out",
    "/mine",
    "/to-review",
    "/incidents?open_only=false",
    "/persons",
    "/firms",
    "/firms/{firm}/workers",
    "/members",
    "/imports",
    "/journal",
    "/story/copy/{copy}",
)


def fill(world: World) -> Any:
    """At least two of most things, in and out, late and open-ended."""
    t = things(world.ana, world)
    other = keys.add_key(world.ana, symbol="BB", name="Other")
    below = keys.add_key(world.ana, symbol="CC")
    keys.change_key(world.ana, key_id=below, version=1, symbol="CC", name="", parent_id=other)
    copies = custody.cut_copies(world.ana, key_id=other, count=4)
    for name in ("Zoe", "Bo", "Bo", "ana", "Ärna"):
        people.add_person(world.ana, name=name, firm_id=t.firm)
    for number, copy_id in enumerate([*copies, t.copy]):
        due = now() + timedelta(days=20 - number) if number % 2 else None
        custody.check_out(world.ana, copy_ids=[copy_id], person_id=world.ana_person, due_at=due)
    custody.return_copies(world.ana, copy_ids=[t.copy, copies[0]])
    return t


def pages(ana: Caller, path: str, limit: int) -> list[list[Any]]:
    """The items of every page of a list."""
    plain, _, asked = path.partition("?")
    query: dict[str, Any] = {"limit": limit}
    query |= dict(one.split("=") for one in asked.split("&")) if asked else {}
    found = []
    while True:
        page = ana.get(plain, **query)
        found.append(page["items"])
        if page["next"] is None:
            return found
        assert len(page["items"]) == limit
        query["after"] = quote(page["next"])
        assert len(found) < 200, "it never ends"


def test_pages_of_one_are_the_whole_list_in_its_order(world: World) -> None:
    t, ana = fill(world), caller(world)
    things = {name: getattr(t, name) for name in ("cabinet", "door", "lock", "key", "copy", "firm")}
    longest = 0
    for path in LISTS:
        (whole,) = pages(ana, path.format(**things), 200)
        single = pages(ana, path.format(**things), 1)
        assert [item for page in single for item in page] == whole, path
        longest = max(longest, len(single))
    assert longest > 20


def test_what_is_added_meanwhile_repeats_and_skips_nothing(world: World) -> None:
    ana = caller(world)
    for name in ("Kim", "Lou", "Max"):
        people.add_person(world.ana, name=name)
    first = ana.get("/persons", limit=3)
    assert [one["name"] for one in first["items"]] == ["Ana", "Bo", "Kim"]
    people.add_person(world.ana, name="Al")
    people.add_person(world.ana, name="Mia")
    people.change_person(
        world.ana,
        person_id=first["items"][2]["id"],
        version=1,
        name="Zac",
        firm_id=None,
        department="",
        email="",
        phone="",
    )
    rest = ana.get("/persons", limit=10, after=quote(first["next"]))
    assert [one["name"] for one in rest["items"]] == ["Lou", "Max", "Mia", "Zac"]


def test_a_loan_that_ends_meanwhile_moves_no_other(world: World) -> None:
    t, ana = fill(world), caller(world)
    whole = [stay["copy_id"] for stay in ana.get("/out")["items"]]
    first = ana.get("/out", limit=2)
    custody.return_copies(world.ana, copy_ids=whole[:2])
    rest = ana.get("/out", limit=10, after=quote(first["next"]))
    assert [stay["copy_id"] for stay in rest["items"]] == whole[2:]
    assert t.copy not in whole


def test_the_link_header_leads_to_the_next_page(world: World) -> None:
    ana, secret = caller(world), token(world.ana)
    answer = ana("GET", "/copies", query={"limit": 1, "key_id": world.key})
    address = answer["Link"].partition(">")[0].removeprefix("<")
    assert answer["Link"].endswith('; rel="next"')
    following = CLIENT.get(address, headers={"Authorization": f"Bearer {secret}"})
    assert [c["id"] for c in json.loads(following.content)["items"]] == [world.other_copy]
    assert "Link" not in following


def test_a_cursor_is_good_for_its_own_list_only(world: World) -> None:
    ana = caller(world)
    custody.cut_copies(world.ana, key_id=world.key, count=3)
    cursor = ana.get("/copies", limit=1)["next"]
    good = quote(cursor)
    elsewhere = Caller(world.elsewhere.slug, token(world.cy))
    assert ana("GET", "/copies", query={"limit": 2, "after": good}).status_code == 200
    for someone, path, query in (
        (ana, "/keys", {"after": good}),
        (ana, "/copies", {"after": good, "key_id": str(world.key)}),
        (ana, "/copies", {"after": good, "text": ""}),
        (ana, "/copies", {"after": quote(cursor[:-1])}),
        (ana, "/copies", {"after": quote(cursor.swapcase())}),
        (ana, "/copies", {"after": ""}),
        (ana, "/copies", {"after": "%00"}),
        (ana, "/copies", {"after": "W10:abc"}),
        (ana, "/copies", {"after": "x" * 5000}),
        (elsewhere, "/copies", {"after": good}),
    ):
        refused = someone("GET", path, query=query)
        said = json.loads(refused.content)
        assert (refused.status_code, said["data"]["field"]) == (422, "after"), query
        assert said["detail"]
    assert unquote(good) == cursor


def test_copies_are_found_by_where_they_are(world: World) -> None:
    t, ana = fill(world), caller(world)
    people.add_person(world.ana, name="Nobody")

    def found(**query: Any) -> set[int]:
        return {copy["id"] for copy in ana.get("/copies", **query)["items"]}

    held = {stay["copy_id"] for stay in ana.get("/out")["items"]}
    assert found(state="held") == held == found(person_id=world.ana_person)
    assert found(state="stored", container_id=t.cabinet) == found(site_id=t.site)
    assert found(text="BB-") == set()
    assert found(text="bb") >= held
    assert found(state="destroyed") == set()
    assert ana("GET", "/copies", query={"state": "eaten"}).status_code == 422


def test_what_changed_since_an_entry_is_found(world: World) -> None:
    ana = caller(world)
    at = ana.get("/journal/seal")["sequence"]
    assert ana.get("/copies", changed_since=at)["items"] == []
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    assert [c["id"] for c in ana.get("/copies", changed_since=at)["items"]] == [world.copy]
    assert [p["name"] for p in ana.get("/persons", changed_since=at)["items"]] == ["Bo"]
    assert people_queries.person(world.ana, world.bo_person).name == "Bo"
