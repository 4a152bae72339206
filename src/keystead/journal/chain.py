"""The hash chain: pure functions over bytes. No Django, no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = bytes(32)
"""What the first entry of a chain links to."""


def canonical(body: Mapping[str, Any]) -> bytes:
    """One byte string per entry: JSON, sorted keys, no spaces, UTF-8."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous: bytes, body: bytes) -> bytes:
    """The SHA-256 (32 bytes) that ties `body` to the digest before it."""
    return hashlib.sha256(previous + body).digest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not hold: its sequence number and what is wrong with it."""

    sequence: int
    reason: str


def first_break(
    entries: Iterable[tuple[int, bytes, bytes]], previous: bytes = GENESIS, after: int = 0
) -> Break | None:
    """The first bad entry among (sequence, body, digest) in order, or None if the chain holds."""
    expected = after + 1
    for sequence, body, digest in entries:
        if sequence != expected:
            return Break(expected, "missing")
        if link(previous, body) != digest:
            return Break(sequence, "does not match its seal")
        previous, expected = digest, expected + 1
    return None
