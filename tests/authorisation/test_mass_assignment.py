"""Every field there is, sent to everything that writes: only what is declared has an effect."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from keystead.api.openapi import document
from keystead.api.urls import api, operation_ids
from keystead.people.models import Account, Membership, SiteRole
from tests.authorisation.powers import POWERS, everything, own_models
from tests.cast import ANA, PASSWORD, World
from tests.support.rows import changed, contents
from tests.transports.api.examples import Example, examples
from tests.transports.api.things import caller, things
from tests.transports.web.inventory import of_ones_own, routes, things_of
from tests.transports.web.names import names_read

pytestmark = [pytest.mark.db, pytest.mark.once]


def declared_fields() -> dict[str, set[str]]:
    """What the API's document says each operation takes, by the function's name."""
    whole = document(api)
    schemas = whole["components"]["schemas"]
    names = {told: row for row, told in operation_ids().items()}
    found = {}
    for path in whole["paths"].values():
        for told in path.values():
            body = told.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                schema = body["schema"]
                schema = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
                found[names[told["operationId"]]] = set(schema["properties"])
    return found


def writing(world: World) -> list[Example]:
    """One good request for every operation that takes a body of JSON."""
    register = things(world.ana, world)
    return [e for e in examples(register) if e.method != "GET" and isinstance(e.body, dict)]


def test_no_operation_takes_a_field_it_does_not_declare(world: World) -> None:
    known, ana = declared_fields(), caller(world)
    every = everything()
    requests = writing(world)
    ana.get("/sites")  # on the first day of use the token notes it
    before, sent = contents(), 0
    for example in requests:
        declared = known[example.operation_id]
        extra = {name: value for name, value in every.items() if name not in declared}
        assert len(extra) > 100
        bodies = [example.body | extra]
        bodies += [example.body | {name: extra[name]} for name in POWERS if name in extra]
        if items := example.body.get("items"):
            bodies.append(example.body | {"items": [{**items[0], **extra}]})
        for body in bodies:
            answer = ana(example.method, example.path, body)
            assert answer.status_code == 422, (example.operation_id, body, answer.content)
            sent += 1
        assert changed(before, contents()) == set(), example.operation_id
    assert len(requests) >= 45
    assert sent >= 1_000


def test_no_operation_takes_a_field_in_its_address(world: World) -> None:
    ana = caller(world)
    requests = writing(world)
    ana.get("/sites")
    before = contents()
    for example in requests:
        answer = ana(example.method, example.path, example.body, query=POWERS)
        assert answer.status_code == 422, (example.operation_id, answer.content)
    assert changed(before, contents()) == set()


GIVES_POWER = {"member-invite", "member-role", "member-site-role", "member-site-role-end"}
"""Forms that are there to give or take roles."""
ENDS_IT = {"account_logout", "account_change_password", "sessions-end", "member-remove"}


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send without typing: the values the form is shown with."""
    answer = client.get(url)
    context = getattr(answer, "context", None) or {}
    form = context.get("form") if answer.status_code == 200 else None
    if form is None:
        return {}
    given = {field.html_name: field.value() for field in form}
    blank = {name: f"Typed {name}"[:30] for name, value in given.items() if value in (None, "")}
    return {name: value for name, value in (given | blank).items() if value is not None}


def powers_held() -> dict[str, Any]:
    """Who may do what, and how much lies in which workspace."""
    rows = {
        model._meta.label: sorted(
            model._base_manager.exclude(workspace_id=1).values_list("workspace_id", "pk")
        )
        for model in own_models()
        if any(field.attname == "workspace_id" for field in model._meta.concrete_fields)
        and model._meta.pk.attname != "workspace_id"
        and model._meta.label not in ("journal.Entry", "journal.Mention", "journal.Replayed")
    }
    return {
        "members": sorted(Membership.objects.values_list("pk", "workspace_id", "role")),
        "at sites": sorted(SiteRole.objects.values_list("pk", "site_id", "role")),
        "accounts": sorted(Account.objects.values_list("pk", "is_active", "is_operator")),
        **rows,
    }


def test_no_form_takes_a_field_it_does_not_read(world: World) -> None:
    known = things_of(world.ana, world, world.bo_person)
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), {"login": ANA, "password": PASSWORD.reveal()})
    known |= of_ones_own(world.ana)
    every = everything()
    powers = {name: value for name, value in POWERS.items() if name not in ("at", "factor_at")}
    held, tried, took = powers_held(), 0, set()
    for route in routes():
        if "POST" not in route.methods or "slug" not in route.arguments or route.name in ENDS_IT:
            continue
        url = route.url(known)
        plain = form_of(client, url) if "GET" in route.methods else {}
        extra = {name: f"zz-{route.name}-{name}-zz" for name in every}
        for added in (extra, powers):
            with names_read() as read:
                answer = client.post(url, {**added, **plain})
            assert answer.status_code < 500, (url, added)
            if answer.status_code == 302:
                took.add(route.name)
            unread = {value for name, value in extra.items() if name not in read}
            rows = "\n".join(row for table in contents().values() for row in table)
            assert not {value for value in unread if value in rows}, url
            if route.name in GIVES_POWER:
                held = powers_held()
            assert powers_held() == held, (route.name, added is powers)
            tried += 1
    assert tried >= 150
    assert len(took) >= 40, sorted(took)
