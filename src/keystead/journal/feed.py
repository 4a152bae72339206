"""Reading a journal forward: the outbox is the journal plus a cursor."""

from collections.abc import Callable

from django.db import transaction

from keystead.journal.models import Cursor, Entry


def advance(
    workspace_id: int, reader: str, handle: Callable[[Entry], None], limit: int = 100
) -> int:
    """Hand up to `limit` new entries to `handle` and move the cursor with its writes.

    Returns how many were handled. If `handle` raises, nothing moves.
    """
    with transaction.atomic():
        cursor, _ = Cursor.objects.select_for_update().get_or_create(
            workspace_id=workspace_id, reader=reader
        )
        entries = list(
            Entry.objects.filter(workspace_id=workspace_id, sequence__gt=cursor.sequence).order_by(
                "sequence"
            )[:limit]
        )
        for entry in entries:
            handle(entry)
        if entries:
            cursor.sequence = entries[-1].sequence
            cursor.save(update_fields=["sequence"])
        return len(entries)
