"""A journal as a file that anybody can check: JSON lines with the exact sealed text and digests."""

import json
from collections.abc import Iterator
from typing import Any

from keystead.journal import signing
from keystead.journal.models import Entry, Head
from keystead.journal.operation import require
from keystead.journal.standalone import FORMAT
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right

AT_ONCE = 1_000
MEDIA_TYPE = "application/x-ndjson"


def lines(actor: Actor) -> Iterator[str]:
    """The journal as it is now, line by line: what it is and how long, then every entry.

    Letters outside ASCII are escaped, so that no text in it can steer a terminal. The right is
    checked before the first line is asked for.
    """
    require(actor, Right.SEE_JOURNAL)
    head = Head.objects.get(pk=actor.workspace_id)
    return _lines(actor.workspace_id, head.sequence, bytes(head.digest))


def _lines(workspace_id: int, last: int, digest: bytes) -> Iterator[str]:
    yield _line(
        {
            "format": FORMAT,
            "origin": signing.origin_of(workspace_id),
            "entries": last,
            "digest": digest.hex(),
        }
    )
    after = -1
    while page := _page(workspace_id, after, last):
        for sequence, body, sealed in page:
            yield _line({"sequence": sequence, "digest": bytes(sealed).hex(), "body": body})
        after = page[-1][0]


def _page(workspace_id: int, after: int, last: int) -> list[tuple[int, str, Any]]:
    rows = Entry.objects.filter(workspace_id=workspace_id, sequence__gt=after, sequence__lte=last)
    return list(rows.order_by("sequence").values_list("sequence", "body", "digest")[:AT_ONCE])


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":")) + "\n"
