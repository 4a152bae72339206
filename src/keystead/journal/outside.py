"""Places outside the database where checkpoints go: a folder, the owners' mail."""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from keystead import config
from keystead.journal import mail, notes
from keystead.journal.installation import quarantined_since
from keystead.journal.notes import Checkpoint, NotGood, VerifierKey
from keystead.journal.standalone import LONGEST_NOTE, tidied

MOST_FILES_READ = 25
log = logging.getLogger(__name__)

Addresses = Callable[[int], list[str]]
_owners: Addresses | None = None


def set_owners(addresses: Addresses) -> None:
    """Hand in, at start-up, who owns a workspace: the e-mail addresses to write to."""
    global _owners
    _owners = addresses


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint just signed: of which workspace, how far it reaches, and the note itself."""

    workspace_id: int
    slug: str
    sequence: int
    at: datetime
    note: str

    @property
    def file_name(self) -> str:
        """Workspace, number of the last entry and time; sorts in the order of the journal."""
        return f"{self.slug}-{self.sequence:012}-{self.at:%Y%m%dT%H%M%SZ}{notes.SUFFIX}"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere checkpoints go. `put` raises OSError when it cannot."""

    kind: str
    put: Callable[[Signed], None]


def places() -> list[Place]:
    """Where the settings send checkpoints; nowhere from a copy that is held back."""
    found: list[Place] = []
    if quarantined_since() is not None:
        return found
    if config.checkpoint_folder() is not None:
        found.append(Place("folder", into_folder))
    if config.sends_checkpoints():
        found.append(Place("mail", by_mail))
    return found


def into_folder(signed: Signed) -> None:
    """Write a checkpoint, whole or not at all, never over another one. Raises OSError.

    The folder is not made: an empty mount point must not pass for the disk that is missing.
    """
    folder = config.checkpoint_folder()
    if folder is None or not folder.is_dir():
        raise NotADirectoryError(f"The folder {folder} is not there.")
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(signed.note)
            file.flush()
            os.fsync(file.fileno())
        _publish(Path(draft), folder / signed.file_name, signed.note)
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _publish(draft: Path, target: Path, note: str) -> None:
    """Give a finished file its name, unless that is taken by something else."""
    draft.chmod(0o444)
    try:
        os.link(draft, target)
    except FileExistsError:
        if target.read_text(encoding="utf-8") != note:
            raise
    except OSError:  # no links there, such as on a memory stick
        with target.open("x"):
            pass
        draft.replace(target)


def by_mail(signed: Signed) -> None:
    """Send a checkpoint to the owners of its workspace. Raises OSError."""
    message = EmailMessage(
        subject=_("Journal of %(name)s sealed up to entry %(number)s")
        % {"name": signed.slug, "number": signed.sequence},
        body="\n\n".join(
            (
                _(
                    "Keep this mail. With it you can tell later whether the journal was cut "
                    "short or rewritten: choose “Compare with a checkpoint” on the page of the "
                    "journal and paste what follows, or the attached file."
                ),
                signed.note,
            )
        ),
    )
    message.attach(f"{signed.file_name}.txt", signed.note, "text/plain")
    _send(message, signed.workspace_id)


def alarm(workspace_id: int, slug: str, first_bad: int) -> None:
    """Tell the owners that a journal does not hold, where mail is wanted. Raises OSError."""
    if not config.sends_checkpoints() or quarantined_since() is not None:
        return
    message = EmailMessage(
        subject=_("ALARM: the journal of %(name)s does not hold") % {"name": slug},
        body=_(
            "Entry %(number)s of the journal of %(name)s does not hold. It was changed outside "
            "Keystead, or the disk is failing.\n\n"
            "Copy the database before anything else is done with it. The register cannot be "
            "changed until somebody has looked; keys can still be handed out and taken back.\n\n"
            "What to do is told in the page “Running Keystead”, under “A journal that does not "
            "hold”."
        )
        % {"number": first_bad, "name": slug},
    )
    _send(message, workspace_id)


def _send(message: EmailMessage, workspace_id: int) -> None:
    addresses = _owners(workspace_id) if _owners else []
    if not addresses:
        raise OSError("Nobody has an address to write to.")
    for address in addresses:
        message.to = [address]
        mail.hand_over(message)


def kept(slug: str, keys: list[VerifierKey]) -> Iterator[tuple[str, Checkpoint]]:
    """The checkpoints of a workspace in the folder by file name, the longest first.

    Files that prove nothing are left aside, with a line in the log.
    """
    folder = config.checkpoint_folder()
    if folder is None or not folder.is_dir():
        return
    for path in files_in(folder, slug)[:MOST_FILES_READ]:
        try:
            yield path.name, notes.opened(tidied(read(path)), keys)
        except (NotGood, OSError, UnicodeDecodeError) as error:
            log.warning("The checkpoint %s proves nothing: %s", path.name, error)


def files_in(folder: Path, slug: str) -> list[Path]:
    """The files of a workspace's checkpoints in a folder, the longest journal first."""
    named = re.compile(rf"{re.escape(slug)}-\d{{12,18}}-\d{{8}}T\d{{6}}Z{notes.SUFFIX}(\.txt)?")
    found = [path for path in folder.iterdir() if named.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def read(path: Path) -> str:
    """The text of a file that should be a checkpoint; no more than one can have."""
    with path.open("rb") as file:
        return file.read(LONGEST_NOTE + 1).decode()
