"""What the doctor finds: each common mis-set-up, with why it matters and what to do."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import OperationalError
from django.utils.timezone import now

from keystead.cli import doctor
from keystead.cli.doctor import CHECKS, Check, Finding, installation, network, storage
from keystead.cli.refusing import Refused
from keystead.journal.models import Head
from tests.cast import World

pytestmark = pytest.mark.db


def only(check: Any) -> Finding:
    """The one thing a check finds, which is not well and says what to do."""
    (finding,) = check()
    assert not finding.is_well
    assert finding.why.endswith(".")
    assert finding.do
    return finding  # type: ignore[no-any-return]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path))
    tmp_path.chmod(0o700)
    return tmp_path


def test_a_folder_that_others_can_read(folder: Path) -> None:
    folder.chmod(0o755)
    assert f"chmod 700 {folder}" in only(installation._folder).do


def test_a_disk_that_is_nearly_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "LITTLE_SPACE", 2**62)
    assert "MB free" in only(installation._disk).says


@pytest.mark.parametrize("key", ["a" * 60, "django-insecure-9Kq2vX7LpZ4w", "changeme" * 9])
def test_a_secret_key_that_can_be_guessed(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY", key)
    finding = only(installation._secret_key)
    assert key not in f"{finding}"


def test_pages_without_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "ENTRIES", ("keystead/dist/not-built.css",))
    assert "not-built.css" in only(installation._static_files).says


def test_a_proxy_whose_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BEHIND_TLS", True)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
    assert "KEYSTEAD_ALLOWED_HOSTS" in only(network._names).do
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    assert only(network._names).says == "*"


@pytest.fixture
def port() -> Iterator[int]:
    """A port at which something else answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(network, "SECONDS", 0.2)
    monkeypatch.setenv("KEYSTEAD_PORT", str(port))
    assert "something else" in only(network._port).says


def test_a_mail_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(network, "SECONDS", 0.2)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", network.SMTP)
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", port)
    monkeypatch.setattr(settings, "EMAIL_HOST_PASSWORD", "hooks-and-brass")
    finding = only(network._mail)
    assert "hooks-and-brass" not in f"{finding}"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ('FATAL: password authentication failed for user "k"', "password"),
        ("connection refused", "server"),
        ('database "k" does not exist', "Create"),
        ("could not resolve host", "host"),
        ("unable to open database file", "folder"),
    ],
)
def test_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, words: str, advice: str
) -> None:
    def silent() -> None:
        raise Refused(words, 6)

    monkeypatch.setattr(storage, "require_database", silent)
    found = {finding.about: finding for finding in doctor.examine()}
    assert advice in found["database"].do
    assert "tables" not in found
    assert "worker" not in found


def test_a_library_that_only_pretends_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(storage._eatmydata()) == []
    monkeypatch.setenv("LD_PRELOAD", "/usr/lib/libeatmydata.so")
    assert "LD_PRELOAD" in only(storage._eatmydata).do


def test_a_clock_that_is_behind_the_journal(world: World) -> None:
    (well,) = storage._clock()
    assert well.is_well
    Head.objects.filter(workspace_id=world.workspace).update(at=now() + timedelta(hours=2))
    assert "before the last entry" in only(storage._clock).says


def test_a_database_that_forgets_at_a_power_cut() -> None:
    if connection.vendor != "postgresql":
        assert list(storage._postgresql()) == []
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    assert "synchronous_commit" in only(storage._postgresql).says


def test_a_check_that_fails_is_a_finding_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    def broken() -> Iterator[Finding]:
        raise OperationalError("it is not there")

    monkeypatch.setattr(doctor, "CHECKS", (Check("broken", broken), *CHECKS))
    first, *others = doctor.examine()
    assert (first.about, first.is_well) == ("broken", False)
    assert "it is not there" in first.says
    assert {"data", "database", "worker"} <= {finding.about for finding in others}
