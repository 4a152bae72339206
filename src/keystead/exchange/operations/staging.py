"""Uploading a register, deciding how to read it, throwing it away."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keystead.exchange import facts
from keystead.exchange.errors import ImportEnded, ImportUnderWay
from keystead.exchange.guessing import Layout
from keystead.exchange.models import Import
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_version
from keystead.kernel.rights import Right
from keystead.kernel.text import line, optional_line
from keystead.kernel.words import said as _
from keystead.vault import sealing

UPLOAD = "exchange.upload"
"""The purpose an uploaded file is sealed for."""


@operation(Right.IMPORT)
def stage(
    change: Change,
    *,
    file_name: str,
    content: bytes,
    layouts: Sequence[Mapping[str, Any]],
    row_count: int,
    site_name: str,
    as_of: date,
    encoding: str = "",
    separator: str = "",
) -> int:
    """Keep an uploaded file, sealed, until it is imported or thrown away; returns the import's id.

    The caller has read the file already; `layouts` are its first guess, one for each sheet.
    `site_name` is empty while it is open which site the places of the file are on.
    """
    row = Import(
        workspace_id=change.workspace_id,
        file_name=line(file_name, field="file_name"),
        file_hash=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        separator=separator,
        layouts=[Layout.of_plain(layout).plain() for layout in layouts],
        site_name=optional_line(site_name, field="site_name"),
        as_of=as_of,
        row_count=row_count,
        staged_at=change.at,
        staged_by=change.actor.account_id,
    )
    row.sealed = sealing.seal(
        content, workspace_id=change.workspace_id, row=row.uuid, purpose=UPLOAD
    )
    row.save(force_insert=True)
    change.record(facts.ImportStaged(import_id=row.pk, rows=row_count, file_hash=row.file_hash))
    return row.pk


@operation(Right.IMPORT)
def prepare(
    change: Change,
    *,
    import_id: int,
    version: int,
    layouts: Sequence[Mapping[str, Any]],
    answers: Mapping[str, str],
    site_name: str,
) -> int:
    """Decide what each column means and answer questions; returns the import's new version."""
    row = staged(change, import_id)
    require_version(row, version)
    wanted = {
        "layouts": [Layout.of_plain(layout).plain() for layout in layouts],
        "answers": {str(name): str(answer) for name, answer in answers.items()},
        "site_name": optional_line(site_name, field="site_name"),
    }
    if not apply(row, wanted):
        return change.unchanged(row.version)
    change.record(facts.ImportPrepared(import_id=row.pk))
    return row.version


@operation(Right.IMPORT)
def discard_import(change: Change, *, import_id: int) -> None:
    """Throw away a staged file; nothing of it was imported. The file is deleted."""
    row = one(change, Import, import_id, "import")
    if row.state == "discarded":
        return change.unchanged(None)
    row = staged(change, import_id)
    apply(row, {"state": "discarded", "sealed": None, "answers": {}, "ended_at": change.at})
    change.record(facts.ImportDiscarded(import_id=row.pk))
    return None


def staged(change: Change, import_id: int) -> Import:
    """The import, if nothing of it is written yet. Raises ImportEnded or ImportUnderWay."""
    row = one(change, Import, import_id, "import")
    require_open(row)
    if row.state == "applying":
        raise ImportUnderWay(
            _("A part of this file is written already. Continue the import or take it back."),
            import_id=row.pk,
        )
    return row


def require_open(row: Import) -> None:
    """Raise ImportEnded for an import that is over."""
    if row.state in ("finished", "undone", "discarded"):
        raise ImportEnded(
            _("This import is over. Upload the file again to import it once more."),
            import_id=row.pk,
            state=row.state,
        )
