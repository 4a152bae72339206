"""One remote command: its sign-in, its calls to the API, and what it prints."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, wraps
from ipaddress import ip_address
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import click
import httpx

from keystead.cli import signing_in
from keystead.cli.refusing import EXIT_CODES, Refused, unreachable
from keystead.cli.signing_in import SignIn
from keystead.cli.words import translate as _

P = ParamSpec("P")
SECONDS, LONG = 60.0, 600.0
"""How long to wait for an answer; for one that reads a big file."""
PAGE = 200


def is_loopback(url: str) -> bool:
    """Whether an address leads to this very machine, so that no network sees what is sent."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Session:
    """The workspace one signed in to, over the API."""

    def __init__(self, sign_in: SignIn, *, as_json: bool = False) -> None:
        self.sign_in = sign_in
        self.as_json = as_json
        self._root = f"{sign_in.url}/api/v1/w/{quote(sign_in.workspace, safe='')}"
        self._http = httpx.Client(
            headers={
                "Authorization": f"Bearer {sign_in.token.reveal()}",
                "Accept-Language": os.environ.get("LANG", "en")[:2],
                "Keystead-Channel": "cli",
            },
            timeout=SECONDS,
            trust_env=not is_loopback(sign_in.url),
        )

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """Read something; a None in the query is left out. Raises Refused."""
        asked = {name: value for name, value in query.items() if value is not None}
        return self._ask("GET", path, params=asked)

    def items(self, path: str, **query: Any) -> Iterator[Any]:
        """Everything on a list, page by page."""
        after: str | None = None
        while True:
            page = self.get(path, limit=PAGE, after=after, **query)
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def listed(self, path: str, *, limit: int, **query: Any) -> dict[str, Any]:
        """The first `limit` items of a list, however many pages that are, as one page."""
        found: dict[str, Any] = self.get(path, limit=min(limit, PAGE), **query)
        while found["next"] is not None and len(found["items"]) < limit:
            some = min(limit - len(found["items"]), PAGE)
            more = self.get(path, limit=some, after=found["next"], **query)
            found = {**more, "items": [*found["items"], *more["items"]]}
        return found

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Do something, once even if the answer gets lost and it is sent again. Raises Refused."""
        wanted = None if body is None else {k: v for k, v in body.items() if v is not None}
        return self._ask("POST", path, json=wanted, headers={"Idempotency-Key": str(uuid4())})

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """Say how something is from now on. Raises Refused."""
        return self._ask("PUT", path, json=body)

    def delete(self, path: str) -> Any:
        """End the tie between two things. Raises Refused."""
        return self._ask("DELETE", path)

    def upload(self, path: str, file_name: str, content: bytes, **fields: str) -> Any:
        """Send a file with some fields. Raises Refused."""
        return self._ask("POST", path, files={"file": (file_name, content)}, data=fields)

    def text(self, path: str) -> Iterator[str]:
        """A file, piece by piece as it comes. Raises Refused."""
        try:
            with self._http.stream("GET", f"{self._root}{path}") as answer:
                if not answer.is_success:
                    answer.read()
                    raise self._refusal(answer)
                answer.encoding = "utf-8"
                yield from answer.iter_text()
        except (httpx.HTTPError, httpx.InvalidURL):
            raise unreachable(self.sign_in.url) from None

    def file(self, path: str) -> Iterator[tuple[bytes, int | None]]:
        """A file of bytes, piece by piece, each with the size of the whole. Raises Refused."""
        try:
            with self._http.stream("GET", f"{self._root}{path}", timeout=LONG) as answer:
                if not answer.is_success:
                    answer.read()
                    raise self._refusal(answer)
                size = answer.headers.get("Content-Length")
                for piece in answer.iter_raw():
                    yield piece, int(size) if size else None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise unreachable(self.sign_in.url) from None

    @cached_property
    def workspace(self) -> dict[str, Any]:
        """The workspace: its slug, name, zone and what the token may do."""
        found: dict[str, Any] = self.get("")
        return found

    @property
    def zone(self) -> str:
        """The workspace's time zone, an IANA name."""
        return str(self.workspace["time_zone"])

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        try:
            sent.setdefault("timeout", LONG if path.startswith("/imports") else SECONDS)
            answer = self._http.request(method, f"{self._root}{path}", **sent)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise unreachable(self.sign_in.url) from None
        if answer.is_success:
            return answer.json() if answer.content else None
        raise self._refusal(answer)

    def _refusal(self, answer: httpx.Response) -> Refused:
        try:
            problem = answer.json()
            detail, data = str(problem["detail"]), dict(problem["data"])
        except (ValueError, KeyError, TypeError):
            return Refused(
                _("{url} answered {status}, but not as Keystead does.").format(
                    url=self.sign_in.url, status=answer.status_code
                ),
                EXIT_CODES.get(answer.status_code, 1),
            )
        lines = [self._blocked(one) for one in data.get("blocked", ())]
        code = EXIT_CODES.get(answer.status_code, 1)
        if lines and any(one["message"] == detail for one in data["blocked"]):
            detail, *lines = lines  # each reason once, with who and since when
        return Refused(detail, code, lines=lines, problem=problem)

    def _blocked(self, one: Mapping[str, Any]) -> str:
        """A copy that cannot be handed out: why, and since when."""
        there = datetime.fromisoformat(one["since"]).astimezone(ZoneInfo(self.zone))
        return _("{why} (since {since})").format(
            why=str(one["message"]).rstrip("."), since=f"{there:%Y-%m-%d %H:%M}"
        )

    def say(self, answer: Any, sentence: str) -> None:
        """Print what was done: the sentence, or the API's answer as JSON."""
        if self.as_json:
            click.echo(json.dumps({} if answer is None else answer, ensure_ascii=False))
        else:
            click.echo(sentence)


def remote(command: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """Make a function a remote command: it gets a session, and the option --json."""

    @click.option("--json", "as_json", is_flag=True, help=_("Print what the API answers."))
    @wraps(command)
    def run(*args: Any, as_json: bool = False, **kwargs: Any) -> None:
        with Session(signing_in.read(), as_json=as_json) as session:
            command(session, *args, **kwargs)

    return run
