"""What can happen to imports, to copies of the data, and to a copy brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStaged(Fact):
    """A file was uploaded and read; nothing of it is in the register yet."""

    name: ClassVar[str] = "exchange.import-staged"
    sentence: ClassVar[str] = _("uploaded a file with %(rows)s rows to import")
    import_id: int
    rows: int
    file_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPrepared(Fact):
    """Somebody decided how a staged file is to be read; nothing of it is in the register yet."""

    name: ClassVar[str] = "exchange.import-prepared"
    sentence: ClassVar[str] = _("decided how to read an uploaded file")
    import_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(Fact):
    """An import is part of the register now."""

    name: ClassVar[str] = "exchange.import-finished"
    sentence: ClassVar[str] = _("imported %(copies)s copies from a file with %(rows)s rows")
    import_id: int
    rows: int
    copies: int
    keys: int
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatchApplied(Fact):
    """A part of a big import was applied; it stays hidden until the import is finished."""

    name: ClassVar[str] = "exchange.import-batch-applied"
    sentence: ClassVar[str] = _("imported rows %(first_row)s to %(last_row)s, not visible yet")
    import_id: int
    first_row: int
    last_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBegun(Fact):
    """The worker was asked to write a big import; what it writes stays hidden until it is done."""

    name: ClassVar[str] = "exchange.import-begun"
    sentence: ClassVar[str] = _("began a big import, not visible yet")
    import_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStopped(Fact):
    """The worker could not go on with a big import; it waits for somebody to continue it."""

    name: ClassVar[str] = "exchange.import-stopped"
    sentence: ClassVar[str] = _("stopped a big import: %(reason)s")
    import_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(Fact):
    """An unfinished import was taken back: nothing of it was ever visible."""

    name: ClassVar[str] = "exchange.import-undone"
    sentence: ClassVar[str] = _("took back an unfinished import")
    import_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDiscarded(Fact):
    """A staged file was thrown away before anything was imported."""

    name: ClassVar[str] = "exchange.import-discarded"
    sentence: ClassVar[str] = _("threw away an uploaded file")
    import_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationLoaded(Fact):
    """Both workspaces of the demonstration have their year of history."""

    name: ClassVar[str] = "exchange.demonstration-loaded"
    sentence: ClassVar[str] = _("loaded the demonstration")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade(Fact):
    """Everything was written, encrypted, into the folder for backups."""

    name: ClassVar[str] = "exchange.backup-made"
    sentence: ClassVar[str] = _("made the backup %(file_name)s")
    file_name: str
    size: int
    file_digest: str
    recipients: int
    checkpoints: tuple[Mapping[str, int | str], ...]
    broken_journals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFailed(Fact):
    """A backup could not be made; nothing of it was left."""

    name: ClassVar[str] = "exchange.backup-failed"
    sentence: ClassVar[str] = _("could not make a backup: %(reason)s")
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupKeyMade(Fact):
    """A key was made that can open the backups made from now on."""

    name: ClassVar[str] = "exchange.backup-key-made"
    sentence: ClassVar[str] = _("made a key that opens backups")
    recipient: str
    is_locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Fact):
    """The installation has a place it knows again: a random number, kept beside the data."""

    name: ClassVar[str] = "exchange.placed"
    sentence: ClassVar[str] = _("noted where the data lie")
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredFrom(Fact):
    """The data were brought back from a backup, and this copy is held back until confirmed."""

    name: ClassVar[str] = "exchange.restored-from"
    sentence: ClassVar[str] = _("brought the data back from a backup of %(made_at)s")
    backup: str
    made_at: datetime
    app_version: str
    file_digest: str
    checkpoints: tuple[Mapping[str, int | str], ...]
    tokens_withdrawn: int
    invitations_ended: int
    replayed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineBegun(Fact):
    """This copy is held back: it sends nothing until a person confirms it."""

    name: ClassVar[str] = "exchange.quarantine-begun"
    sentence: ClassVar[str] = _("held this copy back: %(reason)s")
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEnded(Fact):
    """A person confirmed that this copy is the one in use."""

    name: ClassVar[str] = "exchange.quarantine-ended"
    sentence: ClassVar[str] = _("confirmed that this copy is the one in use")
    held_since: datetime
    checkpoints: tuple[Mapping[str, int | str], ...]
    place: str


FACTS = (
    ImportStaged,
    ImportPrepared,
    ImportFinished,
    ImportBatchApplied,
    ImportBegun,
    ImportStopped,
    ImportUndone,
    ImportDiscarded,
    DemonstrationLoaded,
    BackupMade,
    BackupFailed,
    BackupKeyMade,
    Placed,
    RestoredFrom,
    QuarantineBegun,
    QuarantineEnded,
)
