"""What API tests need besides the cast: one thing of every other kind, and tokens."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Any, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext

from keystead.custody import operations as custody
from keystead.exchange import imports
from keystead.hardware import operations as hardware
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.people import links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.roles import READING, Role
from tests.cast import Register, World, member, own_person

CLIENT = Client(raise_request_exception=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Things(Register):
    """A small register with one thing of every kind."""

    code: int
    damaged: int
    firm: int
    incident: int
    invitation: int
    membership: int
    staged: int
    lone_lock: int
    person: int
    ring: int
    spare: int
    spare_cylinder: int
    system: int
    tag: int
    token: int


def things(actor: Actor, register: Register, mark: str = "") -> Things:
    """Add what the cast's register lacks: two more copies (one damaged), a ring, a tag …

    `mark` ends every name.
    """
    copies = custody.cut_copies(actor, key_id=register.key, count=3)
    firm = people.add_firm(actor, name="Brass & Sons 2" if mark else "Brass & Sons")
    invited = people.invite_new_person(
        actor, name="Finn", role=Role.HOLDER, token=links.new_token()
    )
    helper = member(actor, "Gus", Role.HOLDER)
    spare_token = people.make_token(actor, name="spare", token=links.new_api_token())
    return Things(
        **{f.name: getattr(register, f.name) for f in fields(Register)},
        code=hardware.record_code(actor, lock_id=register.lock, name=f"Keypad{mark}"),
        damaged=copies[0],
        firm=firm,
        incident=custody.report_damaged(actor, copy_id=copies[0], note=f"bent{mark}"),
        invitation=invited.invitation_id,
        membership=next(
            m.membership_id
            for m in people_queries.members(actor)
            if m.person_id == own_person(helper)
        ),
        token=spare_token.token_id,
        lone_lock=hardware.add_lock(actor, name=f"Lid{mark}", container_id=register.cabinet),
        person=people.add_person(actor, name="Dora", firm_id=firm),
        ring=keys.add_ring(actor, name=f"Night{mark}", copy_ids=copies[1:2]),
        spare=copies[2],
        staged=imports.upload(actor, b"Key,Copy\nQ1,1\n", "register.csv"),
        spare_cylinder=hardware.add_cylinder(actor, number=f"Z9{mark}"),
        system=keys.add_key_system(actor, name=f"Main{mark}"),
        tag=keys.attach_tag(actor, text=f"T-1{mark}", kind="copy", thing_id=register.copy),
    )


def nowhere(register: Things) -> Things:
    """The same shape with ids that nothing has."""
    missing: dict[str, Any] = {
        f.name: 4_000_000_000_000 + number
        for number, f in enumerate(fields(Things))
        if isinstance(getattr(register, f.name), int)
    }
    hooks = tuple(5_000_000_000_000 + number for number in range(len(register.hooks)))
    return replace(register, **missing, hooks=hooks, copies=(6_000_000_000_000, 6_000_000_000_001))


def token(actor: Actor, *, read_only: bool = False, lasts: timedelta = timedelta(days=1)) -> str:
    """An API token of this account in its workspace."""
    secret = links.new_api_token()
    rights = READING if read_only else None
    people.make_token(actor, name="test", token=secret, rights=rights, lasts=lasts)
    return secret.reveal()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send as a form does, and its other fields."""

    name: str
    content: bytes
    fields: Mapping[str, str] = field(default_factory=dict)


def _sent(body: object) -> tuple[bytes | str, str]:
    """A body as bytes or text, and its type."""
    if isinstance(body, Upload):
        file = SimpleUploadedFile(body.name, body.content)
        form = encode_multipart(BOUNDARY, {**body.fields, "file": file})
        return form, MULTIPART_CONTENT
    return "" if body is None else json.dumps(body), "application/json"


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls the API of one workspace with one token."""

    slug: str
    token: str

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """Send a request; `path` is below the workspace's address, and a body goes as JSON."""
        address = f"/api/v1/w/{self.slug}{path}"
        if query:
            address += "?" + "&".join(f"{key}={value}" for key, value in query.items())
        data, content_type = _sent(body)
        answer = CLIENT.generic(
            method,
            address,
            data=data,
            content_type=content_type,
            headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
        )
        return cast(HttpResponse, answer)

    def get(self, path: str, **query: Any) -> Any:
        """The decoded answer to a GET that must succeed."""
        response = self("GET", path, query=query)
        assert response.status_code == 200, response.content
        return json.loads(response.content)


def caller(world: World, actor: Actor | None = None, **made: Any) -> Caller:
    """Ana's way into her workspace, or somebody else's into it."""
    return Caller(world.slug, token(actor or world.ana, **made))


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements run inside the block."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries]
