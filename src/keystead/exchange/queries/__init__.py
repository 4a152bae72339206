"""What can be asked about imports, backups and copies brought back."""

from keystead.exchange.queries.backups import (
    Backup,
    Checkpoint,
    Held,
    WaysIn,
    checkpoints,
    digest_at,
    good_backups,
    held,
    in_use_since,
    last_attempt_at,
    last_backup,
    place,
    ways_in,
)
from keystead.exchange.queries.imports import (
    IMPORTS,
    Comparison,
    ImportView,
    RowNote,
    asked_imports,
    compare,
    import_view,
    imports,
    notes_of,
    stale_imports,
    uploaded,
)
from keystead.exchange.queries.known import Known
from keystead.exchange.queries.present import present_for
from keystead.exchange.queries.retired import RetiredThings, retired_for

__all__ = [
    "IMPORTS",
    "Backup",
    "Checkpoint",
    "Comparison",
    "Held",
    "ImportView",
    "Known",
    "RetiredThings",
    "RowNote",
    "WaysIn",
    "asked_imports",
    "checkpoints",
    "compare",
    "digest_at",
    "good_backups",
    "held",
    "import_view",
    "imports",
    "in_use_since",
    "last_attempt_at",
    "last_backup",
    "notes_of",
    "place",
    "present_for",
    "retired_for",
    "stale_imports",
    "uploaded",
    "ways_in",
]
