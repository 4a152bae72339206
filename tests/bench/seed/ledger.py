"""A workspace's journal in the making: the same bytes and links as operations leave."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keystead.journal import chain
from keystead.journal.models import Entry, Head, Mention
from keystead.kernel.actor import Actor
from keystead.kernel.fact import Fact, mentions
from tests.bench.seed.rows import Rows, columns

ENTRY = ["id", "workspace_id", "sequence", "at", "name", "account_id", "channel", "body", "digest"]
MENTION = ["id", "workspace_id", "kind", "thing_id", "sequence"]


@dataclass
class Ledger:
    """Appends facts of one workspace to its chain, as `journal.operation.Change.record` does."""

    rows: Rows
    workspace_id: int
    sequence: int = 0
    digest: bytes = chain.GENESIS
    at: datetime | None = None

    def __post_init__(self) -> None:
        if columns(Entry) != ENTRY or columns(Mention) != MENTION:
            raise RuntimeError("The journal's columns changed; change `_write`, too.")

    @property
    def next(self) -> int:
        """The number the next fact will have."""
        return self.sequence + 1

    def record(self, at: datetime, actor: Actor, fact: Fact) -> int:
        """Append `fact` as recorded by `actor` at `at` (aware UTC); returns its number."""
        payload = fact.payload()
        self.sequence += 1
        body = chain.canonical(
            {
                "workspace": self.workspace_id,
                "sequence": self.sequence,
                "at": at.isoformat(),
                "actor": actor.body(),
                "name": fact.name,
                "payload": payload,
            }
        )
        self.digest = chain.link(self.digest, body)
        self.at = at
        self._write(at, actor, fact.name, body, payload)
        return self.sequence

    def _write(
        self, at: datetime, actor: Actor, name: str, body: bytes, payload: dict[str, Any]
    ) -> None:
        """One row for the entry, one for each thing it mentions; columns as in the models."""
        rows, sequence = self.rows, self.sequence
        entry = (
            rows.next_id(Entry), self.workspace_id, sequence, str(at.replace(tzinfo=None)), name,
            actor.account_id, actor.channel, body.decode(), self.digest,
        )  # fmt: skip
        rows.append(Entry, entry)
        for kind, thing_id in mentions(payload):
            number = rows.next_id(Mention)
            rows.append(Mention, (number, self.workspace_id, kind, thing_id, sequence))

    def close(self) -> None:
        """Write the head of the chain."""
        self.rows.add(
            Head,
            workspace_id=self.workspace_id,
            sequence=self.sequence,
            digest=self.digest,
            at=self.at,
        )
