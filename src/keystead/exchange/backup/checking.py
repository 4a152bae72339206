"""Reading a whole backup without writing anything: what does not pass here is never loaded."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from keystead.exchange.backup import watching
from keystead.exchange.backup.container import Handler, Manifest, Reader, refused
from keystead.exchange.backup.encoding import BadValue, Plain
from keystead.exchange.backup.errors import BackupRefused, BackupUnreadable
from keystead.exchange.backup.sources import sources
from keystead.exchange.backup.states import State, state_of
from keystead.exchange.backup.tables import Table
from keystead.exchange.queries import Checkpoint
from keystead.kernel.errors import KeysteadError
from keystead.kernel.words import said as _
from keystead.vault import key_check


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that is whole. `has_nul`: a text in it that only SQLite can keep."""

    manifest: Manifest
    state: State
    tables: Mapping[str, tuple[int, str]]
    digest: str
    file_digest: str
    is_sealed: bool
    has_nul: bool
    files: int
    checkpoints: tuple[Checkpoint, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(count for count, _digest in self.tables.values())


class Hashed:
    """A file that is digested as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class _Sink:
    """Where decrypted bytes go; keeps the refusal that stopped them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        if self.error is not None:
            raise self.error  # the library tries once more to write what it still has
        try:
            self._reader.feed(bytes(data))
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def read_through(path: Path, identities: Sequence[Any], handler: Handler) -> tuple[Reader, str]:
    """Decrypt a file and tell the handler all of it; the reader, and the file's digest.

    Raises BackupUnreadable, whether the key is wrong or the file damaged.
    """
    reader = Reader(handler)
    sink = _Sink(reader)
    try:
        with path.open("rb") as file:
            hashed = Hashed(file)
            pyrage.decrypt_io(hashed, sink, list(identities))
            left = file.read(1)
    except (pyrage.DecryptError, OSError, ValueError, KeysteadError) as error:
        if sink.error is not None:
            raise sink.error from None
        raise _unreadable() from error
    if left:
        raise _unreadable()
    reader.close()
    return reader, hashed.digest.hexdigest()


def _unreadable() -> BackupUnreadable:
    return BackupUnreadable(
        _("Wrong key or damaged: this key does not open this file. Nothing was changed.")
    )


class Checker:
    """Compares what it is told with the tables there are; keeps nothing of the rows.

    The reader tells things only in their order: the manifest, a table before its rows.
    """

    manifest: Manifest
    state: State
    _table: Table

    def __init__(self) -> None:
        self.tables: dict[str, tuple[int, str]] = {}
        self.chains = watching.Chains()
        self.heads: list[Checkpoint] = []
        self.files, self.has_nul = 0, False
        self._row = 0
        self._file, self._name = hashlib.sha256(), ""

    def begin(self, manifest: Manifest) -> None:
        self.manifest, self.state = manifest, state_of(manifest)
        if sorted(manifest.tables) != sorted(self.state.tables):
            raise refused("it holds other tables than Keystead has")

    def table(self, label: str, columns: list[tuple[str, str]]) -> None:
        self._table, self._row = self.state.tables[label], 0
        if columns != self._table.columns:
            raise refused(f"the table {label} has other columns than it should")

    def row(self, values: list[Plain]) -> None:
        self._row += 1
        try:
            decoded = self._table.decoded(values)
        except BadValue as error:
            raise refused(f"{self._table.label}, row {self._row}: {error}") from None
        self.has_nul = self.has_nul or any(type(v) is str and "\0" in v for v in values)
        if self._table.label == watching.ENTRY:
            workspace, sequence, body, digest = (
                decoded[n] for n in watching.indexes(self._table.columns)
            )
            self.chains.see(workspace, sequence, body, digest)
        elif self._table.label == "journal.head":
            self.heads.append(_checkpoint(self._table, decoded))

    def end_table(self, label: str, rows: int, digest: str) -> None:
        self.tables[label] = rows, digest

    def file(self, source: str, name: str, size: int) -> None:
        if source not in sources():
            raise refused("it holds files Keystead does not know")
        self._file, self._name = hashlib.sha256(), name
        self.files += 1

    def piece(self, data: bytes) -> None:
        self._file.update(data)

    def end_file(self) -> None:
        if self._file.hexdigest() != self._name:
            raise refused("a file is not what its name says")


def _checkpoint(table: Table, decoded: Sequence[Any]) -> Checkpoint:
    row = dict(zip((name for name, _kind in table.columns), decoded, strict=True))
    return Checkpoint(row["workspace_id"], row["sequence"], bytes(row["digest"]).hex())


def check(path: Path, identities: Sequence[Any]) -> Checked:
    """Read a backup to its end. Raises BackupUnreadable, BackupRefused or BackupTooNew."""
    checker = Checker()
    reader, file_digest = read_through(path, identities, checker)
    _require_journals(checker)
    return Checked(
        checker.manifest,
        checker.state,
        checker.tables,
        reader.digest,
        file_digest,
        reader.is_sealed_by(key_check.backup_seal),
        checker.has_nul,
        checker.files,
        tuple(sorted(checker.heads, key=lambda one: one.workspace_id)),
    )


def _require_journals(checker: Checker) -> None:
    """Refuse a journal that does not hold, or does not reach its head."""
    for head in checker.heads:
        end = checker.chains.ends.pop(head.workspace_id, (0, bytes(32)))
        number = checker.chains.broken.get(head.workspace_id)
        if number is None and (end[0], end[1].hex()) != (head.sequence, head.digest):
            number = min(end[0], head.sequence) + 1
        if number is not None:
            raise BackupRefused(
                _(
                    "The journal of workspace %(workspace)s in this backup does not hold: entry "
                    "%(number)s was changed or is missing. Bring back an earlier backup, and keep "
                    "this one to find out what happened.",
                    workspace=head.workspace_id,
                    number=number,
                )
            )
    if checker.chains.ends:
        raise refused("it holds entries of no workspace")
