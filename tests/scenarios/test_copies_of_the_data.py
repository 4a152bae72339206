"""Copies of the data: another server, another key, a copy that must keep quiet."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils.timezone import now

from keystead.cli import backing_up
from keystead.cli.acting import local_actor
from keystead.exchange import quarantine
from keystead.exchange.backup.errors import VaultKeyMissing
from keystead.exchange.backup.scheduling import is_due, plan
from keystead.hardware import operations as hardware
from keystead.hardware.models import Code
from keystead.hardware.operations.codes import CODE_VALUE
from keystead.journal.installation import quarantined_since
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.secret import Secret
from keystead.people import access
from keystead.vault import sealing
from tests.cast import BO, World
from tests.exchange.backup import places
from tests.support.databases import Source
from tests.transports.api.things import token

pytestmark = pytest.mark.db
CODES = [Secret("4711-2290"), Secret("0815")]


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "to").mkdir()
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KEYSTEAD_BACKUP_RECIPIENTS", places.KEY.recipient)


@pytest.fixture
def saved(world: World, tmp_path: Path) -> Path:
    """A backup of a register with a code in it, and two things of the same name."""
    for code in CODES:
        hardware.record_code(world.ana, lock_id=world.lock, name="Keypad", value=code)
    return places.back_up(tmp_path / "to").path


def test_scenario_23_a_missing_vault_key_is_told_before_any_write(
    saved: Path, database_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with places.empty_place(database_source, tmp_path) as name:
        monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(tmp_path / "elsewhere" / "vault.key"))
        with pytest.raises(VaultKeyMissing) as refusal:
            places.bring_back(saved)
        assert "is missing here" in refusal.value.message
        assert str(refusal.value.data["needed"]) in refusal.value.message
        assert not (tmp_path / "elsewhere").exists()  # and none was made in its stead
        if database_source.vendor == "sqlite":
            assert not Path(name).exists()


def test_scenario_23_a_wrong_vault_key_is_told_before_any_write(
    saved: Path, database_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.key"
    other.write_text("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\n")
    with places.empty_place(database_source, tmp_path) as name:
        monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(other))
        with pytest.raises(VaultKeyMissing) as refusal:
            places.bring_back(saved)
        assert "The vault key here is" in refusal.value.message
        if database_source.vendor == "sqlite":
            assert not Path(name).exists()


def test_scenario_23_without_the_key_it_is_brought_back_only_when_that_was_said(
    saved: Path, database_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with places.empty_place(database_source, tmp_path):
        monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(tmp_path / "elsewhere" / "vault.key"))
        assert not places.bring_back(saved, without_vault_key=True).is_vault_key_here


def test_scenario_23_with_the_right_key_every_code_is_readable(
    saved: Path, world: World, database_source: Source, tmp_path: Path
) -> None:
    with places.empty_place(database_source, tmp_path):
        assert places.bring_back(saved).is_vault_key_here
        codes = list(Code.objects.exclude(sealed=None).order_by("pk"))
        opened = [
            sealing.open_secret(
                bytes(code.sealed or b""),
                workspace_id=code.workspace_id,
                row=code.uuid,
                purpose=CODE_VALUE,
            )
            for code in codes
        ]
        assert opened == CODES
        assert {code.name for code in codes} == {"Keypad"}


@pytest.fixture
def copy(world: World, saved: Path, database_source: Source, tmp_path: Path) -> Iterator[World]:
    """What was saved, brought back somewhere else."""
    with places.empty_place(database_source, tmp_path):
        places.bring_back(saved)
        yield world


def test_scenario_24_a_restored_copy_sends_no_mail_until_it_is_confirmed(
    copy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "keystead.journal.mail.Backend")
    inner = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(settings, "SENDING_BACKEND", inner, raising=False)
    mail.outbox = []
    assert quarantined_since() is not None
    mail.send_mail("Your key is late", "Since last year", "keys@house.example", [BO])
    assert mail.outbox == []
    quarantine.end(local_actor(INSTALLATION))
    mail.send_mail("Your key is late", "Since today", "keys@house.example", [BO])
    assert [one.body for one in mail.outbox] == ["Since today"]


def test_scenario_24_a_restored_copy_clears_no_backup_away(
    copy: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the name of the one in use, and its settings perhaps."""
    monkeypatch.setenv("KEYSTEAD_BACKUP_TO", str(tmp_path / "to"))
    assert not is_due(plan(), now() + timedelta(days=30))
    quarantine.end(local_actor(INSTALLATION))
    assert is_due(plan(), now() + timedelta(days=30))


def test_scenario_24_a_cloned_folder_keeps_quiet_and_says_how_to_end_that(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = token(world.ana)
    assert backing_up.look() == []
    kept = json.loads(quarantine.place_file(tmp_path / "data").read_text())
    clone = tmp_path / "clone"
    clone.mkdir()
    quarantine.place_file(clone).write_text(json.dumps(kept))
    monkeypatch.setenv("KEYSTEAD_DATA", str(clone))
    said = " ".join(backing_up.look())
    assert "HELD BACK" in said
    assert "keystead quarantine end" in said
    assert quarantined_since() is not None
    assert access.actor_of_token(api, world.slug, "api") is None
    quarantine.end(local_actor(INSTALLATION))
    assert backing_up.look() == []
