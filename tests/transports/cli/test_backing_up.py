"""Backup, restore and quarantine as they are typed."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from keystead.cli import doctor
from keystead.cli.acting import local_actor
from keystead.cli.doctor import copies
from keystead.exchange.backup import folder, keys
from keystead.journal import queries as journal
from keystead.journal.installation import installation_id, quarantined_since
from keystead.worker import steps
from tests.cast import World
from tests.exchange.backup import places
from tests.support.databases import Source
from tests.transports.cli.terminal import Typed

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder and keys of the test's own; the folder for backups."""
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(tmp_path / "keys" / "vault.key"))
    (tmp_path / "data").mkdir()
    (tmp_path / "to").mkdir()
    return tmp_path / "to"


def last_fact(world: World) -> journal.Told:
    return journal.entries(local_actor(0), limit=1)[0]


def test_without_a_key_nobody_could_open_it(anonymous: Typed, world: World, to: Path) -> None:
    result = anonymous("backup", "--to", str(to))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "keystead backup key" in result.stderr
    assert list(to.iterdir()) == []


def test_a_key_is_shown_once_and_only_its_public_half_is_kept(
    anonymous: Typed, world: World, to: Path, tmp_path: Path
) -> None:
    result = anonymous("backup", "key")
    secret = result.stdout.strip()
    assert re.fullmatch(r"AGE-SECRET-KEY-1[0-9A-Z]{58}", secret)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()
    fact = last_fact(world)
    assert fact.name == "exchange.backup-key-made"
    assert secret not in json.dumps(fact.payload)
    assert fact.payload["recipient"] in keys.recipients()


def test_saved_and_brought_back(
    anonymous: Typed, world: World, to: Path, tmp_path: Path, database_source: Source
) -> None:
    secret = anonymous("backup", "key").stdout.strip()
    saved = anonymous("backup", "--to", str(to))
    assert saved.exit_code == 0, saved.output
    assert "NOT in it" in saved.stderr
    (path,) = to.iterdir()
    fact = last_fact(world)
    assert fact.name == "exchange.backup-made"
    assert fact.payload["file_digest"] == folder.digest_of(path)
    assert (fact.payload["size"], fact.payload["file_name"]) == (path.stat().st_size, path.name)
    checked = anonymous("restore", str(path), "--check", typed=f"{secret}\n")
    assert checked.stdout.startswith("Whole: ")
    with places.empty_place(database_source, tmp_path):
        done = anonymous("restore", str(path), typed=f"{secret}\n")
        assert done.exit_code == 0, done.output
        assert "HELD BACK" in done.stdout
        assert secret not in done.output
        told = anonymous("quarantine")
        assert "brought back from a backup" in told.stdout
        assert f"{world.slug}: last entry" in told.stdout
        assert json.loads(anonymous("quarantine", "--json").stdout)["report"]["held"]
        assert "BAD quarantine" in anonymous("doctor").stdout
        assert anonymous("quarantine", "end", typed="n\n").exit_code == 1
        assert quarantined_since() is not None
        assert anonymous("quarantine", "end", typed="y\n").stdout.endswith("in use now.\n")
        assert quarantined_since() is None
        assert "not held back" in anonymous("quarantine", "end", "--yes").stdout


def test_a_wrong_key_is_one_sentence_and_exit_code_two(
    anonymous: Typed, world: World, to: Path, tmp_path: Path, database_source: Source
) -> None:
    anonymous("backup", "key")
    anonymous("backup", "--to", str(to))
    (path,) = to.iterdir()
    other = keys.new_key().identity.reveal()
    with places.empty_place(database_source, tmp_path):
        result = anonymous("restore", str(path), typed=f"{other}\n")
        assert result.exit_code == 2
        assert "Wrong key or damaged" in result.stderr
        for nonsense in ("AGE-SECRET-KEY-1QQQ", "hunter2", "age1xyz"):
            result = anonymous("restore", str(path), typed=f"{nonsense}\n")
            assert (result.exit_code, nonsense in result.stderr) == (2, False)


def test_a_key_under_a_passphrase_lies_beside_the_backups(
    anonymous: Typed, world: World, to: Path, tmp_path: Path
) -> None:
    words = "four brass hooks hold"
    short = anonymous("backup", "key", "--passphrase", typed="short\nshort\n")
    assert short.exit_code == 2
    made = anonymous("backup", "key", "--passphrase", typed=f"{words}\n{words}\n")
    assert made.exit_code == 0, made.output
    assert "AGE-SECRET-KEY" not in made.output
    assert anonymous("backup", "key", "--passphrase").exit_code == 2
    anonymous("backup", "--to", str(to))
    (key,) = to.glob("*-key.age")
    (path,) = [one for one in to.iterdir() if one != key]
    opened = anonymous("restore", str(path), "--key", str(key), "--check", typed=f"{words}\n")
    assert opened.exit_code == 0, opened.output
    wrong = anonymous("restore", str(path), "--key", str(key), "--check", typed="four hooks\n")
    assert (wrong.exit_code, "does not open the key" in wrong.stderr) == (2, True)


def test_a_secret_key_among_the_recipients_is_refused_and_not_repeated(
    anonymous: Typed, world: World, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = keys.new_key().identity.reveal()
    for named in (secret, "age1nonsense", str(to / "missing")):
        monkeypatch.setenv("KEYSTEAD_BACKUP_RECIPIENTS", named)
        result = anonymous("backup", "--to", str(to))
        assert result.exit_code == 2
        assert secret not in result.output


def test_several_people_can_open_it(
    anonymous: Typed, world: World, to: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = [keys.new_key() for _ in range(3)]
    listed = tmp_path / "recipients"
    listed.write_text(f"# the safe\n{three[1].recipient}\n\n{three[2].recipient}\n")
    monkeypatch.setenv("KEYSTEAD_BACKUP_RECIPIENTS", f"{three[0].recipient}, {listed}")
    anonymous("backup", "--to", str(to))
    (path,) = to.iterdir()
    for key in three:
        result = anonymous("restore", str(path), "--check", typed=key.identity.reveal() + "\n")
        assert result.exit_code == 0, result.output


def test_a_register_is_never_overwritten(
    anonymous: Typed, world: World, to: Path, tmp_path: Path, database_source: Source
) -> None:
    secret = anonymous("backup", "key").stdout.strip()
    anonymous("backup", "--to", str(to))
    (path,) = to.iterdir()
    refused = anonymous("restore", str(path), typed=f"{secret}\n")
    assert (refused.exit_code, "never overwritten" in refused.stderr) == (5, True)


def test_a_backup_that_fails_is_recorded_with_a_word(
    anonymous: Typed, world: World, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anonymous("backup", "key")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_publish", full)
    result = anonymous("backup", "--to", str(to))
    assert (result.exit_code, "no-space" in result.stderr) == (6, True)
    assert list(to.iterdir()) == []
    assert last_fact(world).payload == {"reason": "no-space"}


def findings() -> dict[str, doctor.Finding]:
    return {finding.about: finding for finding in doctor.examine()}


def test_the_worker_saves_when_it_is_time_and_the_doctor_tells(
    anonymous: Typed, world: World, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.back_up()
    assert list(to.iterdir()) == []
    assert findings()["backups"].is_well  # so young
    monkeypatch.setattr(copies, "YOUNG", timedelta(0))
    assert not findings()["backups"].is_well
    monkeypatch.setenv("KEYSTEAD_BACKUP_TO", str(to))
    assert "nobody could open" in findings()["backups"].says
    anonymous("backup", "key")
    steps.back_up()
    steps.back_up()
    (path,) = to.iterdir()
    found = findings()["backups"]
    assert (found.is_well, str(path) in found.says) == (True, True)
    assert last_fact(world).channel == "worker"
    path.rename(to / "elsewhere")
    assert not findings()["backups"].is_well
    monkeypatch.setenv("KEYSTEAD_BACKUP_TO", str(to / "unplugged"))
    assert not findings()["backups"].is_well
    assert str(installation_id())[:8] in path.name


def test_a_seal_and_entries_of_the_old_one_are_compared(
    anonymous: Typed, world: World, to: Path, tmp_path: Path
) -> None:
    here = journal.seal(world.ana)
    same = ("quarantine", "--workspace", world.slug, "--seal")
    assert "nothing is missing" in anonymous(*same, f"{here.sequence}:{here.digest}").stdout
    assert "ANOTHER" in anonymous(*same, f"{here.sequence}:{'0' * 64}").stdout
    assert "2 entries" in anonymous(*same, f"{here.sequence + 2}:{'0' * 64}").stdout
    for bad in ("x", "1:2", f"1:{'z' * 64}", f"²:{'0' * 64}"):
        assert anonymous(*same, bad).exit_code == 2
    later = tmp_path / "entries.json"
    later.write_text(
        json.dumps(
            {"items": [{"sequence": here.sequence + 1, "at": "2026", "name": "people.token-made"}]}
        )
    )
    compared = anonymous("quarantine", "--compare", str(later), "--workspace", world.slug)
    assert "people.token-made" in compared.stdout
    assert anonymous("quarantine", "--compare", str(later)).exit_code == 2
    for nonsense in ("", "7", "[7]", '{"items": [{}]}', "[" * 5_000):
        later.write_text(nonsense)
        result = anonymous("quarantine", "--compare", str(later), "--workspace", world.slug)
        assert result.exit_code == 2, nonsense
