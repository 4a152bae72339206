"""Checking a journal against itself: links, order, and every extracted column."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from keystead.journal import chain
from keystead.journal.models import Head
from keystead.kernel.fact import mentions

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: how many entries held, and the first that did not."""

    workspace_id: int
    entries: int
    first_bad: int | None
    reason: str | None

    @property
    def holds(self) -> bool:
        """Whether every entry held."""
        return self.first_bad is None


Raw = tuple[int, Any, str, int | None, str, str, Any]


def verify(workspace_id: int) -> Verdict:
    """Recompute a workspace's chain from the stored bytes and name the first bad entry.

    Reads page by page, so no read transaction stays open for long.
    """
    previous, after = chain.GENESIS, 0
    while page := _page(workspace_id, after):
        told = _mentioned(workspace_id, after, page[-1][0])
        for row in page:
            after += 1
            problem = _problem(workspace_id, row, previous, after, told.get(row[0], []))
            if problem:
                return Verdict(workspace_id, after - 1, after, problem)
            previous = bytes(row[6])
    return _against_head(workspace_id, previous, after)


def _page(workspace_id: int, after: int) -> list[Raw]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, at, name, account_id, channel, body, digest FROM journal_entry"
            " WHERE workspace_id = %s AND sequence > %s ORDER BY sequence LIMIT %s",
            [workspace_id, after, PAGE],
        )
        return list(cursor.fetchall())


def _mentioned(workspace_id: int, after: int, until: int) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, kind, thing_id FROM journal_mention"
            " WHERE workspace_id = %s AND sequence > %s AND sequence <= %s",
            [workspace_id, after, until],
        )
        for sequence, kind, thing_id in cursor:
            found.setdefault(sequence, []).append((kind, thing_id))
    return found


def _problem(
    workspace_id: int, row: Raw, previous: bytes, expected: int, told: list[tuple[str, int]]
) -> str | None:
    sequence, at, name, account_id, channel, text, digest = row
    if sequence != expected:
        return "is missing"
    if chain.link(previous, text.encode()) != bytes(digest):
        return "does not match its seal"
    body = json.loads(text)
    actor = body["actor"]
    kept = (body["workspace"], body["sequence"], body["name"], actor.get("account"))
    if kept != (workspace_id, sequence, name, account_id) or actor["channel"] != channel:
        return "has a column that differs from its sealed text"
    if datetime.fromisoformat(body["at"]) != _aware(at):
        return "has a time that differs from its sealed text"
    if sorted(mentions(body["payload"], body.get("import"))) != sorted(told):
        return "is listed under other things than its sealed text says"
    return None


def _aware(at: Any) -> datetime:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _against_head(workspace_id: int, digest: bytes, sequence: int) -> Verdict:
    head = Head.objects.get(workspace_id=workspace_id)
    if head.sequence != sequence or bytes(head.digest) != digest:
        return Verdict(
            workspace_id, sequence, sequence + 1, "is missing: the journal ends before its head"
        )
    return Verdict(workspace_id, sequence, None, None)


def bodies(workspace_id: int, after: int = 0) -> Iterator[dict[str, Any]]:
    """Every entry's sealed content in order, decoded; reads page by page."""
    while page := _page(workspace_id, after):
        for row in page:
            yield json.loads(row[5])
        after = page[-1][0]
