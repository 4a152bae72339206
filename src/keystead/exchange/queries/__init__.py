"""What can be asked about imports."""

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
from keystead.exchange.queries.retired import RetiredThings, retired_for

__all__ = [
    "IMPORTS",
    "Comparison",
    "ImportView",
    "Known",
    "RetiredThings",
    "RowNote",
    "asked_imports",
    "compare",
    "import_view",
    "imports",
    "notes_of",
    "retired_for",
    "stale_imports",
    "uploaded",
]
