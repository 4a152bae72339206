"""What every answer carries, and what no address does: headers, forged forms, safe reading."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from keystead.journal.models import Entry
from keystead.people.models import Account
from keystead.people.roles import Role
from tests.cast import ANA, PASSWORD, World, member
from tests.support.rows import changed, contents
from tests.transports.web.inventory import Route, routes, things_of

pytestmark = [pytest.mark.db, pytest.mark.once]

EXPECTED: dict[str, Callable[[str], bool]] = {
    "X-Content-Type-Options": lambda value: value == "nosniff",
    "X-Frame-Options": lambda value: value == "DENY",
    "Referrer-Policy": lambda value: value == "same-origin",
    "Cross-Origin-Opener-Policy": lambda value: value == "same-origin",
    "Cross-Origin-Resource-Policy": lambda value: value == "same-origin",
    "Permissions-Policy": lambda value: "geolocation=()" in value,
    "Content-Security-Policy": lambda value: (
        "default-src 'none'" in value
        and "frame-ancestors 'none'" in value
        and "unsafe" not in value
        and "*" not in value
    ),
}


def lacking(answer: Any) -> set[str]:
    """The headers an answer should have and has not."""
    return {name for name, is_good in EXPECTED.items() if not is_good(answer.get(name, ""))}


def signed_in(email: str, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(Account.objects.get(email=email))
    return client


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    return things_of(world.ana, world, world.bo_person)


@pytest.fixture
def dee(world: World) -> str:
    """An auditor's address."""
    member(world.ana, "Dee", Role.AUDITOR, email="dee@harbour.example")
    return "dee@harbour.example"


def openable(things: dict[str, Any]) -> Iterator[tuple[Route, str]]:
    for route in routes():
        if set(route.arguments) <= set(things):
            yield route, route.url(things)


def test_the_inventory_knows_a_thing_for_every_address(things: dict[str, Any]) -> None:
    unknown = {argument for route in routes() for argument in route.arguments} - set(things)
    assert not unknown


def test_every_answer_of_every_route_carries_every_header(
    world: World, things: dict[str, Any], dee: str
) -> None:
    checked = 0
    for client in (Client(), signed_in(ANA), signed_in(dee)):
        for route, url in openable(things):
            for method in (*route.methods, "OPTIONS", "TRACE"):
                if route.name == "account_logout" and method == "POST":
                    continue  # it would end the tour
                answer = client.generic(method, url)
                assert not lacking(answer), (method, url, answer.status_code)
                checked += 1
    assert checked > 600


def test_errors_files_and_the_api_carry_every_header(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("keystead.web.places.place_queries.sites", broken)
    ana, strict = signed_in(ANA), Client(enforce_csrf_checks=True)
    places = reverse("places", kwargs={"slug": world.slug})
    big = io.BytesIO(b"x" * 3_000_000)
    answers = {
        400: ana.get("/", headers={"host": "evil.example"}),
        403: strict.post(reverse("account_login"), {"login": ANA, "password": "x"}),
        404: ana.get("/.git/config"),
        405: ana.post(places),
        500: ana.get(places),
        401: ana.get(f"/api/v1/w/{world.slug}/keys"),
        413: ana.generic(
            "POST", f"/api/v1/w/{world.slug}/keys", big.read(), content_type="application/json"
        ),
    }
    for status, answer in answers.items():
        assert answer.status_code == status or status == 413, (status, answer.status_code)
        assert not lacking(answer), status
    for file in ("app.js", "app.css", "favicon.svg", "no-such-file"):
        assert not lacking(ana.get(f"/static/keystead/dist/{file}")), file
    assert not lacking(ana.get("/api/v1/openapi.json"))
    assert not lacking(ana.get("/api/nowhere"))


def test_scripts_run_only_with_the_number_of_this_very_answer(world: World) -> None:
    client = signed_in(ANA)
    seen = set()
    for _ in range(2):
        answer = client.get(reverse("places", kwargs={"slug": world.slug}))
        nonces = set(re.findall(r"'nonce-([^']+)'", answer["Content-Security-Policy"]))
        scripts = re.findall(r"<script\b[^>]*>", answer.content.decode())
        assert len(nonces) == 1
        assert scripts
        assert all(f'nonce="{nonce}"' in tag for nonce in nonces for tag in scripts)
        script_src = re.search(r"script-src ([^;]*)", answer["Content-Security-Policy"])
        assert script_src
        assert "'self'" not in script_src[1]
        seen |= nonces
    assert len(seen) == 2


def test_pages_have_no_inline_script_style_or_handler(things: dict[str, Any], world: World) -> None:
    ana = signed_in(ANA)
    for route, url in openable(things):
        if "GET" not in route.methods:
            continue
        answer = ana.get(url)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        body = answer.getvalue().decode()
        assert not re.search(r"<script\b(?![^>]*\bsrc=)", body), url
        assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)\s*=", body), url
        assert "<style" not in body, url
        assert "javascript:" not in body, url


def test_only_this_server_is_asked_for_anything(things: dict[str, Any], world: World) -> None:
    ana = signed_in(ANA)
    for route, url in openable(things):
        if "GET" in route.methods:
            body = ana.get(url).getvalue().decode(errors="replace")
            found = re.findall(r"(?:src|href|action|poster|data)=\"((?:https?:)?//[^\"]+)", body)
            assert not found, (url, found)


# --- forged forms ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"x-http-method-override": "GET"},
        {"content-type": "text/plain"},
    ],
    ids=lambda headers: ", ".join(headers) or "nothing",
)
def test_every_act_needs_the_token_of_its_own_form(
    world: World, things: dict[str, Any], headers: dict[str, str]
) -> None:
    ana = signed_in(ANA, enforce_csrf_checks=True)
    before = Entry.objects.count()
    acts = [(route, url) for route, url in openable(things) if "POST" in route.methods]
    for _, url in acts:
        content_type = headers.get("content-type", "application/x-www-form-urlencoded")
        answer = ana.generic(
            "POST",
            url,
            b"csrfmiddlewaretoken=" + b"a" * 64,
            content_type=content_type,
            headers={k: v for k, v in headers.items() if k != "content-type"},
        )
        assert answer.status_code == 403, url
    assert len(acts) > 60
    assert Entry.objects.count() == before


# --- reading changes nothing ----------------------------------------------------------------


def test_opening_every_page_as_every_role_changes_no_row(
    world: World, things: dict[str, Any], dee: str
) -> None:
    clients = [Client(raise_request_exception=False) for _ in range(3)]
    for client, email in zip(clients, (ANA, dee), strict=False):
        client.post(reverse("account_login"), {"login": email, "password": PASSWORD.reveal()})
    before = contents()
    for client in clients:
        for _, url in openable(things):
            client.get(url)
            client.head(url)
            client.options(url)
    assert changed(before, contents()) == set()


# --- where addresses lead -------------------------------------------------------------------

ELSEWHERE = [
    f"{scheme}{host}"
    for scheme in ("https://", "http://", "//", "///", "/\\", "\\\\", "https:", "https:/", "\t//")
    for host in ("evil.example", "testserver@evil.example", "evil.example%2ftestserver")
] + [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/\n/evil.example",
    "\x00//evil.example",
    "http:evil.example",
    "https:evil.example",
    "//evil.example/w/harbour-house",
    "https://testserver.evil.example/",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "//testserver\\@evil.example",
    "〱/evil.example",
    "//evil。example",
    "//0x7f000001",
    "//[::1]",
    ".evil.example",
    "@evil.example",
    "////evil.example",
]


def host_of(location: str) -> str:
    """The host a browser would go to from the sign-in; browsers take backslashes for slashes."""
    cleaned = re.sub(r"[\t\r\n\x00]", "", location).replace("\\", "/").strip()
    return urlsplit(urljoin("http://testserver/sign-in", cleaned)).netloc


def test_the_way_back_leads_to_no_other_place(world: World) -> None:
    for wanted in ELSEWHERE:
        cache.clear()  # or the attempts would count as an attack
        client = Client()
        sign_in = {"login": ANA, "password": PASSWORD.reveal(), "next": wanted}
        answers = [
            client.post(reverse("account_login"), sign_in),
            client.get(reverse("account_login"), {"next": wanted}),  # signed in already
            client.post(reverse("theme"), {"theme": "dark", "next": wanted}),
            client.post(reverse("account_logout"), {"next": wanted}),
        ]
        for answer in answers:
            assert answer.status_code == 302, wanted
            assert host_of(answer["Location"]) == "testserver", (wanted, answer["Location"])
    assert len(ELSEWHERE) >= 50


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("host", "evil.example", 400),
        ("host", "testserver:80@evil.example", 400),
        ("host", "testserver.evil.example", 400),
        ("host", "", 400),
        ("x-forwarded-host", "evil.example", 200),
        ("x_forwarded_host", "evil.example", 200),
        ("forwarded", "host=evil.example", 200),
        ("x-original-url", "/w/harbour-house/members", 200),
        ("x-rewrite-url", "/w/harbour-house/members", 200),
        ("x-forwarded-proto", "https", 200),
    ],
)
def test_a_forged_host_is_refused_or_ignored(
    world: World, header: str, value: str, status: int
) -> None:
    answer = Client().get(reverse("account_login"), headers={header: value})
    assert answer.status_code == status
    assert b"evil.example" not in answer.content
    assert b"Members" not in answer.content


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "FOO", "OPTIONS"])
def test_unknown_methods_are_refused(world: World, method: str) -> None:
    answer = signed_in(ANA).generic(method, reverse("places", kwargs={"slug": world.slug}))
    assert answer.status_code == 405
    assert answer["Allow"] == "GET"


@pytest.mark.parametrize(
    "address",
    [
        "/.git/config", "/.env", "/docs", "/api/docs", "/api/v1/docs", "/admin", "/admin/",
        "/debug", "/__debug__/", "/static/../settings.py", "/static/%2e%2e/settings.py",
        "/static/keystead/dist/../../../../settings.py", "/server-status", "/metrics", "/media/",
        "/static/", "/static/keystead/dist/",
    ],
)  # fmt: skip
def test_what_is_none_of_anybodys_business_is_not_there(world: World, address: str) -> None:
    answer = signed_in(ANA).get(address)
    assert answer.status_code == 404


def test_nothing_private_may_be_kept_by_a_cache(
    world: World, things: dict[str, Any], dee: str
) -> None:
    """A shared cache that looks at nothing but the headers gives nobody another one's page."""
    for _, url in openable(things):
        for email in (ANA, dee):
            kept = signed_in(email).get(url).get("Cache-Control", "")
            assert "no-store" in kept, url
            assert "public" not in kept, url
