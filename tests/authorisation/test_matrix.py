"""Every kind of person and program at every door, with own, foreign and made-up ids.

What should happen follows from docs/permissions.md alone.
"""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from keystead.journal import queries as journal
from tests.authorisation.declared import PUBLIC, SIGNED_IN, declared
from tests.authorisation.principals import (
    SESSIONS,
    TOKENS,
    Program,
    Session,
    member_of_both,
    program,
    session,
)
from tests.cast import World
from tests.transports.api.examples import Example, examples
from tests.transports.api.things import Caller, nowhere, things, token
from tests.transports.web.inventory import (
    OF_ONES_OWN,
    Route,
    bare,
    of_ones_own,
    routes,
    things_of,
)

pytestmark = [pytest.mark.db, pytest.mark.once]
NOWHERE = 987_654_321
OTHERS = ("PUT", "PATCH", "DELETE")
ENDS_IT = {"account_logout", "account_change_password"}
"""Forms that end the session that sends them; they come last."""

FOR_EVERYBODY = {"person_id", "firm_id"}
"""Things of no site: a directory for everybody who looks after keys."""
NOT_YET = {"journal-checkpoint"}
"""Pages of what has not been made yet: there is nothing to show."""
BY_A_BROWSER_ONLY = {"change_role"}
"""Operations that may ask for a factor, which no program can show."""

counted: Counter[str] = Counter()


def outcome(status: int, location: str) -> str:
    """What an answer of a page comes to."""
    if status == 302 and location.startswith(reverse("account_login")):
        return "sign in"
    refusals = {403: "forbidden", 404: "nothing there", 405: "not this way"}
    return refusals.get(status, "mistake" if status >= 500 else "admitted")


def expected(who: Session, route: Route, method: str) -> str:
    """What the page of permissions says."""
    needs = declared().routes.get((route.name, method))
    if needs is None:
        return "not this way"
    if needs == PUBLIC:
        return "anything"
    if not who.is_signed_in:
        return "sign in"
    if needs == SIGNED_IN:
        return "admitted"
    if "slug" not in route.arguments:
        role = "operator" if who.name == "owner" else "everybody"
        return "admitted" if needs in declared().roles[role] else "forbidden"
    if who.at_site is not None:
        if not declared().is_enough(f"{route.name} {method}", needs, who.at_site):
            return "forbidden"
        of_a_site = set(route.arguments) - {"slug", "kind"} - FOR_EVERYBODY
        is_own = needs in declared().at_a_site(who.at_site)
        return "nothing there" if who.is_at_another and of_a_site and not is_own else "admitted"
    if who.role is None:
        return "nothing there"
    return "admitted" if needs in declared().roles[who.role] else "forbidden"


def with_ids(route: Route, slug: str, ids: dict[str, Any]) -> str:
    """The route's address in this workspace, with these ids."""
    return route.url(ids | {"slug": slug})


@pytest.mark.parametrize("name", SESSIONS)
def test_every_page_and_form_admits_whom_the_page_of_permissions_says(
    world: World, name: str
) -> None:
    ours = things_of(world.ana, world, world.bo_person)
    who = session(world, name)
    if who.is_signed_in and who.actor is not None:
        ours |= of_ones_own(who.actor)
    late = [route for route in routes() if route.name in ENDS_IT]
    early = [route for route in routes() if route.name not in ENDS_IT]
    early.sort(key=lambda route: not set(route.arguments) & OF_ONES_OWN)
    for method in ("GET", *OTHERS, "POST"):
        for route in (*early, *late):
            url, wanted = with_ids(route, world.slug, ours), expected(who, route, method)
            told = journal.seal(world.ana).sequence
            answer = who.client.generic(method, url)
            found = outcome(answer.status_code, answer.get("Location", ""))
            may_lack = method == "POST" and not OF_ONES_OWN & set(route.arguments)
            if may_lack and wanted == "admitted" and found == "nothing there":
                found = "admitted"  # an earlier form has removed it
            if route.name in NOT_YET and wanted == "admitted":
                wanted = found if found == "nothing there" else wanted
            if wanted == "anything" and found != "mistake":
                found = wanted
            if wanted == "nothing there" and method == "POST" and who.is_at_another:
                assert journal.seal(world.ana).sequence == told, url
                found = wanted if found == "admitted" and answer.status_code != 200 else found
            if route.name in ENDS_IT and method == "POST" and found == "sign in":
                found = wanted  # it did what it is there for
            assert found == wanted, (method, url, answer.status_code, answer.content[:500])
            counted["own"] += 1


@pytest.mark.parametrize("name", SESSIONS)
def test_ids_of_another_workspace_are_answered_like_ids_of_nothing(world: World, name: str) -> None:
    theirs = things_of(world.cy, world.elsewhere, world.cy_person)
    who = session(world, name)
    made_up = dict.fromkeys(theirs, NOWHERE)
    for route in routes():
        takes = [a for a in route.arguments if a.endswith("_id") or a == "handling"]
        if "slug" not in route.arguments or not takes:
            continue
        for method in route.methods:
            answers = []
            for ids in (theirs, made_up):
                answer = who.client.generic(method, with_ids(route, world.slug, ids))
                if answer.status_code == 302:  # hear what it says, so that no later page does
                    who.client.get(reverse("today", kwargs={"slug": world.slug}))
                told = bare(answer.content, *(ids[argument] for argument in takes))
                answers.append((answer.status_code, answer.get("Location"), told))
                counted["foreign or made up"] += 1
            status = answers[0][0]
            assert answers[0][0] == answers[1][0], (method, route.name)
            assert answers[0][2] == answers[1][2], (method, route.name)
            wanted = expected(who, route, method)
            if wanted == "admitted":
                assert status in ({404} if method == "GET" else {302, 404, 409, 422}), route.name
            elif wanted == "nothing there" and method == "POST":
                assert status in {302, 404, 409, 422}, (route.name, status)
            else:
                assert outcome(status, answers[0][1] or "") == wanted, (method, route.name)


def test_a_workspace_of_others_is_answered_like_one_that_is_not_there(world: World) -> None:
    ours = things_of(world.ana, world, world.bo_person)
    for name in ("owner elsewhere", "holder elsewhere", "member of nothing"):
        who = session(world, name)
        for route in routes():
            if "slug" not in route.arguments:
                continue
            for method in route.methods:
                here, nowhere_at_all = (
                    who.client.generic(method, with_ids(route, slug, ours))
                    for slug in (world.slug, "no-such-workspace")
                )
                assert here.status_code == nowhere_at_all.status_code
                if not who.is_signed_in:
                    assert outcome(here.status_code, here.get("Location", "")) == "sign in"
                    continue
                assert here.status_code == 404
                told = bare(here.content.replace(world.slug.encode(), b"SLUG"))
                assert told == bare(nowhere_at_all.content.replace(b"no-such-workspace", b"SLUG"))
                counted["foreign workspace"] += 2


# --- the API --------------------------------------------------------------------------------


def expected_of_program(who: Program, operation: str) -> set[int]:
    """The statuses the page of permissions allows; empty: any but a refusal."""
    if who.is_stranger:
        return {404}
    needs = declared().api[operation]
    reads = {"see-own", "see-register", "see-journal", "export"}
    if who.reads_only and needs not in reads:
        return {403}
    if who.at_site is not None:
        return set() if declared().is_enough(f"API {operation}", needs, who.at_site) else {403}
    if who.role is None:
        return {401}
    return set() if needs in declared().roles[who.role] else {403}


def call(who: Program, slug: str, example: Example) -> Any:
    """What the program's request answers, with whatever it shows as its token."""
    shown = who.headers.get("authorization", "").removeprefix("Bearer ")
    return Caller(slug, shown)(example.method, example.path, example.body)


@pytest.mark.parametrize("name", TOKENS)
def test_every_api_operation_admits_whom_the_page_of_permissions_says(
    world: World, name: str
) -> None:
    register = things(world.ana, world)
    who = program(world, name)
    for example in examples(register):
        answer, wanted = (
            call(who, world.slug, example),
            expected_of_program(who, example.operation_id),
        )
        if wanted:
            assert answer.status_code in wanted, (name, example, answer.content)
        elif example.operation_id in BY_A_BROWSER_ONLY and answer.status_code == 403:
            assert json.loads(answer.content)["code"] == "step-up-needed"
        elif who.at_site is not None and answer.status_code == 403:
            assert json.loads(answer.content)["code"] == "of-other-sites", (name, example)
        else:
            assert answer.status_code not in {401, 403}, (name, example, answer.content)
        assert answer.status_code < 500, (name, example, answer.content)
        counted["api own"] += 1


@pytest.mark.parametrize("name", [name for name in TOKENS if "'s token" in name])
def test_the_api_refuses_before_it_looks_at_what_was_sent(world: World, name: str) -> None:
    """The row of the table by itself, whatever the query or operation behind it asks again."""
    register = things(world.ana, world)
    who = program(world, name)
    for example in examples(register):
        joined = "&" if "?" in example.path else "?"
        answer = call(who, world.slug, replace(example, path=f"{example.path}{joined}nonsense=1"))
        wanted = expected_of_program(who, example.operation_id) or {422}
        assert answer.status_code in wanted, (name, example, answer.content)
        counted["api row alone"] += 1


@pytest.mark.parametrize("name", TOKENS)
def test_the_api_tells_nobody_that_ids_of_others_exist(world: World, name: str) -> None:
    theirs = things(world.cy, world.elsewhere)
    who = program(world, name)
    pairs = zip(examples(theirs), examples(nowhere(theirs)), strict=True)
    for foreign, missing in pairs:
        if (foreign.path, foreign.body) == (missing.path, missing.body):
            continue
        one, other = call(who, world.slug, foreign), call(who, world.slug, missing)
        assert one.status_code == other.status_code, (name, foreign, one.content)
        assert one.status_code < 500
        wanted = expected_of_program(who, foreign.operation_id)
        assert not wanted or one.status_code in wanted, (name, foreign)
        counted["api foreign or made up"] += 2


def test_whoever_is_at_home_in_two_workspaces_has_in_each_only_what_it_gives(world: World) -> None:
    both = member_of_both(world)
    theirs = things(world.cy, world.elsewhere)
    elsewhere = Caller(world.elsewhere.slug, token(both))
    for example in examples(theirs):
        answer = elsewhere(example.method, example.path, example.body)
        if example.operation_id in BY_A_BROWSER_ONLY:
            assert json.loads(answer.content)["code"] == "step-up-needed"
        else:
            assert answer.status_code == example.status, example
        here = Caller(world.slug, token(both))
        assert here(example.method, example.path, example.body).status_code == 404, example
        counted["two workspaces"] += 2


@pytest.fixture(autouse=True, scope="module")
def _say_how_many() -> Any:
    yield
    print("\nCells of the matrix:", dict(counted), "together", sum(counted.values()))
