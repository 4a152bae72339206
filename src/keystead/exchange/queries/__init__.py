"""What can be asked about imports."""

from keystead.exchange.queries.imports import (
    Comparison,
    ImportView,
    RowNote,
    compare,
    import_view,
    imports,
    notes_of,
    stale_imports,
    uploaded,
)
from keystead.exchange.queries.known import Known

__all__ = [
    "Comparison",
    "ImportView",
    "Known",
    "RowNote",
    "compare",
    "import_view",
    "imports",
    "notes_of",
    "stale_imports",
    "uploaded",
]
