"""A body over the server's limit: a page or problem of ours, and nothing of it is kept."""

import json
import resource
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from keystead.cli.receiving import LARGEST_BODY
from tests.cast import World
from tests.transports.api.things import token

pytestmark = pytest.mark.db

PIECE = b"x" * (1024 * 1024)
MEGABYTES = LARGEST_BODY // len(PIECE) + 8


def pieces() -> Iterator[bytes]:
    for _ in range(MEGABYTES):
        yield PIECE


LENGTH = {"Content-Length": str(MEGABYTES * len(PIECE))}


def test_a_page_says_the_limit_and_what_to_do(url: str, world: World) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = httpx.post(f"{url}/w/{world.slug}/import", content=pieces(), headers=LENGTH)
    assert answer.status_code == 413
    assert "This is too big" in answer.text
    assert "At most 64 MB" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < LARGEST_BODY // 1024, "it was not kept in memory"


def test_the_api_answers_with_a_problem(url: str, world: World) -> None:
    bearer = {"Authorization": f"Bearer {token(world.ana)}"}
    told = httpx.post(
        f"{url}/api/v1/w/{world.slug}/imports", content=pieces(), headers=LENGTH | bearer
    ).json()
    assert (told["code"], told["data"]) == ("too-big", {"limit": LARGEST_BODY})
    assert "64 MB" in told["detail"]


def test_a_caller_that_asks_first_need_not_send_it(url: str, world: World) -> None:
    """`Expect: 100-continue`: the answer comes before the body."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with socket.create_connection((str(host), port), timeout=20) as caller:
        caller.sendall(
            f"POST /api/v1/w/{world.slug}/imports HTTP/1.1\r\nHost: {host}\r\n"
            f"Content-Length: {LARGEST_BODY + 1}\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        heard = b""
        while piece := caller.recv(65536):
            heard += piece
    assert b" 413 " in heard
    body = heard.rpartition(b"\r\n\r\n")[2]
    assert json.loads(body)["code"] == "too-big"


def test_one_that_announces_far_too_much_is_cut_off(url: str, world: World) -> None:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with socket.create_connection((str(host), port), timeout=20) as caller:
        caller.sendall(
            f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: {10**15}\r\n\r\n".encode()
        )
        heard = b""
        while piece := caller.recv(65536):
            heard += piece
    assert b" 413 " in heard


def test_what_is_under_the_limit_is_read_as_ever(url: str, world: World) -> None:
    answer = httpx.post(f"{url}/sign-in", data={"login": "x", "password": "y"})
    assert answer.status_code == 403, "the form's token is missing, no more"
