"""Where the vault key comes from, whether it is any good, and whether it lies well.

In this order: `KEYSTEAD_VAULT_KEY` (the key itself), the file `KEYSTEAD_VAULT_KEY_FILE` names,
systemd's credential `keystead-vault-key`, the file in the configuration folder.
"""

import base64
import binascii
import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from keystead import config
from keystead.kernel.secret import SecretBytes
from keystead.kernel.words import said as _
from keystead.vault.errors import VaultLocked
from keystead.vault.wrapping import KEY, fingerprint

CREDENTIAL = "keystead-vault-key"
FEW = 14
"""A random key of 32 bytes has fewer different bytes than this once in 10^11."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look. `path` is None where the environment holds the key itself."""

    kind: Literal["environment", "file", "credential"]
    path: Path | None

    @property
    def is_ours(self) -> bool:
        """Whether Keystead may write there."""
        return self.kind == "file"

    def __str__(self) -> str:
        return "KEYSTEAD_VAULT_KEY" if self.path is None else str(self.path)


def source() -> Source:
    """The first source there is; the last one is the file where a key is made."""
    if "KEYSTEAD_VAULT_KEY" in os.environ:
        return Source("environment", None)
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(given) / CREDENTIAL if given else None
    if not config.names_vault_key_file() and credential is not None and credential.exists():
        return Source("credential", credential)
    return Source("file", config.vault_key_file())


def read(found: Source) -> SecretBytes | None:
    """The key, or None where there is none yet. Raises VaultLocked for one that is no good."""
    if found.path is None:
        return _decoded(os.environ["KEYSTEAD_VAULT_KEY"], found)
    return read_file(found.path)


def read_file(path: Path) -> SecretBytes | None:
    """The key in a file, or None where there is no file. Raises VaultLocked."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        raise VaultLocked(
            _("The vault's key, %(where)s, cannot be read: %(why)s", where=path, why=why)
        ) from None
    return _decoded(text, Source("file", path))


def _decoded(text: str, found: Source) -> SecretBytes:
    try:
        key = SecretBytes(base64.b64decode(text.strip(), validate=True))
    except (binascii.Error, ValueError):
        key = SecretBytes(b"")
    if len(key.reveal()) != KEY:
        raise VaultLocked(
            _(
                "The vault's key, %(where)s, is not 32 bytes in base64, as "
                "`openssl rand -base64 32` makes them.",
                where=found,
            )
        )
    if is_weak(key):
        raise VaultLocked(
            _(
                "The vault's key, %(where)s, can be guessed: it is an example, a pattern or a "
                "sentence. Use what `openssl rand -base64 32` prints.",
                where=found,
            )
        )
    return key


def is_weak(key: SecretBytes) -> bool:
    """Whether it looks like no random key: few different bytes, even steps, or plain text."""
    values = list(key.reveal())
    steps = {(after - before) % 256 for before, after in pairwise(values)}
    return len(set(values)) < FEW or len(steps) < 3 or all(32 <= value < 127 for value in values)


def make(path: Path, key: SecretBytes) -> None:
    """Write a key to a new private file. Raises FileExistsError; half a file is never there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key.reveal()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def next_to(path: Path) -> Path:
    """Where the key that is about to replace the one in `path` lies meanwhile."""
    return path.with_name(f"{path.name}.next")


def old_of(path: Path, name: str) -> Path:
    """Where the key that was in `path` is kept; `name` is its fingerprint."""
    return path.with_name(f"{path.name}.{name}.old")


def put_in_place(path: Path) -> Path | None:
    """Let the key beside `path` take its place; where the one before is kept, if there was one."""
    kept = None
    if path.exists():
        kept = old_of(path, _name_of_old(path))
        with contextlib.suppress(FileExistsError):
            os.link(path, kept)
        owner = path.stat()
        with contextlib.suppress(PermissionError):  # only root may, and only root has to
            os.chown(next_to(path), owner.st_uid, owner.st_gid)
    next_to(path).replace(path)
    _sync_folder(path.parent)
    return kept


def _name_of_old(path: Path) -> str:
    try:
        key = read_file(path)
    except VaultLocked:
        key = None
    return fingerprint(key) if key else "unusable"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def complaints(found: Source) -> Iterator[str]:
    """What is wrong with where a key file lies, as sentences. Nothing if there is no file."""
    if found.path is None or not found.path.exists():
        return
    path = found.path.resolve()
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and found.kind == "file":
        yield _("%(path)s can be read by others: chmod 600", path=found.path)
    for data in _places_of_data():
        if path.is_relative_to(data):
            yield _(
                "%(path)s lies with the data, in %(data)s: whoever copies that has both. Move it "
                "and set KEYSTEAD_VAULT_KEY_FILE",
                path=found.path,
                data=data,
            )
            return
        if path.is_relative_to(data.parent) or data.is_relative_to(path.parent):
            yield _(
                "%(path)s lies beside the data, %(data)s: a copy of the folder around them has "
                "both. Move it and set KEYSTEAD_VAULT_KEY_FILE",
                path=found.path,
                data=data,
            )
            return


def is_on_the_disk_of_the_data(found: Source) -> bool:
    """Whether key and data are on one file system, so that one disk carries both."""
    if found.path is None or not found.path.exists() or found.kind == "credential":
        return False
    device = found.path.stat().st_dev
    return any(data.exists() and data.stat().st_dev == device for data in _places_of_data())


def _places_of_data() -> list[Path]:
    places = [config.data_folder().resolve()]
    database = config.database()
    if database["ENGINE"].endswith("sqlite"):
        places.append(Path(database["NAME"]).resolve().parent)
    return list(dict.fromkeys(places))
