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

__all__ = [
    "IMPORTS",
    "Comparison",
    "ImportView",
    "Known",
    "RowNote",
    "asked_imports",
    "compare",
    "import_view",
    "imports",
    "notes_of",
    "stale_imports",
    "uploaded",
]
