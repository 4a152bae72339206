"""Codes are looked for wherever they could turn up besides where they are sealed.

There is no page that reveals a code yet; when there is, its answers are the one exception.
"""

import logging
import random
import string
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import debug
from django.views.debug import ExceptionReporter

from keystead.hardware import operations as hardware
from keystead.hardware.models import Code
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.secret import Secret
from keystead.vault import envelope, keyring, rotating, sealing
from keystead.vault import operations as vault
from keystead.vault.models import DataKey
from tests.cast import ANA, PASSWORD, World
from tests.support.databases import Database
from tests.transports.api.things import token

pytestmark = pytest.mark.db

PAGES = ("codes", "containers", "access-points", "journal", "keys", "out", "today", "import")
READS = ("codes", "containers", "copies", "journal", "imports", "search?text=alarm", "persons")


class Canaries:
    """Codes nobody else would think of: numeric ones of 8 digits, and alphanumeric ones."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.known: list[str] = []

    def numeric(self) -> str:
        return self._new("".join(self.dice.choice("3456789") for _ in range(8)))

    def mixed(self) -> str:
        letters = "".join(self.dice.choice(string.ascii_uppercase) for _ in range(7))
        return self._new(f"{letters}{self.dice.randrange(100, 999)}")

    def _new(self, value: str) -> str:
        self.known.append(value)
        return value

    def in_(self, text: bytes) -> list[str]:
        """Those that stand in these bytes, as text, as UTF-16 or in hex."""
        return [
            value
            for value in self.known
            for form in (value.encode(), value.encode("utf-16-le"), value.encode().hex().encode())
            if form in text
        ]


class Uses:
    """Ana's browser and program at work; everything that was answered is kept."""

    def __init__(self, world: World, canaries: Canaries) -> None:
        self.world, self.canaries = world, canaries
        self.client = Client()
        self.client.post(reverse("account_login"), {"login": ANA, "password": PASSWORD.reveal()})
        self.bearer = {"Authorization": f"Bearer {token(world.ana)}"}
        self.answers: list[bytes] = []
        self.codes: list[int] = []

    def page(self, name: str) -> str:
        return reverse(name, kwargs={"slug": self.world.slug})

    def get(self, url: str, **headers: str) -> None:
        answer = self.client.get(url, follow=True, headers=headers or None)
        assert answer.status_code == 200, url
        self._keep(answer)

    def _keep(self, answer: Any) -> None:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.answers.append(body + str(answer.headers).encode())

    def post(self, url: str, data: dict[str, object]) -> str:
        answer = self.client.post(url, data)
        self._keep(answer)
        return str(answer.headers.get("Location", ""))

    def record_code(self) -> None:
        value = self.canaries.dice.choice((self.canaries.numeric, self.canaries.mixed))()
        made = hardware.record_code(
            self.world.ana, lock_id=self.world.lock, name="Alarm", value=Secret(value)
        )
        self.codes.append(made)

    def change_code(self) -> None:
        if self.codes:
            hardware.note_code_changed(
                self.world.ana, code_id=self.canaries.dice.choice(self.codes)
            )

    def tell_code(self) -> None:
        if self.codes:
            hardware.note_code_told(
                self.world.ana,
                code_id=self.canaries.dice.choice(self.codes),
                person_id=self.world.bo_person,
            )

    def import_notes(self) -> None:
        rows = [
            f"K{self.canaries.dice.randrange(10**6)},1,Gate,alarm code {self.canaries.numeric()}",
            f"K{self.canaries.dice.randrange(10**6)},1,Gate,password: {self.canaries.mixed()}",
        ]
        content = "\n".join(["key,copies,opens,note", *rows]).encode()
        file = SimpleUploadedFile("codes.csv", content)
        look = self.post(self.page("import"), {"file": file, "site": ""})
        for part in ("", "/problems"):
            self.get(f"{look}{part}")
        self.post(f"{look}/answers", {"suggested": "1"})
        if self.canaries.dice.random() < 0.7:
            self.post(f"{look}/apply", {})

    def look(self) -> None:
        self.get(self.page(self.canaries.dice.choice(PAGES)))

    def read(self) -> None:
        path = self.canaries.dice.choice(READS)
        self.get(f"/api/v1/w/{self.world.slug}/{path}", **self.bearer)

    def look_at_code(self) -> None:
        if self.codes:
            code = self.canaries.dice.choice(self.codes)
            self.get(reverse("code", kwargs={"slug": self.world.slug, "code_id": code}))

    def export(self) -> None:
        self.get(self.page("export-copies"))

    def rotate(self) -> None:
        rotating.rotate(lambda number: system(number, "tests"))

    def go(self, count: int) -> None:
        acts = (
            *(self.record_code, self.record_code, self.import_notes, self.change_code),
            *(self.tell_code, self.look, self.look, self.read, self.look_at_code, self.export),
        )
        for _ in range(count):
            self.canaries.dice.choice(acts)()
        self.rotate()
        for name in PAGES:
            self.get(self.page(name))


def stored(database: Database) -> Iterator[bytes]:
    """Every row of every table, and the files of an SQLite database as they are."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from (
                    bytes(v) if isinstance(v, bytes | memoryview) else repr(v).encode() for v in row
                )
    if database.vendor == "sqlite":
        for path in Path(connection.settings_dict["NAME"]).parent.iterdir():
            yield path.read_bytes()


def kept_files() -> Iterator[bytes]:
    """Whatever lies in the data folder: cache, mail, uploads."""
    for path in settings.DATA.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def leaks_after(count: int, world: World, database: Database, seed: int) -> dict[str, list[str]]:
    """Where any canary was found after so many mixed operations."""
    log, canaries = StringIO(), Canaries(random.Random(seed))
    handler = logging.StreamHandler(log)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        uses = Uses(world, canaries)
        uses.go(count)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert len(canaries.known) > count // 5
    assert Code.objects.exclude(sealed=None).count() > count // 20
    return {
        "answers": canaries.in_(b"\n".join(uses.answers)),
        "log": canaries.in_(log.getvalue().encode()),
        "database": canaries.in_(b"\n".join(stored(database))),
        "files": canaries.in_(b"\n".join(kept_files())),
        "mail": canaries.in_(repr([m.message() for m in getattr(mail, "outbox", [])]).encode()),
        "journal": canaries.in_(str(journal.entries(world.ana, limit=10_000)).encode()),
    }


NOWHERE: dict[str, list[str]] = {
    "answers": [],
    "log": [],
    "database": [],
    "files": [],
    "mail": [],
    "journal": [],
}


def test_after_fifty_operations_no_code_is_found_anywhere(world: World, database: Database) -> None:
    vault.prepare(system(INSTALLATION, "tests"))
    assert leaks_after(50, world, database, seed=50) == NOWHERE


@pytest.mark.audit
@pytest.mark.parametrize("seed", [1, 2])
def test_after_five_hundred_operations_no_code_is_found_anywhere(
    world: World, database: Database, seed: int
) -> None:
    vault.prepare(system(INSTALLATION, "tests"))
    assert leaks_after(500, world, database, seed=seed) == NOWHERE


def test_the_search_for_leaks_finds_one(world: World, database: Database) -> None:
    canaries = Canaries(random.Random(1))
    hardware.record_code(world.ana, lock_id=world.lock, name=f"Gate {canaries.numeric()}")
    assert canaries.in_(b"\n".join(stored(database)))


CLEAR = "73915548"


def report_of(error: BaseException, *, is_html: bool) -> str:
    """Django's report of a mistake, with the local variables of every function."""
    request = RequestFactory().post("/codes", {"value": CLEAR})
    reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    return reporter.get_traceback_html() if is_html else reporter.get_traceback_text()


def breaking(sealed: bytes, workspace_id: int, at: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a report says when this function of the envelope breaks while a code is opened."""

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(envelope, at, broken)
        try:
            code = Secret(CLEAR)
            row = Code.objects.get(workspace_id=workspace_id)
            sealing.seal(code, workspace_id=workspace_id, row=row.uuid, purpose="code.value")
            sealing.open_secret(
                sealed, workspace_id=workspace_id, row=row.uuid, purpose="code.value"
            )
        except ZeroDivisionError as error:
            return report_of(error, is_html=True) + report_of(error, is_html=False)
    raise AssertionError(f"{at} was not called")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("at", ["_padded", "_padded_size", "_unpadded", "header_of"])
def test_a_report_of_a_mistake_inside_the_vault_shows_no_code_and_no_key(
    world: World, monkeypatch: pytest.MonkeyPatch, at: str, debug: bool
) -> None:
    monkeypatch.setattr(settings, "DEBUG", debug)
    hardware.record_code(world.ana, lock_id=world.lock, name="Alarm", value=Secret(CLEAR))
    row = Code.objects.get(workspace_id=world.workspace)
    key = keyring.data_key(DataKey.objects.get(workspace_id=world.workspace)).reveal()
    said = breaking(bytes(row.sealed or b""), world.workspace, at, monkeypatch)
    assert "ZeroDivisionError" in said
    assert "SecretBytes" in said
    for hidden in (CLEAR, CLEAR[2:], repr(key), repr(key)[2:12], key.hex()):
        assert hidden not in said


def test_local_variables_of_the_envelope_show_nothing_even_without_the_filter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        settings,
        "DEFAULT_EXCEPTION_REPORTER_FILTER",
        "django.views.debug.SafeExceptionReporterFilter",
    )
    forget = debug.get_default_exception_reporter_filter.cache_clear  # type: ignore[attr-defined]
    forget()
    hardware.record_code(world.ana, lock_id=world.lock, name="Alarm", value=Secret(CLEAR))
    row = Code.objects.get(workspace_id=world.workspace)
    try:
        said = breaking(bytes(row.sealed or b""), world.workspace, "_unpadded", monkeypatch)
    finally:
        forget()
    frames = said.replace(f"value = &#x27;{CLEAR}&#x27;", "").split("Request information")[0]
    assert "••••" in frames
    assert CLEAR not in frames
