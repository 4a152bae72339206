"""Reading a journal forward: the outbox is the journal plus a cursor."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from keystead.journal.models import Cursor, Entry, Head


def begin(workspace_id: int, reader: str, *, not_before: datetime) -> None:
    """Let a reader who has never read here start with the first entry since `not_before`."""
    if Cursor.objects.filter(workspace_id=workspace_id, reader=reader).exists():
        return
    entries = Entry.objects.filter(workspace_id=workspace_id, at__gte=not_before)
    first = entries.aggregate(found=Min("sequence"))["found"]
    if first is None:
        head = Head.objects.filter(workspace_id=workspace_id).values_list("sequence", flat=True)
        first = (head.first() or 0) + 1
    Cursor.objects.get_or_create(
        workspace_id=workspace_id, reader=reader, defaults={"sequence": first - 1}
    )


def is_behind(workspace_id: int, reader: str) -> bool:
    """Whether the journal has entries that this reader has not read, or none were ever read."""
    read = Cursor.objects.filter(workspace_id=workspace_id, reader=reader)
    last = read.values_list("sequence", flat=True).first()
    return (
        last is None or Head.objects.filter(workspace_id=workspace_id, sequence__gt=last).exists()
    )


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
