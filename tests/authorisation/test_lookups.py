"""The language of queries, sent by a client: refused by the API, ignored by pages, never an error.

No name from outside reaches a query: `tests/architecture/test_clients_names.py` looks at the code.
"""

from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from django.test import Client

from keystead.people.models import Account
from tests.cast import World
from tests.support.rows import changed, contents
from tests.transports.api.examples import examples
from tests.transports.api.things import caller, things
from tests.transports.web.inventory import bare

pytestmark = [pytest.mark.db, pytest.mark.once]

PATHS = (
    "holder__user__password", "person__memberships__account__password", "account__password",
    "account__email", "workspace__memberships__account__password", "workspace__name",
    "workspace__slug", "workspace_id", "key__copies__key__workspace_id", "copy__key__symbol",
    "person__email", "person__phone", "sealed", "code__sealed", "lock__codes__sealed", "pk", "id",
    "token_hash", "made_by__password", "member__person__name", "site__workspace__name",
)  # fmt: skip
LOOKUPS = (
    "startswith", "istartswith", "contains", "icontains", "endswith", "regex", "iregex", "in",
    "gt", "lt", "gte", "range", "isnull", "exact", "iexact", "year", "search", "ne", "not",
    "length", "date",
)  # fmt: skip
MACHINERY = {
    "_connector": "OR", "_negated": "True", "_connector__in": "OR 1=1) OR (", "ordering": "-pk",
    "order_by": "account__password", "order": "password", "sort": "?", "fields": "password",
    "include": "account", "expand": "workspace", "select_related": "account", "extra": "1=1",
    "where": "1=1", "annotate": "password", "values": "password", "using": "other", "distinct": "x",
    "filter": "{}", "q__contains": "a", "query": "a", "pk__in": "1,2", "alias": "x", "raw": "x",
    "defaults": "x", "__class__": "x", "__init__": "x", "self": "x", "args": "x", "kwargs": "x",
    "text[contains]": "a", "text[]": "a", "text.contains": "a", "$where": "1", "$ne": "1",
    "filter[workspace_id]": "2", "or": "1", "and": "1", "not": "1", "db": "other", "hints": "x",
    "name'": "x", 'name"': "x", "name;--": "x", "a b": "x", "name)": "x", "name__": "x",
    "__name": "x", "name____contains": "x", "workspace_id__in": "[1,2]", "limit__gt": "0",
    "after__gt": "0", "search__user__password": "a", "exclude": "x", "exclude__pk": "1",
    "only": "password", "defer": "name", "reverse": "1", "lookup": "regex", "having": "1=1",
}  # fmt: skip

PAYLOADS: list[tuple[str, str]] = [
    *((f"{path}__{lookup}", "a") for path in PATHS for lookup in LOOKUPS),
    *MACHINERY.items(),
]
PAGES = ("keys", "people", "out", "access-points", "cylinders", "codes", "rings", "incidents",
         "containers", "sites", "journal", "search", "imports")  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len({name for name, _ in PAYLOADS}) >= 498
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 500


def test_the_api_refuses_each_in_an_address(world: World) -> None:
    ana = caller(world)
    lists = [e for e in examples(things(world.ana, world)) if e.method == "GET"]
    ana.get("/sites")
    before = contents()
    for (name, value), example in zip(PAYLOADS, cycle(lists), strict=False):
        joined = "&" if "?" in example.path else "?"
        answer = ana("GET", f"{example.path}{joined}{urlencode({name: value})}")
        assert answer.status_code == 422, (example.operation_id, name, answer.content[:300])
    assert changed(before, contents()) == set()


def test_the_api_refuses_each_in_a_body(world: World) -> None:
    ana = caller(world)
    writing = [
        e
        for e in examples(things(world.ana, world))
        if e.method != "GET" and isinstance(e.body, dict)
    ]
    ana.get("/sites")
    before = contents()
    for (name, value), example in zip(PAYLOADS, cycle(writing), strict=False):
        items = example.body.get("items")
        inside = {"items": [items[0] | {name: value}]} if items else {}
        for body in (example.body | {name: value}, example.body | inside | {name: {name: value}}):
            answer = ana(example.method, example.path, body)
            assert answer.status_code == 422, (example.operation_id, name, answer.content[:300])
    assert changed(before, contents()) == set()


def test_pages_answer_as_if_it_was_not_there(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(pk=world.ana.account_id or 0))
    things(world.ana, world)
    tried = 0
    for n, page in enumerate(PAGES):
        url = f"/w/{world.slug}/{page}"
        usual = client.get(url)
        if usual.status_code != 200:
            continue
        shown = bare(usual.content)
        for name, value in islice(PAYLOADS, n, None, len(PAGES)):
            answer = client.get(f"{url}?{urlencode({name: value})}")
            assert answer.status_code == 200, (page, name)
            if page not in ("journal", "search"):
                # Links back to the page itself may carry what it was asked for, escaped.
                assert len(bare(answer.content).splitlines()) == len(shown.splitlines()), (
                    page,
                    name,
                )
            tried += 1
    assert tried >= 400


@pytest.mark.parametrize("name", ["desk", "hand-out", "take-back", "people/add", "keys/add"])
def test_forms_answer_as_if_it_was_not_there(world: World, name: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(pk=world.ana.account_id or 0))
    url, before = f"/w/{world.slug}/{name}", contents()
    usual = client.post(url, {}).status_code
    for start in range(0, len(PAYLOADS), 50):
        answer = client.post(url, dict(PAYLOADS[start : start + 50]))
        assert answer.status_code == usual, (name, start)
    assert changed(before, contents()) == set()
