"""Names and numbers that an unfinished import has taken already, though nobody sees them yet."""

from django.apps import apps
from django.db import IntegrityError

from keystead.journal.models import Row
from keystead.kernel.errors import Conflict, NameTaken
from keystead.kernel.words import said as _


class TakenByImport(Conflict):
    """An import that is not finished holds the same thing, hidden until it is."""

    code = "taken-by-import"


def explained(error: IntegrityError, workspace_id: int) -> Exception:
    """What to raise for a row the database refused: a refusal, or the error where it is a mistake.

    Rules see every row but those that an unfinished import hides, so only such a row explains
    why two are the same. Asks the database; call it after the transaction was rolled back.
    """
    text = str(error).lower()
    if "unique" not in text:
        return error
    if _hides_rows(workspace_id):
        return TakenByImport(
            _("An import that is not finished has this already. Finish it or take it back first.")
        )
    if any(f"{ending}'" in text or f'{ending}"' in text for ending in NAMES):
        return NameTaken(_("Something of this kind has this name or number already."))
    return error


NAMES = ("_name", "_number", "_label")
"""Endings of constraints about what people call a thing. The database folds case for more letters
than Python's rules and SQL agree on, so that it may see two names as one where the rule did not."""


def _hides_rows(workspace_id: int) -> bool:
    tables = (model for model in apps.get_models() if issubclass(model, Row))
    return any(
        table.everything.filter(workspace_id=workspace_id).exclude(pending_import=None).exists()
        for table in tables
    )
