"""What can happen to imports."""

from dataclasses import dataclass
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
)
