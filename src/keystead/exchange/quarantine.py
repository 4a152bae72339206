"""Is this the installation in use, or a copy of it? Asked at every start; and letting a copy go.

The journal knows the place it is at home in by a random number; a file in the data folder has the
same number, and beside it which machine and folder it was written on and how far the journal
reached. A copy of a database has no such file, a copy of a folder has one that names another
machine or folder. Moving a folder on one machine is no copy: the old one is gone then.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from django.utils.timezone import now

from keystead import config
from keystead.exchange import operations, queries
from keystead.exchange.backup.keys import keep
from keystead.exchange.queries import Checkpoint, Held, WaysIn
from keystead.journal import installation
from keystead.journal import queries as journal
from keystead.journal.operation import require
from keystead.journal.verify import verify
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.rights import Right
from keystead.people import operations as people

MACHINE_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
Finding = Literal["home", "moved", "copied", "older"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation is at home. `machine` is a hash, None where machines have no number."""

    place: str
    machine: str | None
    folder: str
    sequence: int
    digest: str


def place_file(folder: Path) -> Path:
    """Where a data folder keeps its place."""
    return folder / "place.json"


def machine(uuid: str) -> str | None:
    """This machine, as only this installation writes it; None where the machine has no number."""
    for path in MACHINE_FILES:
        with suppress(OSError):
            if text := path.read_text().strip():
                return hashlib.sha256(f"keystead|{uuid}|{text}".encode()).hexdigest()[:32]
    return None


def read_place(folder: Path) -> Place | None:
    """The place a data folder was last at home in; None where nothing, or nonsense, is kept."""
    with suppress(OSError, ValueError, TypeError, LookupError):
        kept = json.loads(place_file(folder).read_text())
        return Place(
            str(kept["place"]),
            None if kept["machine"] is None else str(kept["machine"]),
            str(kept["folder"]),
            int(kept["sequence"]),
            str(kept["digest"]),
        )
    return None


def look(actor: Actor) -> Finding | None:
    """Compare this place with the one the journal knows, and quarantine a copy.

    None while nobody has signed up, and where another worker is alive on the same database: that
    is no copy but the same one. `actor` acts on the installation.
    """
    if people.can_found() or installation.quarantined_since() is not None:
        return None
    if _is_shared():
        return None
    known, here = queries.place(), read_place(config.data_folder())
    found = _compared(known, here)
    if found in ("copied", "older"):
        operations.begin_quarantine(actor, reason=found)
        return found
    _settle(here.place if here and known else None, actor)
    return found


def _is_shared() -> bool:
    """Whether Keystead works on this database now, from wherever."""
    until = journal.held_until("worker")
    return until is not None and until > now()


def _compared(known: str | None, here: Place | None) -> Finding:
    if known is None:
        return "home"  # the first start, or the first of a version that knows places
    if here is None or here.place != known:
        return "copied"
    this = machine(str(installation.installation_id()))
    if None not in (this, here.machine) and this != here.machine:
        return "copied"
    if here.sequence and queries.digest_at(INSTALLATION, here.sequence) != here.digest:
        return "older"  # than what was last used here
    if Path(here.folder) == config.data_folder():
        return "home"
    return "copied" if _is_there_too(here) else "moved"


def _is_there_too(here: Place) -> bool:
    """Whether the folder this one was copied from is still there."""
    old, own = Path(here.folder), config.data_folder()
    there = read_place(old)
    with suppress(OSError):
        return there is not None and there.place == here.place and not old.samefile(own)
    return False


def _settle(place: str | None, actor: Actor) -> str:
    """Write the file for this place; a new number is recorded, too."""
    number = place or secrets.token_hex(16)
    _write(number)
    if place is None:
        operations.note_place(actor, place=number)
    return number


def _write(number: str) -> None:
    end = next(one for one in queries.checkpoints() if one.workspace_id == INSTALLATION)
    uuid = str(installation.installation_id())
    folder = config.data_folder()
    place = Place(number, machine(uuid), str(folder), end.sequence, end.digest)
    keep(place_file(folder), (json.dumps(asdict(place), indent=1) + "\n").encode())


def end(actor: Actor) -> bool:
    """Confirm that this copy is the one in use; whether it was held back.

    Raises Forbidden for everybody but the operator and commands on the server.
    """
    require(actor, Right.MANAGE_INSTALLATION)
    if installation.quarantined_since() is None:
        return False
    number = secrets.token_hex(16)
    _write(number)
    operations.end_quarantine(actor, place=number)
    return True


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to look at before a copy is let go."""

    held: Held
    ways_in: Sequence[WaysIn]


def report(actor: Actor) -> Report | None:
    """Why this copy is held back and who could get in; None when it is not held back."""
    require(actor, Right.MANAGE_INSTALLATION)
    since = installation.quarantined_since()
    if since is None:
        return None
    return Report(queries.held(actor, since), queries.ways_in(actor))


TELLING = {
    "people.member-invited",
    "people.invitation-withdrawn",
    "people.member-joined",
    "people.role-changed",
    "people.member-removed",
    "people.person-left",
    "people.token-made",
    "people.token-withdrawn",
    "people.password-changed",
    "hardware.code-changed",
    "hardware.code-told",
}
"""Facts that change who gets in, and so must be done again in an older copy."""


@dataclass(frozen=True, slots=True)
class Since:
    """What the old installation's journal has that this copy lacks. `first` is its next entry.

    `is_same` tells whether what both have is the same; None where that cannot be told.
    """

    entries: int
    telling: tuple[tuple[int, str, str], ...]
    is_same: bool | None


def compare_with_entries(reached: int, entries: Sequence[dict[str, Any]]) -> Since:
    """What entries exported from the old installation's journal say that came after `reached`.

    Raises KeyError, TypeError or ValueError for entries that are none.
    """
    later = [entry for entry in entries if int(entry["sequence"]) > reached]
    telling = tuple(
        (int(entry["sequence"]), str(entry["at"]), str(entry["name"]))
        for entry in sorted(later, key=lambda entry: int(entry["sequence"]))
        if entry["name"] in TELLING
    )
    return Since(len(later), telling, None)


def compare_with_seal(here: Checkpoint, sequence: int, digest: str) -> Since:
    """What a seal noted at the old installation (a later checkpoint) says about this copy.

    `here` is how far the copy reached when it was loaded.
    """
    if sequence > here.sequence:
        return Since(sequence - here.sequence, (), None)
    verdict = verify(here.workspace_id, (sequence, bytes.fromhex(digest)))
    return Since(0, (), verdict.holds)
