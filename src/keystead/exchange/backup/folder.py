"""The folder backups go to: names, writing whole or not at all, and which ones to keep."""

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from keystead.exchange.backup.errors import BackupTargetRefused
from keystead.kernel.words import said as _

_NAME = re.compile(r"keystead-([0-9a-f]{8})-(\d{8}T\d{6}Z)-[0-9a-f]{8}\.age")
_WHEN = "%Y%m%dT%H%M%SZ"
OLD_DRAFT_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies in the folder."""

    path: Path
    made_at: datetime
    size: int


def require_target(folder: Path, data: Path) -> Path:
    """The folder, resolved. Raises BackupTargetRefused with what to do.

    It is never made: a disk that is not plugged in must not be taken for an empty folder.
    """
    found = folder.expanduser().absolute().resolve()
    if not found.is_dir():
        raise BackupTargetRefused(
            _(
                "The folder for backups, %(folder)s, is not there. Plug in or mount what it is on, "
                "or make the folder.",
                folder=folder,
            )
        )
    if found.is_relative_to(data.resolve()):
        raise BackupTargetRefused(
            _(
                "The folder for backups, %(folder)s, lies inside the data folder and would be lost "
                "with it. Choose another place, best another disk.",
                folder=folder,
            )
        )
    return found


def new_name(installation: str, at: datetime) -> str:
    """A name for a backup: which installation, when, and what tells it from others."""
    return f"keystead-{installation[:8]}-{at.astimezone(UTC):{_WHEN}}-{secrets.token_hex(4)}.age"


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as it lies on the disk: size in bytes and SHA-256."""

    size: int
    digest: str


class Draft:
    """A file on its way: what is written to it, counted and digested."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._digest, self.size = descriptor, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def saved(self) -> Saved:
        return Saved(self.size, self._digest.hexdigest())


def write_whole(folder: Path, name: str, fill: Callable[[Draft], None]) -> Saved:
    """Write a file that nobody else can read, whole or not at all, over no other file.

    It is read back before it gets its name. Raises OSError.
    """
    draft = folder / f".{name}.part"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            writing = Draft(descriptor)
            fill(writing)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if digest_of(draft) != writing.saved.digest:
            raise OSError(errno.EIO, "what lies on the disk is not what was written")
        _publish(draft, folder / name)
    finally:
        draft.unlink(missing_ok=True)
    sync(folder)
    return writing.saved


def _publish(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # unlike a rename it never replaces anything
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
            raise
        if path.exists():  # a file system without links
            raise FileExistsError(errno.EEXIST, "there is such a file", str(path)) from None
        draft.rename(path)


def sync(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some network drives do not know how
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(folder: Path, installation: str) -> None:
    """Remove drafts of this installation that a killed process left a day ago."""
    oldest = time.time() - OLD_DRAFT_S
    for path in folder.glob(f".keystead-{installation[:8]}-*.age.part"):
        with suppress(OSError):
            if path.lstat().st_mtime < oldest:
                path.unlink()


def kept(folder: Path, installation: str) -> list[Kept]:
    """The backups of this installation in a folder, newest first."""
    found = []
    for path in folder.iterdir():
        parts = _NAME.fullmatch(path.name)
        if parts and parts[1] == installation[:8] and path.is_file() and not path.is_symlink():
            made_at = datetime.strptime(parts[2], _WHEN).replace(tzinfo=UTC)
            found.append(Kept(path, made_at, path.stat().st_size))
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def to_delete(
    backups: Iterable[Kept], good: Mapping[str, int], *, daily: int, weekly: int
) -> list[Kept]:
    """Which backups have had their day: not the newest good one of each of the last days and weeks.

    `good` has the sizes, by name, of those the journal knows as whole. What it does not know is
    left alone, and so is the newest good one, always.
    """
    known = [one for one in backups if good.get(one.path.name) == one.size]
    newest_first = sorted(known, key=lambda one: one.made_at, reverse=True)
    days: dict[object, Kept] = {}
    weeks: dict[object, Kept] = {}
    for one in newest_first:
        days.setdefault(one.made_at.date(), one)
        weeks.setdefault(one.made_at.isocalendar()[:2], one)
    keeping = {one.path for one in (*list(days.values())[:daily], *list(weeks.values())[:weekly])}
    keeping |= {one.path for one in newest_first[:1]}
    return [one for one in newest_first if one.path not in keeping]
