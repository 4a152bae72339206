"""Names and numbers that an unfinished import has taken already, though nobody sees them yet."""

from django.apps import apps
from django.db import IntegrityError

from keystead.journal.models import Row
from keystead.kernel.errors import Conflict
from keystead.kernel.words import said as _


class TakenByImport(Conflict):
    """An import that is not finished holds the same thing, hidden until it is."""

    code = "taken-by-import"


def explained(error: IntegrityError, workspace_id: int) -> Exception:
    """What to raise for a row the database refused: a refusal, or the error where it is a mistake.

    Rules see every row but those that an unfinished import hides, so only such a row explains
    why two are the same. Asks the database; call it after the transaction was rolled back.
    """
    if "unique" not in str(error).lower() or not _hides_rows(workspace_id):
        return error
    return TakenByImport(
        _("An import that is not finished has this already. Finish it or take it back first.")
    )


def _hides_rows(workspace_id: int) -> bool:
    tables = (model for model in apps.get_models() if issubclass(model, Row))
    return any(
        table.everything.filter(workspace_id=workspace_id).exclude(pending_import=None).exists()
        for table in tables
    )
