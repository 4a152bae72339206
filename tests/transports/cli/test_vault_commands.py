"""The commands about the vault's keys, as whoever runs the server types them."""

import json
import os
import pty
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from keystead.cli import starting, unlocking
from keystead.cli.acting import local_actor
from keystead.cli.refusing import Refused
from keystead.hardware import operations as hardware
from keystead.hardware.models import Code
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.secret import Secret
from keystead.vault import keyring, queries, sealing, source, wrapping
from keystead.vault import operations as vault
from tests.cast import World, found_world
from tests.transports.cli.terminal import Typed

pytestmark = pytest.mark.db
GROUPS = re.compile(r"\b[0-9A-Z]{5}\b")


@pytest.fixture
def key_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A vault key of this test's own, far from its data."""
    path = tmp_path / "keys" / "vault.key"
    source.make(path, wrapping.new_key())
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(path))
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "srv" / "data"))
    starting.make_folder()
    keyring.forget()
    keyring.load()
    yield path
    monkeypatch.undo()
    keyring.forget()
    keyring.load()


@pytest.fixture
def world(key_file: Path, database: object) -> World:
    """The cast set up for each test, under its own vault key."""
    return found_world()


@pytest.fixture
def code(key_file: Path, world: World) -> int:
    """A code sealed in a vault that is ready for use."""
    vault.prepare(local_actor(INSTALLATION))
    return hardware.record_code(
        world.ana, lock_id=world.lock, name="Alarm", value=Secret("44710815")
    )


def value_of(code_id: int) -> str:
    row = Code.objects.get(pk=code_id)
    return sealing.open_secret(
        bytes(row.sealed or b""), workspace_id=row.workspace_id, row=row.uuid, purpose="code.value"
    ).reveal()


def new_recovery_key(anonymous: Typed) -> str:
    """The recovery key as it is printed."""
    made = anonymous("vault", "new-recovery-key")
    assert made.exit_code == 0, made.output
    groups = GROUPS.findall(made.stdout)
    assert len(groups) == 8
    return "-".join(groups)


def restart() -> None:
    keyring.forget()
    keyring.load()


def test_doctor_nags_until_somebody_shows_that_they_have_the_recovery_key(
    anonymous: Typed, code: int
) -> None:
    def said() -> str:
        lines = anonymous("doctor").stdout.splitlines()
        return next(line for line in lines if "recovery key" in line)

    assert said().startswith("BAD recovery key: NONE")
    written = new_recovery_key(anonymous)
    assert said().startswith("BAD recovery key: made on")
    wrong = anonymous("vault", "confirm-recovery", typed=f"{written[:-1]}?\n")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    typed = written.lower().replace("-", " ")
    assert anonymous("vault", "confirm-recovery", typed=typed).exit_code == 0
    assert said().startswith("ok  recovery key: confirmed on")
    assert written not in anonymous("doctor").output


def test_without_a_recovery_key_there_is_nothing_to_confirm_or_to_recover_with(
    anonymous: Typed, code: int, key_file: Path
) -> None:
    assert anonymous("vault", "confirm-recovery", typed="x").exit_code == 3
    key_file.unlink()
    lost = anonymous("vault", "recover", typed="x")
    assert (lost.exit_code, "No recovery key" in lost.stderr) == (3, True)
    assert not key_file.exists()


def test_rotating_tells_what_was_done(anonymous: Typed, code: int) -> None:
    done = anonymous("vault", "rotate")
    assert (done.exit_code, done.stdout) == (
        0,
        "1 values sealed anew, 3 old data keys destroyed.\n",
    )
    assert value_of(code) == "44710815"


def test_rotating_tells_of_values_that_cannot_be_opened(anonymous: Typed, code: int) -> None:
    Code.objects.filter(pk=code).update(sealed=b"\x01" + bytes(60))
    done = anonymous("vault", "rotate")
    assert (done.exit_code, "1 values cannot be opened" in done.stderr) == (1, True)
    assert "BAD data keys: 3 in use; 1 values sealed with an older" in anonymous("doctor").stdout


def test_the_vault_key_file_is_replaced_and_the_old_one_kept(
    anonymous: Typed, code: int, key_file: Path
) -> None:
    old = source.read_file(key_file)
    done = anonymous("vault", "rotate", "--kek")
    assert done.exit_code == 0, done.output
    assert source.read_file(key_file) != old
    kept = [path for path in key_file.parent.iterdir() if path.suffix == ".old"]
    assert [source.read_file(path) for path in kept] == [old]
    assert str(kept[0]) in done.stdout
    restart()
    assert value_of(code) == "44710815"


@pytest.mark.parametrize("stopped_after", ["the new key was written", "it was prepared", "swap"])
def test_a_change_of_the_vault_key_that_was_stopped_goes_on(
    anonymous: Typed, code: int, key_file: Path, stopped_after: str
) -> None:
    new = wrapping.new_key()
    source.make(source.next_to(key_file), new)
    if stopped_after != "the new key was written":
        vault.prepare_vault_key(local_actor(INSTALLATION), vault_key=new)
        assert "is being replaced" in anonymous("doctor").stdout
    if stopped_after == "swap":
        source.put_in_place(key_file)
    restart()
    done = anonymous("vault", "rotate", "--kek")
    assert done.exit_code == 0, done.output
    assert queries.vault_keys() == [wrapping.fingerprint(new)]
    assert source.read_file(key_file) == new
    assert value_of(code) == "44710815"


def test_a_start_finishes_a_change_of_the_vault_key(code: int, key_file: Path) -> None:
    new = wrapping.new_key()
    source.make(source.next_to(key_file), new)
    vault.prepare_vault_key(local_actor(INSTALLATION), vault_key=new)
    source.put_in_place(key_file)
    restart()
    unlocking.check_key()
    unlocking.make_ready(local_actor(INSTALLATION), is_demo=False)
    assert queries.vault_keys() == [wrapping.fingerprint(new)]


def test_a_key_from_the_environment_is_replaced_by_whoever_put_it_there(
    anonymous: Typed,
    code: int,
    key_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY", key_file.read_text().strip())
    restart()
    assert anonymous("vault", "rotate", "--kek").exit_code == 2
    new_file = tmp_path / "new.key"
    done = anonymous("vault", "rotate", "--kek", "--new-key-file", str(new_file))
    assert (done.exit_code, "start Keystead again" in done.stdout) == (0, True)
    assert value_of(code) == "44710815"
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY", new_file.read_text().strip())
    restart()
    unlocking.check_key()
    unlocking.make_ready(local_actor(INSTALLATION), is_demo=False)
    restart()
    assert len(queries.vault_keys()) == 1
    assert value_of(code) == "44710815"


@pytest.mark.parametrize("loss", ["gone", "another", "nonsense"])
def test_a_lost_vault_key_stops_the_start_and_the_recovery_key_brings_it_back(
    anonymous: Typed, code: int, key_file: Path, loss: str
) -> None:
    written = new_recovery_key(anonymous)
    there = anonymous("vault", "recover", typed=written)
    assert (there.exit_code, "nothing is to be recovered" in there.stderr) == (5, True)
    key_file.unlink()
    if loss == "another":
        source.make(key_file, wrapping.new_key())
    if loss == "nonsense":
        key_file.write_text("nonsense")
    before, had = journal.seal(local_actor(INSTALLATION)), sorted(key_file.parent.iterdir())
    restart()
    with pytest.raises(Refused) as refused:
        unlocking.check_key()
    assert refused.value.exit_code == (3 if loss == "gone" else 2)
    slip = anonymous("vault", "recover", typed=written[:-1])
    assert slip.exit_code == 2
    assert journal.seal(local_actor(INSTALLATION)) == before
    assert sorted(key_file.parent.iterdir()) == had

    done = anonymous("vault", "recover", typed=written)
    assert done.exit_code == 0, done.output
    restart()
    unlocking.check_key()
    assert value_of(code) == "44710815"
    assert anonymous("vault", "confirm-recovery", typed=written).exit_code == 0
    told = journal.entries(local_actor(INSTALLATION), limit=2)[1]
    assert (told.name, told.payload["reason"]) == ("vault.key-put-in-use", "recovery")


def test_a_recovery_stopped_before_the_key_file_was_swapped_is_finished_by_a_start(
    anonymous: Typed, code: int, key_file: Path
) -> None:
    written, new = new_recovery_key(anonymous), wrapping.new_key()
    source.make(source.next_to(key_file), new)
    key_file.unlink()
    vault.recover(local_actor(INSTALLATION), recovery_key=Secret(written), vault_key=new)
    restart()
    unlocking.check_key()
    restart()
    assert source.read_file(key_file) == new
    assert value_of(code) == "44710815"


def test_a_missing_key_is_not_made_anew_where_data_keys_are_wrapped(
    code: int, key_file: Path
) -> None:
    key_file.unlink()
    with pytest.raises(Refused, match="missing") as refused:
        unlocking.check_key()
    assert not key_file.exists()
    assert any("keystead vault recover" in line for line in refused.value.lines)


def test_doctor_says_what_is_wrong_with_the_key(
    anonymous: Typed, code: int, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad() -> dict[str, str]:
        findings = json.loads(anonymous("doctor", "--json").stdout)
        return {one["about"]: one["says"] for one in findings if not one["is_well"]}

    assert "vault key" not in bad()
    key_file.chmod(0o644)
    assert "can be read by others" in bad()["vault key"]
    key_file.chmod(0o600)
    beside = key_file.parents[1] / "srv" / "vault.key"
    source.make(beside, source.read_file(key_file) or wrapping.new_key())
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(beside))
    assert "beside the data" in bad()["vault key"]
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(key_file))
    key_file.write_text("A" * 43 + "=")
    assert "can be guessed" in bad()["vault key"]
    key_file.unlink()
    source.make(key_file, wrapping.new_key())
    assert "WRONG KEY" in bad()["vault"]
    assert "vault key" not in bad()


KEYSTEAD = (sys.executable, "-m", "keystead.cli")
PATIENCE_S = 60.0


def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "KEYSTEAD" not in name}
    kept.pop("DATABASE_URL", None)
    return kept | {
        "KEYSTEAD_DATA": str(tmp_path / "srv" / "data"),
        "KEYSTEAD_VAULT_KEY_FILE": str(tmp_path / "keys" / "vault.key"),
        "LANG": "en",
    }


def started(tmp_path: Path, **more: str) -> tuple[int, str]:
    """`keystead up` until it answers, in a terminal; its exit code, and what was shown."""
    ours, theirs = pty.openpty()
    port = _free_port()
    process = subprocess.Popen(
        (*KEYSTEAD, "up", "--port", str(port)),
        env=environment(tmp_path) | more,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown: list[bytes] = []
    reader = threading.Thread(target=_read_all, args=(ours, shown), daemon=True)
    reader.start()
    try:
        until = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < until and not _answers(port):
            time.sleep(0.2)
        process.terminate()
        ended = process.wait(PATIENCE_S)
    finally:
        process.kill()
    reader.join(PATIENCE_S)
    os.close(ours)
    return ended, b"".join(shown).decode()


def _read_all(terminal: int, shown: list[bytes]) -> None:
    try:
        while part := os.read(terminal, 4096):
            shown.append(part)
    except OSError:
        pass  # nobody writes to it any more


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/start", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_the_first_start_in_a_terminal_shows_the_recovery_key_once(tmp_path: Path) -> None:
    code, first = started(tmp_path)
    groups = GROUPS.findall(first.partition("RECOVERY KEY")[2])
    assert (code, len(groups)) == (0, 8), first
    confirmed = subprocess.run(
        (*KEYSTEAD, "vault", "confirm-recovery"),
        env=environment(tmp_path),
        input=" ".join(groups),
        text=True,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert confirmed.returncode == 0, confirmed.stderr
    code, second = started(tmp_path)
    assert (code, "RECOVERY KEY" in second) == (0, False)
    assert (tmp_path / "keys" / "vault.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("KEYSTEAD_VAULT_KEY", "A" * 43 + "=", "can be guessed"),
        ("KEYSTEAD_VAULT_KEY", "example", "32 bytes in base64"),
        ("KEYSTEAD_SECRET_KEY", "changeme" * 5, "example or a pattern"),
        ("KEYSTEAD_SECRET_KEY", "django-insecure-0123456789abcdefghijklmnop", "example"),
    ],
)
def test_example_keys_stop_the_start(tmp_path: Path, setting: str, value: str, said: str) -> None:
    code, shown = started(tmp_path, **{setting: value})
    assert code != 0
    assert said in shown.replace("\r\n", " ")
    assert not (tmp_path / "srv" / "data" / "keystead.sqlite3").exists()
