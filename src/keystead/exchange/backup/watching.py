"""Following the chains of the journals while their entries pass by, in order."""

from collections.abc import Sequence

from keystead.journal import chain

ENTRY = "journal.entry"


class Chains:
    """Recomputes each workspace's chain; `broken` names the first entry that does not hold."""

    def __init__(self) -> None:
        self.ends: dict[int, tuple[int, bytes]] = {}
        self.broken: dict[int, int] = {}

    def see(self, workspace_id: int, sequence: int, body: str, digest: bytes) -> None:
        """Take the next entry of a workspace."""
        before, previous = self.ends.get(workspace_id, (0, chain.GENESIS))
        fits = sequence == before + 1 and chain.link(previous, body.encode()) == digest
        if not fits:
            self.broken.setdefault(workspace_id, sequence)
        self.ends[workspace_id] = sequence, digest


def indexes(columns: Sequence[tuple[str, str]]) -> tuple[int, int, int, int]:
    """Where workspace, sequence, body and digest stand in a row of entries."""
    names = [name for name, _kind in columns]
    workspace, sequence, body, digest = map(
        names.index, ("workspace_id", "sequence", "body", "digest")
    )
    return workspace, sequence, body, digest
