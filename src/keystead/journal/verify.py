"""Checking a journal against itself: links, order, every extracted column, and its remarks.

Contexts above hand in, at start-up, what compares their own rows with what the journal says.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import DatabaseError, connection

from keystead.journal import chain
from keystead.journal.models import Head, Remark, remark_hash
from keystead.kernel.fact import mentions

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: how many entries held, and the first that did not.

    `seal` is the number and digest of the last entry (`12:9f…`) of a journal that holds, to note
    somewhere else: whoever can rewrite the whole journal cannot rewrite that.
    """

    workspace_id: int
    entries: int
    first_bad: int | None
    reason: str | None
    seal: str | None = None

    @property
    def holds(self) -> bool:
        """Whether every entry held."""
        return self.first_bad is None


Raw = tuple[int, Any, str, int | None, str, str, Any]
Told = dict[int, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Astray:
    """A row that is not as the journal says: the entry that says so, and what is wrong."""

    sequence: int
    reason: str


class Check(Protocol):
    """Rows of a context against the journal: it is told every entry, then asked once."""

    def take(self, body: Mapping[str, Any]) -> None:
        """Be told the next entry's sealed content."""

    def astray(self, more: Callable[[], int]) -> Astray | None:
        """The first row that is not as told. `more` tells what was recorded in the meantime and
        returns the number of the last entry, so that who asks twice sees whether all stood still.
        """


_checks: dict[str, Callable[[int], Check]] = {}


def set_check(name: str, check: Callable[[int], Check]) -> None:
    """Hand in, at start-up, what compares a context's rows of one workspace with its journal."""
    _checks[name] = check


def verify(workspace_id: int, noted: tuple[int, bytes] | None = None) -> Verdict:
    """Recompute a workspace's chain from the stored bytes and name the first bad entry.

    `noted` is the number and digest of a seal noted earlier, which the journal must still have.
    Reads page by page, so no read transaction stays open for long.
    """
    verdict = _verify(workspace_id)
    return _compared(verdict, *noted) if noted and verdict.holds else verdict


def _compared(verdict: Verdict, sequence: int, digest: bytes) -> Verdict:
    """A verdict that holds, unless this journal is not the one of which the seal was noted."""
    workspace_id, entries = verdict.workspace_id, verdict.entries
    if sequence > entries:
        problem = "is missing: the journal is shorter than the seal noted earlier"
        return Verdict(workspace_id, entries, entries + 1, problem)
    found = bytes(memoryview(_page(workspace_id, sequence - 1, 1)[0][6])) if sequence else None
    if (found or chain.GENESIS) != digest:
        problem = "differs from the seal noted earlier"
        return Verdict(workspace_id, max(sequence - 1, 0), sequence, problem)
    return verdict


def verify_after(workspace_id: int, sequence: int, digest: bytes) -> Verdict:
    """Check only the entries that follow the one of this number, which has this digest."""
    return _verify(workspace_id, digest, sequence)


def _verify(workspace_id: int, previous: bytes = chain.GENESIS, after: int = 0) -> Verdict:
    if (stray := _before_the_first(workspace_id)) is not None:
        return Verdict(workspace_id, 0, stray, "is numbered before the first")
    size = PAGE
    whole = after == 0  # rows can be held against a journal only from its beginning
    checks = [check(workspace_id) for check in _checks.values()] if whole else []
    while True:
        try:
            page = _page(workspace_id, after, size)
            told = _mentioned(workspace_id, after, page[-1][0]) if page else {}
            altered = _altered_remarks(workspace_id, page)
        except DatabaseError:
            if size == 1:
                return Verdict(workspace_id, after, after + 1, "cannot be read")
            size = 1  # from here on one by one, to find which it is
            continue
        if not page:
            verdict = _at_the_end(workspace_id, previous, after)
            if verdict is None:
                continue  # something was recorded since the page was read
            return _with_rows(verdict, checks) if verdict.holds else verdict
        for row in page:
            after += 1
            problem = _problem(workspace_id, row, previous, after, told, checks)
            problem = problem or altered.get(after)
            if problem:
                return Verdict(workspace_id, after - 1, after, problem)
            previous = bytes(row[6])


def _with_rows(verdict: Verdict, checks: list[Check]) -> Verdict:
    """A verdict that holds, unless a row is not as these entries say."""
    workspace_id, last = verdict.workspace_id, verdict.entries

    def more() -> int:
        nonlocal last
        heads = Head.objects.values_list("sequence", flat=True)
        while last < heads.get(workspace_id=workspace_id):
            for body in bodies(workspace_id, last):
                last = int(body["sequence"])
                for check in checks:
                    check.take(body)
        return last

    for check in checks:
        if (found := check.astray(more)) is not None:
            return Verdict(workspace_id, verdict.entries, found.sequence, found.reason)
    return verdict


LARGEST_ID = 2**63 - 1
REMARK = '_remark_hash":"'
"""Stands in the text of every entry that keeps the hash of a remark."""


def _altered_remarks(workspace_id: int, page: list[Raw]) -> dict[int, str]:
    """What is wrong with the remarks of these entries, by entry; erased ones are as they may be."""
    kept: dict[int, list[tuple[int, str]]] = {}
    for row in page:
        if REMARK in str(row[5]):
            kept[row[0]] = list(_remarks_in(row[5]))
    wanted = {remark_id for found in kept.values() for remark_id, _hash in found}
    if not wanted:
        return {}
    rows = Remark.objects.filter(pk__in=wanted).values_list("pk", "workspace_id", "salt", "text")
    there = {
        pk: _hash_of(salt, text) if owner == workspace_id else "" for pk, owner, salt, text in rows
    }
    return {
        sequence: "keeps a remark whose text was changed afterwards"
        for sequence, found in kept.items()
        if any(there.get(remark_id, sealed) != sealed for remark_id, sealed in found)
    }


def _hash_of(salt: Any, text: Any) -> str:
    """The hash of a remark as it is now, whatever somebody may have put into it."""
    try:
        return remark_hash(bytes(memoryview(salt)), text)
    except (TypeError, AttributeError):
        return ""


def _remarks_in(text: str) -> Iterator[tuple[int, str]]:
    """Number and hash of each remark an entry keeps; none where it is not an entry at all."""
    try:
        payload = json.loads(text)["payload"]
        for field, sealed in payload.items():
            remark_id = payload.get(f"{field.removesuffix('_hash')}_id")
            if field.endswith("_remark_hash") and isinstance(remark_id, int):
                yield min(remark_id, LARGEST_ID), sealed
    except (ValueError, TypeError, AttributeError, KeyError):
        return


def _before_the_first(workspace_id: int) -> int | None:
    found: int | None = None
    for table in ("journal_entry", "journal_mention"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT MIN(sequence) FROM {table}"  # noqa: S608  # a table of ours
                " WHERE workspace_id = %s AND sequence < 1",
                [workspace_id],
            )
            found = found if found is not None else cursor.fetchone()[0]
    return found


def _page(workspace_id: int, after: int, size: int = PAGE) -> list[Raw]:
    at = "CAST(at AS TEXT)" if connection.vendor == "sqlite" else "at"  # as it is stored
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sequence, {at}, name, account_id, channel, body, digest"  # noqa: S608
            " FROM journal_entry"
            " WHERE workspace_id = %s AND sequence > %s ORDER BY sequence LIMIT %s",
            [workspace_id, after, size],
        )
        return list(cursor.fetchall())


def _mentioned(workspace_id: int, after: int, until: int) -> Told:
    found: Told = {}
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
    workspace_id: int,
    row: Raw,
    previous: bytes,
    expected: int,
    told: Told,
    checks: list[Check],
) -> str | None:
    """What is wrong with a row, whatever somebody may have put into it.

    An entry that holds is told to `checks`.
    """
    if row[0] != expected:
        return "is missing"
    try:
        if chain.link(previous, row[5].encode()) != bytes(memoryview(row[6])):
            return "does not match its seal"
        body = json.loads(row[5])
        if problem := _difference(workspace_id, row, body, told.get(expected, [])):
            return problem
        for check in checks:
            check.take(body)
        return None
    except (ValueError, TypeError, AttributeError, KeyError):
        return "is not an entry"


def _difference(
    workspace_id: int, row: Raw, body: dict[str, Any], told: list[tuple[str, int]]
) -> str | None:
    sequence, at, name, account_id, channel, _, _ = row
    actor = body["actor"]
    kept = (body["workspace"], body["sequence"], body["name"], actor.get("account"))
    if kept != (workspace_id, sequence, name, account_id) or actor["channel"] != channel:
        return "has a column that differs from its sealed text"
    if not _same_time(body["at"], at):
        return "has a time that differs from its sealed text"
    if sorted(mentions(body["payload"], body.get("import"))) != sorted(told):
        return "is listed under other things than its sealed text says"
    return None


def _same_time(sealed: str, at: Any) -> bool:
    """Whether a column has the sealed time, on SQLite letter by letter: it is sorted as text."""
    if isinstance(at, datetime):
        return datetime.fromisoformat(sealed) == (at if at.tzinfo else at.replace(tzinfo=UTC))
    return bool(at == sealed.removesuffix("+00:00").replace("T", " "))


def _at_the_end(workspace_id: int, digest: bytes, sequence: int) -> Verdict | None:
    """All entries hold: does the journal end where its head says, and is nothing listed after?

    None where entries follow that were not there before: an entry, its mentions and the head come
    in one transaction, so what is read later may be newer, and only their absence tells anything.
    """
    head = Head.objects.filter(workspace_id=workspace_id).first()
    if head is None:
        return Verdict(workspace_id, sequence, sequence + 1, "has no head to follow")
    if head.sequence < sequence or (
        head.sequence == sequence and bytes(memoryview(head.digest)) != digest
    ):
        at = min(head.sequence + 1, sequence)
        return Verdict(workspace_id, at - 1, at, "does not match the journal's head")
    told = _mentioned(workspace_id, sequence, 2**62)
    if (told or head.sequence > sequence) and _page(workspace_id, sequence, 1):
        return None
    if head.sequence > sequence:
        problem = "is missing: the journal ends before its head"
        return Verdict(workspace_id, sequence, sequence + 1, problem)
    if told:
        return Verdict(workspace_id, sequence, min(told), "is listed but is not there")
    return Verdict(workspace_id, sequence, None, None, f"{sequence}:{digest.hex()}")


def bodies(workspace_id: int, after: int = 0) -> Iterator[dict[str, Any]]:
    """Every entry's sealed content in order, decoded; reads page by page."""
    while page := _page(workspace_id, after):
        for row in page:
            yield json.loads(row[5])
        after = page[-1][0]
