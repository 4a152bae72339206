"""Files that belong to the data: each context that keeps files hands in a source at start-up.

Files come before the rows that name them, and a file nobody names is harmless: so a restore
that stops halfway leaves at most files to sweep.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol


class FileSource(Protocol):
    """Somewhere files lie, each under the SHA-256 (64 hex digits) of its content."""

    name: str

    def files(self) -> Iterator[tuple[str, int]]:
        """Name and size in bytes of every file."""

    def read(self, name: str) -> Iterable[bytes]:
        """Its content, in pieces of at most 256 KB."""

    def keep(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a file under this name, atomically; one that is there already stays."""


_sources: dict[str, FileSource] = {}


def register(source: FileSource) -> None:
    """Hand in, at start-up, files that belong into every backup."""
    _sources[source.name] = source


def forget(name: str) -> None:
    """Take a source out again."""
    _sources.pop(name, None)


def sources() -> dict[str, FileSource]:
    """Every source, by name."""
    return dict(_sources)
