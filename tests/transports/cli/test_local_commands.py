"""Commands on the server itself: what they say when all is well, and when it is not."""

import json
import os
import socket
from pathlib import Path

import pytest
from django.db import connection

from keystead import config
from keystead.cli import starting, unlocking
from keystead.cli.acting import local_actor
from keystead.cli.refusing import Refused
from keystead.custody import operations as custody
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.secret import Secret
from keystead.vault import operations as vault
from keystead.worker.loop import Worker
from tests.cast import World
from tests.support.databases import Database
from tests.transports.cli.terminal import Typed

pytestmark = pytest.mark.db


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_verify_tells_how_many_entries_hold(anonymous: Typed, world: World) -> None:
    count = journal.seal(world.ana).sequence
    result = anonymous("verify")
    assert result.exit_code == 0
    assert f"harbour-house: {count} entries hold." in result.stdout
    assert "installation: " in result.stdout
    assert anonymous("journal", "verify", "elsewhere").stdout.startswith("elsewhere: ")


def test_verify_names_the_first_bad_entry(anonymous: Typed, world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_head SET sequence = sequence + 1 WHERE workspace_id = %s",
            [world.workspace],
        )
    number = journal.seal(world.ana).sequence
    result = anonymous("verify")
    assert result.exit_code == 1
    assert f"harbour-house: entry {number} is missing" in result.stdout
    assert "elsewhere: " in result.stdout
    assert anonymous("verify", "elsewhere").exit_code == 0
    told = [json.loads(line) for line in anonymous("verify", "--json").stdout.splitlines()]
    assert [one["workspace"] for one in told if not one["holds"]] == ["harbour-house"]


def test_verify_prints_the_seal_to_note_and_accepts_it_ever_after(
    anonymous: Typed, world: World
) -> None:
    sealed = journal.seal(world.ana)
    noted = f"{sealed.sequence}:{sealed.digest}"
    assert anonymous("verify", world.slug).stdout.rstrip().endswith(f"Seal: {noted}")
    custody.cut_copies(local_actor(world.workspace), key_id=world.key)
    for command in (["verify"], ["journal", "verify"]):
        result = anonymous(*command, world.slug, "--seal", noted.upper())
        assert result.exit_code == 0, result.output
        assert noted not in result.stdout
    said = json.loads(anonymous("verify", world.slug, "--json").stdout)
    now = journal.seal(world.ana)
    assert (said["seal"], now.sequence > sealed.sequence) == (f"{now.sequence}:{now.digest}", True)


def test_verify_tells_a_journal_that_is_not_the_one_sealed(anonymous: Typed, world: World) -> None:
    sealed = journal.seal(world.ana)
    longer = f"{sealed.sequence + 5}:{sealed.digest}"
    result = anonymous("verify", world.slug, "--seal", longer)
    assert result.exit_code == 1
    assert f"{world.slug}: entry {sealed.sequence + 1} is missing" in result.stdout
    other = f"{sealed.sequence}:{journal.seal(world.cy).digest}"
    result = anonymous("verify", world.slug, "--seal", other)
    assert result.exit_code == 1
    assert f"entry {sealed.sequence} differs from the seal noted earlier" in result.stdout
    for digit, exit_code in (("0", 0), ("f", 1)):
        of_nothing = anonymous("verify", world.slug, "--seal", f"0:{digit * 64}")
        assert of_nothing.exit_code == exit_code


def test_verify_refuses_what_is_no_seal_and_a_seal_of_nobody(
    anonymous: Typed, world: World
) -> None:
    sealed = journal.seal(world.ana)
    for bad in ("12", "x:y", f"{sealed.sequence}:{sealed.digest[:-1]}", f"²:{sealed.digest}"):
        assert anonymous("verify", world.slug, "--seal", bad).exit_code == 2
    without_name = anonymous("verify", "--seal", f"{sealed.sequence}:{sealed.digest}")
    assert without_name.exit_code == 2
    assert "one workspace" in without_name.stderr


def test_verify_refuses_a_workspace_there_is_not(anonymous: Typed, world: World) -> None:
    result = anonymous("verify", world.slug, "nowhere")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "nowhere" in result.stderr


def test_local_commands_are_known_by_the_operating_systems_user(world: World) -> None:
    custody.cut_copies(local_actor(world.workspace), key_id=world.key)
    entry = journal.entries(world.ana, limit=1)[0]
    assert entry.channel == "local"
    assert (entry.system or "").startswith("os:")


def test_doctor_tells_what_is_used_and_what_is_wrong(
    anonymous: Typed, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "srv" / "data"))
    monkeypatch.setenv("KEYSTEAD_PORT", str(free_port()))
    starting.make_folder()
    vault.prepare(local_actor(INSTALLATION))
    key = unlocking.new_recovery_key(local_actor(INSTALLATION))
    vault.confirm_recovery_key(local_actor(INSTALLATION), recovery_key=key)
    silent = anonymous("doctor")
    assert (silent.exit_code, "BAD worker: has never run" in silent.stdout) == (1, True)
    Worker(()).round()
    well = anonymous("doctor")
    assert (well.exit_code, "BAD" in well.stdout) == (0, False), well.stdout
    assert "ok  tables: up to date" in well.stdout
    for hint in ("backups: none are made", "checkpoints: go nowhere", "vault key: "):
        assert f"look {hint}" in well.stdout
    (tmp_path / "srv" / "data").chmod(0o755)
    wrong = json.loads(anonymous("doctor", "--json").stdout)
    assert [one["about"] for one in wrong if not one["is_well"]] == ["data"]


def test_doctor_says_loudly_that_the_journal_is_unguarded(
    anonymous: Typed, world: World, database: Database
) -> None:
    assert "ok  journal: " in anonymous("doctor").stdout
    on = "" if database.vendor == "sqlite" else " ON journal_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER journal_entry_in_order{on}")
    result = anonymous("doctor")
    assert result.exit_code == 1
    assert "BAD journal: NOT PROTECTED" in result.stdout
    assert "journal_entry_in_order" in result.stdout


def test_doctor_shows_no_secret(anonymous: Typed, world: World) -> None:
    said = anonymous("doctor").stdout
    assert os.environ["KEYSTEAD_SECRET_KEY"] not in said


def test_without_a_database_local_commands_say_so(
    anonymous: Typed, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/keystead.sqlite3")
    else:
        monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    result = anonymous("verify")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "keystead up" in result.stderr
    assert "BAD database" in anonymous("doctor").stdout


def test_migrating_twice_changes_nothing(
    anonymous: Typed, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "data"))
    result = anonymous("migrate")
    assert (result.exit_code, result.stdout) == (0, "There was nothing to do.\n")


def test_management_commands_pass_through(anonymous: Typed, world: World) -> None:
    assert anonymous("manage", "check", "--fail-level", "WARNING").exit_code == 0


def test_a_data_folder_is_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "deep" / "data"))
    assert starting.make_folder().stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").touch()
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "file"))
    with pytest.raises(Refused, match="cannot be used"):
        starting.make_folder()


def test_a_public_address_needs_https() -> None:
    for host in ("0.0.0.0", "192.0.2.1", "::", "keys.example"):  # noqa: S104  # refused
        with pytest.raises(Refused, match="HTTPS"):
            starting.require_private(host, is_behind_tls=False, plain_http=False)
        assert starting.require_private(host, is_behind_tls=True, plain_http=False)
        assert starting.require_private(host, is_behind_tls=False, plain_http=True)
    for host in ("127.0.0.1", "::1", "localhost"):
        assert not starting.require_private(host, is_behind_tls=False, plain_http=False)


def test_the_demonstrations_password_is_shown_again_at_every_start(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[Secret | None] = []

    def load(password: Secret | None = None) -> object:
        from keystead.exchange.demo import EMAIL, DemoSignIn

        calls.append(password)
        return DemoSignIn(EMAIL, password if len(calls) == 1 else None)

    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(tmp_path / "keys" / "vault.key"))
    monkeypatch.setattr("keystead.exchange.demo.load", load)
    first, second = starting.load_demonstration(), starting.load_demonstration()
    assert first == second
    assert first[1] is not None
    kept = config.vault_key_file().with_name("demo-password")
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    assert starting.load_demonstration()[1] is None
    assert not kept.exists()
