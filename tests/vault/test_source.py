"""Where the vault key comes from, which keys are refused, and where a key lies badly."""

import base64
from pathlib import Path

import pytest

from keystead import config
from keystead.vault import source, wrapping
from keystead.vault.errors import VaultLocked


def written(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, a folder for keys elsewhere, and nothing said about the vault key."""
    for name in ("KEYSTEAD_VAULT_KEY", "KEYSTEAD_VAULT_KEY_FILE", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "srv" / "data").mkdir(parents=True)
    (tmp_path / "etc" / "keystead").mkdir(parents=True)
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("KEYSTEAD_DATA", str(tmp_path / "srv" / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite://{tmp_path}/srv/data/keystead.sqlite3")
    return tmp_path


def test_the_environment_wins_over_a_file_that_over_a_credential_that_over_the_default(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {name: wrapping.new_key() for name in ("default", "credential", "file", "environment")}
    source.make(places / "etc" / "keystead" / "vault.key", keys["default"])
    assert source.read(source.source()) == keys["default"]
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(places / "run"))
    assert source.read(source.source()) == keys["default"]
    source.make(places / "run" / source.CREDENTIAL, keys["credential"])
    assert source.read(source.source()) == keys["credential"]
    assert not source.source().is_ours
    source.make(places / "etc" / "named.key", keys["file"])
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(places / "etc" / "named.key"))
    assert source.read(source.source()) == keys["file"]
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY", written(keys["environment"].reveal()))
    assert source.read(source.source()) == keys["environment"]


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(62, -2, -2)),
        b"0123456789abcdef" * 2,
        b"correct horse battery staple 123",
        b"\x00\x01\x02\x03" * 8,
    ],
    ids=["zeros", "ones", "counting", "counting down", "hex digits", "a sentence", "a pattern"],
)
def test_keys_somebody_could_guess_are_refused(places: Path, key: bytes) -> None:
    path = places / "etc" / "keystead" / "vault.key"
    path.write_text(written(key))
    with pytest.raises(VaultLocked, match="can be guessed") as refused:
        source.read(source.source())
    assert written(key) not in refused.value.message


def test_random_keys_are_never_taken_for_weak_ones() -> None:
    assert not any(source.is_weak(wrapping.new_key()) for _ in range(20_000))


@pytest.mark.parametrize("text", ["", "key", written(bytes(range(31))), "=" * 44, "ü" * 44])
def test_what_is_no_key_is_refused(places: Path, text: str) -> None:
    (places / "etc" / "keystead" / "vault.key").write_text(text)
    with pytest.raises(VaultLocked, match="32 bytes in base64"):
        source.read(source.source())


def test_a_key_file_is_private_and_never_overwritten(places: Path) -> None:
    path = places / "etc" / "new" / "vault.key"
    key = wrapping.new_key()
    source.make(path, key)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        source.make(path, wrapping.new_key())
    assert source.read_file(path) == key
    assert [p.name for p in path.parent.iterdir()] == ["vault.key"]


def test_a_key_inside_the_data_folder_is_refused_also_through_a_link(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = places / "srv" / "data" / "vault.key"
    inside.write_text("x")
    (places / "link").symlink_to(inside)
    for path in (inside, places / "link", places / "srv" / "other" / ".." / "data" / "k"):
        monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(path))
        with pytest.raises(config.BadSetting, match="inside the data folder"):
            source.source()


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("etc/keystead/vault.key", None),
        ("srv/vault.key", "beside the data"),
        ("srv/keys/vault.key", "beside the data"),
        ("vault.key", "beside the data"),
    ],
)
def test_a_key_beside_the_data_is_complained_about(
    places: Path, monkeypatch: pytest.MonkeyPatch, where: str, said: str | None
) -> None:
    path = places / where
    source.make(path, wrapping.new_key())
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(path))
    complaints = list(source.complaints(source.source()))
    assert [said in complaint for complaint in complaints if said] == [True] * bool(said)
    assert bool(complaints) == bool(said)
    assert source.is_on_the_disk_of_the_data(source.source())


def test_a_key_in_the_folder_of_the_database_is_complained_about(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite://{places}/etc/keystead/db.sqlite3")
    source.make(places / "etc" / "keystead" / "vault.key", wrapping.new_key())
    assert "lies with the data" in next(source.complaints(source.source()))


def test_a_key_others_can_read_is_complained_about(places: Path) -> None:
    path = places / "etc" / "keystead" / "vault.key"
    source.make(path, wrapping.new_key())
    assert list(source.complaints(source.source())) == []
    path.chmod(0o640)
    assert "can be read by others" in next(source.complaints(source.source()))


def test_a_new_key_takes_the_place_of_the_old_one_which_is_kept(places: Path) -> None:
    path = places / "etc" / "keystead" / "vault.key"
    old, new = wrapping.new_key(), wrapping.new_key()
    source.make(path, old)
    source.make(source.next_to(path), new)
    kept = source.put_in_place(path)
    assert source.read_file(path) == new
    assert kept is not None
    assert source.read_file(kept) == old
    assert not source.next_to(path).exists()
