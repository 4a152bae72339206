"""How fast the whole journal is checked, beside plain reading and hashing of the same rows."""

import hashlib
import time

from keystead.journal import verify
from tests.bench.bare import Bare
from tests.bench.figures import Figure, middle
from tests.bench.stand import Stand

LEAST_A_SECOND = 50_000
PAGE = 5_000
ROWS = (
    "SELECT sequence, body, digest FROM journal_entry"
    " WHERE workspace_id = %s AND sequence > %s ORDER BY sequence LIMIT %s"
)


def measure(stand: Stand) -> list[Figure]:
    """Entries verified in a second."""
    rates, plain = [], []
    for _ in range(stand.rounds):
        with stand.bare() as bare:
            plain.append(hashed(bare, stand.workspace_id))
        began = time.perf_counter()
        verdict = verify.verify(stand.workspace_id)
        rates.append(verdict.entries / (time.perf_counter() - began))
        if not verdict.holds:
            raise RuntimeError(f"Entry {verdict.first_bad} {verdict.reason}.")
    return [
        Figure(
            part="verification",
            what="journal verification",
            value=middle(rates),
            unit="entries/s",
            rounds=tuple(rates),
            bound="at least",
            aim=LEAST_A_SECOND,
            bare=middle(plain),
            note="bare: reads entries and links the digests only",
        )
    ]


def hashed(bare: Bare, workspace_id: int) -> float:
    """Entries in a second when they are only read and linked. Raises RuntimeError on a break."""
    began, previous, after = time.perf_counter(), bytes(32), 0
    while page := bare.execute(ROWS, (workspace_id, after, PAGE)):
        for after, body, digest in page:
            previous = hashlib.sha256(previous + body.encode()).digest()
            if previous != digest:
                raise RuntimeError(f"Entry {after} does not match.")
    return after / (time.perf_counter() - began)
