"""Who can open a backup: age recipients and identities, by pyrage. Never Keystead itself.

A recipient (`age1…`) only locks; it may lie anywhere. An identity (`AGE-SECRET-KEY-1…`) opens.
It is made for people who have none, shown once and not kept; or kept in a file that a passphrase
locks, which age itself opens, too.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
from pyrage import passphrase, x25519

from keystead import config
from keystead.exchange.backup.errors import BackupKeyRefused, BackupNotSetUp, BackupUnreadable
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _

BIGGEST_KEY_FILE = 64 * 1024
AGE = b"age-encryption.org/v1"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: what opens, and what locks."""

    identity: Secret
    recipient: str


def new_key() -> NewKey:
    """A key for people who have none."""
    made = x25519.Identity.generate()
    return NewKey(Secret(str(made)), str(made.to_public()))


def locked(key: NewKey, words: Secret) -> bytes:
    """The identity as a file that a passphrase locks; `age -d` opens it, too. Takes seconds."""
    text = f"# public key: {key.recipient}\n{key.identity.reveal()}\n"
    return bytes(passphrase.encrypt(text.encode(), words.reveal()))


def recipients_file() -> Path:
    """Where recipients lie that Keystead noted itself: beside the vault's key."""
    return config.vault_key_file().with_name("backup.recipients")


def locked_key_file() -> Path:
    """Where a key locked by a passphrase lies; every backup takes a copy of it along."""
    return config.vault_key_file().with_name("backup.key.age")


def recipients() -> list[str]:
    """Everybody who shall be able to open backups, once each. Raises BackupKeyRefused."""
    named = config.read("BACKUP_RECIPIENTS")
    if named is None:
        path = recipients_file()
        return list(_in_file(path)) if path.exists() else []
    found: list[str] = []
    for part in named.replace(",", " ").split():
        is_key = part.lower().startswith(("age1", "age-"))
        found += [_checked(part)] if is_key else _in_file(Path(part).expanduser())
    return list(dict.fromkeys(found))


def _in_file(path: Path) -> Iterator[str]:
    try:
        if path.stat().st_size > BIGGEST_KEY_FILE:
            raise OSError("it is too big")
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BackupKeyRefused(
            _("The recipients in %(path)s cannot be read: %(why)s.", path=path, why=why)
        ) from None
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield _checked(line.strip())


def _checked(text: str) -> str:
    if text.upper().startswith("AGE-SECRET-KEY"):
        raise BackupKeyRefused(
            _(
                "KEYSTEAD_BACKUP_RECIPIENTS holds a secret key. It must hold only the public one "
                "(age1…): whoever reads the settings could open every backup."
            )
        )
    try:
        return str(x25519.Recipient.from_str(text))
    except pyrage.RecipientError:
        raise BackupKeyRefused(
            _("%(text)s is no recipient. One looks like age1… and is copied whole.", text=text[:80])
        ) from None


def require_recipients() -> list[str]:
    """Everybody who shall be able to open backups. Raises BackupNotSetUp if that is nobody."""
    found = recipients()
    if not found:
        raise BackupNotSetUp(
            _(
                "Nobody could open a backup yet. Make a key with: keystead backup key, or set "
                "KEYSTEAD_BACKUP_RECIPIENTS to an age public key."
            )
        )
    return found


def for_age(texts: Sequence[str]) -> list[x25519.Recipient]:
    """Recipients as the library wants them."""
    return [x25519.Recipient.from_str(text) for text in texts]


def note_recipient(recipient: str) -> Path:
    """Add a recipient to the file beside the vault's key; the file."""
    path = recipients_file()
    before = path.read_text() if path.exists() else ""
    keep(path, (before.rstrip("\n") + "\n" + recipient + "\n").lstrip("\n").encode())
    return path


def keep(path: Path, content: bytes) -> None:
    """Write a private file (mode 600) whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)


def identities(text: Secret) -> list[Any]:
    """The identities in what somebody typed, or in the text of a file. Raises BackupKeyRefused."""
    found = []
    for line in text.reveal().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(x25519.Identity.from_str(line.strip()))
        except pyrage.IdentityError:
            raise _no_identity() from None
    if not found:
        raise _no_identity()
    return found


def _no_identity() -> BackupKeyRefused:
    return BackupKeyRefused(
        _("This is no key for backups. One looks like AGE-SECRET-KEY-1… and is copied whole.")
    )


def is_locked(content: bytes) -> bool:
    """Whether a key file asks for a passphrase."""
    return content.startswith(AGE)


def unlocked(content: bytes, words: Secret) -> Secret:
    """The text of a key file that a passphrase locks. Raises BackupUnreadable."""
    try:
        return Secret(passphrase.decrypt(content, words.reveal()).decode())
    except (pyrage.DecryptError, OSError, ValueError):
        raise BackupUnreadable(
            _("The passphrase does not open the key, or the file of the key is damaged.")
        ) from None


def read_key_file(path: Path) -> bytes:
    """The content of a key file. Raises BackupKeyRefused."""
    try:
        if path.stat().st_size > BIGGEST_KEY_FILE:
            raise _no_identity()
        return path.read_bytes()
    except OSError as error:
        raise BackupKeyRefused(
            _("The key in %(path)s cannot be read: %(why)s.", path=path, why=error.strerror)
        ) from None
