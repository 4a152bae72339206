"""Lists over the API: paging, filters, times at the site, and how often they ask the database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import World
from tests.transports.api.things import Caller, caller, counted_queries

pytestmark = pytest.mark.db


def everything(ana: Caller, path: str, **query: Any) -> list[Any]:
    """All items of a list, page by page."""
    found: list[Any] = []
    while True:
        page = ana.get(path, limit=2, **query)
        found += page["items"]
        if page["next"] is None:
            return found
        assert len(page["items"]) == 2
        query["after"] = quote(page["next"])


def test_pages_follow_each_other_without_gap_or_repetition(world: World) -> None:
    custody.cut_copies(world.ana, key_id=world.key, count=5)
    ana = caller(world)
    labels = [copy["label"] for copy in everything(ana, "/copies")]
    assert labels == [f"AA·{number}" for number in range(1, 8)]
    assert len(ana.get("/copies", limit=7)["items"]) == 7
    assert ana.get("/copies", limit=7)["next"] is None


def test_the_journal_reads_backwards_page_by_page(world: World) -> None:
    ana = caller(world)
    first = ana.get("/journal", limit=3)
    second = ana.get("/journal", limit=200, after=quote(first["next"]))
    numbers = [entry["sequence"] for entry in (*first["items"], *second["items"])]
    assert numbers == list(range(first["items"][0]["sequence"], 0, -1))
    assert second["next"] is None
    older = ana.get("/journal", limit=200, before=first["items"][-1]["sequence"])
    assert older["items"] == second["items"]


def test_journal_entries_are_told_and_kept_as_data(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="paint")
    entry = caller(world).get("/journal", limit=1, name="custody.copy-checked-out")["items"][0]
    assert entry["payload"]["copy_id"] == world.copy
    assert (entry["who"], entry["channel"], entry["remark"]) == ("Ana", "web", "paint")
    assert "Bo" in entry["sentence"]
    assert "AA·1" in entry["sentence"]


def test_what_is_out_can_be_filtered(world: World) -> None:
    day = timedelta(days=1)
    custody.check_out(
        world.ana, copy_ids=[world.copy], person_id=world.bo_person, due_at=now() + day
    )
    custody.check_out(world.ana, copy_ids=[world.other_copy], space_id=world.store)
    ana = caller(world)
    assert len(ana.get("/out")["items"]) == 2
    assert [stay["copy_id"] for stay in ana.get("/out", person_id=world.bo_person)["items"]] == [
        world.copy
    ]
    assert [stay["space_name"] for stay in ana.get("/out", space_id=world.store)["items"]] == [
        "Store"
    ]
    assert ana.get("/out", overdue_only="true")["items"] == []
    assert ana.get("/today")["out"] == 2
    assert [stay["copy_id"] for stay in caller(world, world.bo).get("/mine")["items"]] == [
        world.copy
    ]


def test_scenario_26_times_are_those_of_the_site_whoever_reads_them(demo: World) -> None:
    world = demo
    august = Actor(
        workspace_id=world.ana.workspace_id,
        channel="web",
        account_id=world.ana.account_id,
        at=datetime(2026, 8, 3, 9, 0, tzinfo=UTC),
    )
    custody.check_out(
        august,
        copy_ids=[world.copy],
        person_id=world.bo_person,
        due_at=datetime(2026, 8, 3, 16, 0, tzinfo=UTC),
    )
    page = caller(world).get("/out")
    assert page["time_zone"] == "Europe/London"
    assert page["items"][0]["since"] == "2026-08-03T10:00:00+01:00"
    assert page["items"][0]["due_at"] == "2026-08-03T17:00:00+01:00"


def fill(world: World, copies: int) -> None:
    """Another hundred copies on hooks, rings and tags, half of them out to many people."""
    key = keys.add_key(world.ana, symbol="BB")
    ids = custody.cut_copies(world.ana, key_id=key, count=copies, container_id=world.cabinet)
    firm = people.add_firm(world.ana, name="Brass & Sons")
    holders = [
        people.add_person(world.ana, name=f"Worker {number}", firm_id=firm) for number in range(10)
    ]
    keys.add_ring(world.ana, name="Big", copy_ids=ids[:20])
    for number, holder in enumerate(holders):
        due = now() + timedelta(days=number + 1)
        custody.check_out(
            world.ana,
            copy_ids=ids[number::10],
            person_id=holder,
            due_at=due if number % 2 else None,
            purpose="rounds",
        )


def test_a_hundred_rows_take_ten_queries(world: World) -> None:
    fill(world, 110)
    ana = caller(world)
    for path in ("/copies", "/out", "/keys", "/persons", "/journal?limit=100", "/balances"):
        path, _, query = path.partition("?")
        with counted_queries() as statements:
            page = ana.get(path, **dict([query.split("=")] if query else [("limit", "100")]))
        assert len(statements) <= 10, (path, statements)
        assert len(page["items"]) == 100 or path not in {"/copies", "/out", "/journal"}


def test_a_check_out_takes_no_more_queries_for_more_holders_in_the_register(world: World) -> None:
    ana, counts = caller(world), []
    ana.get("/today")  # a token's first use of a day is noted
    for copy_id in world.copies:
        with counted_queries() as statements:
            body = {"copy_ids": [copy_id], "person_id": world.bo_person}
            assert ana("POST", "/check-out", body).status_code == 200
        counts.append(len(statements))
        fill(world, 50) if copy_id == world.copy else None
    assert counts[0] == counts[1]


def test_search_finds_a_copy_by_its_label_with_its_whereabouts(world: World) -> None:
    found = caller(world).get("/search", text="AA-2")
    assert found["exact"] == {"kind": "copy", "thing_id": world.other_copy}
    assert found["copies"][0]["whereabouts"]["container_name"] == "Cabinet"


def test_odd_search_texts_are_answered(world: World) -> None:
    ana = caller(world)
    for text in ("", "%", "_", "²", "AA·²", "٣", "'", "%25", "\\", "a" * 120, "%F0%9F%97%9D"):
        assert ana("GET", "/search", query={"text": text}).status_code in {200, 422}
        for path in ("/persons", "/keys", "/rings", "/access-points", "/cylinders", "/out"):
            assert ana("GET", path, query={"text": text}).status_code == 200
