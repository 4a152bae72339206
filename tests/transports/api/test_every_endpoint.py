"""Every endpoint in turn: it works, it admits whom its row names, it tells strangers nothing."""

import json
import re
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from django.http import HttpResponse

from keystead import permissions
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Account
from keystead.people.roles import READING, ROLES, Role
from tests.cast import ANA, World, member
from tests.transports.api.examples import Example, examples
from tests.transports.api.things import CLIENT, Caller, Things, caller, nowhere, things, token

pytestmark = pytest.mark.db


def test_every_operation_has_an_example_and_a_row(world: World) -> None:
    named = [example.operation_id for example in examples(things(world.ana, world))]
    assert sorted(named) == sorted(permissions.API)


def test_every_endpoint_answers_an_owner(world: World) -> None:
    ana = caller(world)
    answers = {
        example.operation_id: (ana(example.method, example.path, example.body), example.status)
        for example in examples(things(world.ana, world))
    }
    wrong = {
        name: (answer.status_code, answer.content.decode()[:300])
        for name, (answer, status) in answers.items()
        if answer.status_code != status
    }
    assert wrong == {}


def may(rights: frozenset[Right], example: Example) -> bool:
    return permissions.right_of(permissions.API[example.operation_id]) in rights


def is_admitted(someone: Caller, example: Example) -> bool:
    answer = someone(example.method, example.path, example.body)
    if answer.status_code == 403:
        assert json.loads(answer.content)["code"] == "forbidden"
        return False
    assert answer.status_code not in {401, 500}, answer.content
    return True


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_call_what_its_rights_say(world: World, role: Role) -> None:
    someone = caller(world, member(world.ana, "Someone", role))
    for example in examples(things(world.ana, world)):
        assert is_admitted(someone, example) == may(ROLES[role], example), example


def test_a_read_only_token_reads_and_changes_nothing(world: World) -> None:
    register, ana = things(world.ana, world), caller(world)
    reader = caller(world, read_only=True)
    before = ana.get("/journal/seal")
    for example in examples(register):
        assert is_admitted(reader, example) == may(READING & ROLES[Role.OWNER], example), example
    assert ana.get("/journal/seal") == before


def withdrawn(actor: Actor) -> str:
    text = token(actor)
    newest = people_queries.own_tokens(actor)[0]
    people.withdraw_token(actor, token_id=newest.id)
    return text


def test_a_token_that_is_no_longer_good_opens_nothing(world: World) -> None:
    register, good = things(world.ana, world), token(world.ana)
    expired = token(world.ana, lasts=timedelta(microseconds=1))
    for text in (expired, withdrawn(world.ana), good[:-1], "ks_00000000_guess", "ks_\u00e4_x", ""):
        bad = Caller(world.slug, text)
        for example in examples(register):
            answer = bad(example.method, example.path, example.body)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), example


def test_a_removed_members_token_opens_nothing(world: World) -> None:
    bo = caller(world, world.bo)
    member_id = next(m.membership_id for m in people_queries.members(world.ana) if m.name == "Bo")
    people.remove_member(world.ana, membership_id=member_id)
    assert bo("GET", "/mine").status_code == 401


def test_cookies_count_for_nothing(world: World) -> None:
    CLIENT.force_login(Account.objects.get(email=ANA))
    try:
        assert CLIENT.get(f"/api/v1/w/{world.slug}/sites").status_code == 401
    finally:
        CLIENT.logout()


def test_another_workspace_looks_like_none_at_all(world: World) -> None:
    register, secret = things(world.ana, world), token(world.cy)
    for example in examples(register):
        foreign, unknown = (
            Caller(slug, secret)(example.method, example.path, example.body)
            for slug in (world.slug, "no-such-workspace")
        )
        assert foreign.status_code == 404, example
        assert foreign.content == unknown.content, example
        assert headers(foreign) == headers(unknown), example


def told(content: bytes, *registers: Things) -> str:
    """An answer with the ids of these registers masked, so that only the words are compared."""
    text = content.decode()
    for register in registers:
        for number in sorted(ids(register), key=len, reverse=True):
            text = re.sub(rf'(?<=[": ]){number}(?=[,}}\]])', "ID", text)
    return text


def headers(answer: HttpResponse) -> dict[str, str]:
    return {n: value for n, value in answer.items() if n not in {"Content-Length", "Expires"}}


def ids(register: Things) -> set[str]:
    plain = [getattr(register, field.name) for field in fields(register)]
    found = [value for value in plain if isinstance(value, int)]
    return {str(number) for number in (*found, *register.hooks, *register.copies)}


def test_ids_of_another_workspace_answer_like_ids_of_nothing(world: World) -> None:
    things(world.ana, world)
    ana, theirs = caller(world), things(world.cy, world.elsewhere)
    unknown = nowhere(theirs)
    for foreign, missing in zip(examples(theirs), examples(unknown), strict=True):
        if (foreign.path, foreign.body) == (missing.path, missing.body):
            continue
        one = ana(foreign.method, foreign.path, foreign.body)
        other = ana(missing.method, missing.path, missing.body)
        assert one.status_code == other.status_code, foreign
        assert told(one.content, theirs) == told(other.content, unknown), foreign
        assert headers(one) == headers(other), foreign
        empty = one.status_code == 200 and b'"items": []' in one.content
        assert empty or one.status_code in {404, 409}, (foreign, one.content)


def test_one_foreign_id_among_ones_own_answers_like_an_id_of_nothing(world: World) -> None:
    ours, ana = things(world.ana, world), caller(world)
    theirs = things(world.cy, world.elsewhere)
    unknown = nowhere(theirs)
    for field in (f.name for f in fields(Things) if f.name not in {"workspace", "slug", "hooks"}):
        foreign = replace(ours, **{field: getattr(theirs, field)})
        missing = replace(ours, **{field: getattr(unknown, field)})
        for usual, one, other in zip(*map(examples, (ours, foreign, missing)), strict=True):
            if one == usual:
                continue
            first = ana(one.method, one.path, one.body)
            second = ana(other.method, other.path, other.body)
            assert first.status_code == second.status_code, (one, first.content, second.content)
            assert told(first.content, theirs) == told(second.content, unknown), one
