"""What lies inside the encryption: lines of JSON, and a last line that seals all before it. Pure.

{"keystead-backup": 1, "manifest": {…}}
{"table": "keys.copy", "columns": [["id", "int"], …]}     then one array for each row
{"end": "keys.copy", "rows": 2, "digest": "…"}
{"file": "media", "name": "9f…", "size": 812}             then one text for each piece, base64
{"end-file": "9f…", "digest": "…"}
{"finish": {…}, "digest": "…", "seal": "…"}               nothing may follow
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol

from keystead.exchange.backup.encoding import Plain, canonical_json
from keystead.exchange.backup.errors import BackupRefused, BackupTooNew
from keystead.kernel.words import said as _

FORMAT = 1
LONGEST_LINE = 96 * 1024 * 1024
"""One row with the biggest sealed upload there can be, in base64, with room."""
PIECE = 256 * 1024
NAME = re.compile(r"[0-9a-f]{64}")
"""Files have content addresses, never paths."""

Sealer = Callable[[bytes], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says about itself before its rows.

    `migrations` are those applied, by application. `last_ids` are the highest numbers ever given
    to rows, by table. `key_check` tells which vault key its codes need.
    """

    backup: str
    installation: str
    made_at: datetime
    app_version: str
    vendor: str
    migrations: Mapping[str, Sequence[str]]
    tables: Sequence[str]
    last_ids: Mapping[str, int]
    key_check: str | None

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "made_at": self.made_at.isoformat()}

    @classmethod
    def of_plain(cls, plain: Any) -> "Manifest":
        """Read a manifest back. Raises BackupRefused for anything unexpected in it."""
        if not isinstance(plain, dict) or set(plain) != set(cls.__dataclass_fields__):
            raise refused("its manifest is incomplete")
        texts = ("backup", "installation", "made_at", "app_version", "vendor")
        if not all(isinstance(plain[name], str) and len(plain[name]) < 100 for name in texts):
            raise refused("its manifest is incomplete")
        if not isinstance(plain["key_check"], str | None):
            raise refused("its manifest is incomplete")
        if not _is_mapping_of(plain["migrations"], _is_texts):
            raise refused("its manifest is incomplete")
        if not _is_mapping_of(plain["last_ids"], _is_count) or not _is_texts(plain["tables"]):
            raise refused("its manifest is incomplete")
        try:
            made_at = datetime.fromisoformat(plain["made_at"])
        except ValueError:
            raise refused("its manifest is incomplete") from None
        if made_at.tzinfo is None:
            raise refused("its manifest is incomplete")
        return cls(**{**plain, "made_at": made_at})


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _is_mapping_of(value: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(value, dict) and all(fits(one) for one in value.values())


def refused(why: str) -> BackupRefused:
    return BackupRefused(
        _("This file is not a whole backup of Keystead (%(why)s). Nothing was changed.", why=why)
    )


def _line(value: object) -> bytes:
    return canonical_json(value).encode() + b"\n"


@dataclass
class Written:
    """What writing came to, complete once the last line was taken."""

    rows: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    digest: str = ""


TableRows = tuple[str, Sequence[tuple[str, str]], Iterable[Sequence[Plain]]]
"""Label, columns as (name, kind), and the rows."""
FilePieces = tuple[str, str, int, Iterable[bytes]]
"""Source, name, size in bytes, and the content in pieces."""


def write(
    manifest: Manifest,
    tables: Iterable[TableRows],
    files: Iterable[FilePieces],
    finish: Callable[[], Mapping[str, Any]],
    seal: Sealer,
    written: Written,
) -> Iterator[bytes]:
    """The bytes of a backup, in pieces; `finish` is asked at the end for what was seen."""
    whole = hashlib.sha256()
    for piece in _body(manifest, tables, files, written):
        whole.update(piece)
        yield piece
    told = _line({"finish": dict(finish())})
    whole.update(told)
    yield told
    written.digest = whole.hexdigest()
    yield _line({"digest": written.digest, "seal": seal(whole.digest())})


def _body(
    manifest: Manifest,
    tables: Iterable[TableRows],
    files: Iterable[FilePieces],
    written: Written,
) -> Iterator[bytes]:
    yield _line({"keystead-backup": FORMAT, "manifest": manifest.plain()})
    for label, columns, rows in tables:
        yield _line({"table": label, "columns": [list(column) for column in columns]})
        digest, count = hashlib.sha256(), 0
        for row in rows:
            line = _line(row)
            digest.update(line)
            count += 1
            yield line
        written.rows[label], written.digests[label] = count, digest.hexdigest()
        yield _line({"end": label, "rows": count, "digest": digest.hexdigest()})
    for source, name, size, pieces in files:
        yield _line({"file": source, "name": name, "size": size})
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
            yield _line(base64.b64encode(piece).decode())
        yield _line({"end-file": name, "digest": digest.hexdigest()})


def digest_of_rows(rows: Iterable[Sequence[Plain]]) -> tuple[int, str]:
    """How many rows, and the digest their table has in a backup."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(_line(row))
        count += 1
    return count, digest.hexdigest()


class Handler(Protocol):
    """What is told, in order, while a backup is read."""

    def begin(self, manifest: Manifest) -> None:
        """The first line was read."""

    def table(self, label: str, columns: list[tuple[str, str]]) -> None:
        """A table begins."""

    def row(self, values: list[Plain]) -> None:
        """One row of it."""

    def end_table(self, label: str, rows: int, digest: str) -> None:
        """The table has ended, and its digest is right."""

    def file(self, source: str, name: str, size: int) -> None:
        """A file begins."""

    def piece(self, data: bytes) -> None:
        """A piece of it."""

    def end_file(self) -> None:
        """The file has ended; size and digest are right."""


class Reader:
    """Takes decrypted bytes as they come, checks every digest, and tells a handler.

    Raises BackupRefused at the first thing that is wrong. `close` must be called at the end.
    """

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.finish: Mapping[str, Any] = {}
        self.digest = ""
        self.seal: str | None = None
        self._buffer, self._searched = bytearray(), 0
        self._whole, self._part = hashlib.sha256(), hashlib.sha256()
        self._count = 0
        self._left = -1
        self._step: Callable[[Any, bytes], None] = self._first
        self._label = ""
        self._seen: list[str] = []
        self._files: set[tuple[str, str]] = set()
        self._promised: Sequence[str] = ()

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._buffer += data
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            line = bytes(self._buffer[: end + 1])
            del self._buffer[: end + 1]
            self._searched = 0
            self._read(line)
        self._searched = len(self._buffer)
        if self._searched > LONGEST_LINE:
            raise refused("a row is longer than any can be")

    def close(self) -> None:
        """Say that there is nothing more. Raises BackupRefused if something is missing."""
        if self._buffer or self._step != self._nothing:
            raise refused("its end is missing")

    def _read(self, line: bytes) -> None:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise refused("a line cannot be read") from None
        self._step(value, line)

    def _first(self, value: Any, line: bytes) -> None:
        version = value.get("keystead-backup") if isinstance(value, dict) else None
        if type(version) is not int or version < 1:
            raise refused("it does not begin like one")
        if version > FORMAT:
            raise BackupTooNew(
                _(
                    "This backup has format %(there)s, and this Keystead reads up to %(here)s. "
                    "Install the version it was made with, or a newer one.",
                    there=version,
                    here=FORMAT,
                )
            )
        manifest = Manifest.of_plain(value.get("manifest"))
        self._promised = manifest.tables
        self._whole.update(line)
        self.handler.begin(manifest)
        self._step = self._between

    def _between(self, value: Any, line: bytes) -> None:
        self._whole.update(line)
        kind = next(iter(value)) if isinstance(value, dict) and value else None
        if isinstance(value, dict) and "table" in value:
            self._begin_table(value)
        elif isinstance(value, dict) and "file" in value:
            self._begin_file(value)
        elif kind == "finish" and isinstance(value["finish"], dict):
            if list(self._promised) != self._seen:
                raise refused("a table is missing")
            self.finish, self._step = value["finish"], self._last
        else:
            raise refused("a line is out of place")

    def _begin_table(self, value: dict[str, Any]) -> None:
        label, columns = value["table"], value.get("columns")
        if self._files or not isinstance(label, str) or label not in self._promised:
            raise refused("a table is out of place")
        if label in self._seen or not isinstance(columns, list):
            raise refused("a table is out of place")
        if not all(_is_texts(column) and len(column) == 2 for column in columns):
            raise refused("the columns of a table cannot be read")
        self._seen.append(label)
        self._label, self._part, self._count = label, hashlib.sha256(), 0
        self.handler.table(label, [(name, kind) for name, kind in columns])
        self._step = self._row

    def _row(self, value: Any, line: bytes) -> None:
        self._whole.update(line)
        if isinstance(value, list):
            self._part.update(line)
            self._count += 1
            self.handler.row(value)
            return
        digest = self._part.hexdigest()
        if value != {"end": self._label, "rows": self._count, "digest": digest}:
            raise refused("a table does not fit its digest")
        self.handler.end_table(self._label, self._count, digest)
        self._step = self._between

    def _begin_file(self, value: dict[str, Any]) -> None:
        source, name, size = value["file"], value.get("name"), value.get("size")
        if not isinstance(source, str) or not isinstance(name, str) or not _is_count(size):
            raise refused("a file cannot be read")
        if not NAME.fullmatch(name) or (source, name) in self._files:
            raise refused("a file has a name that is none")
        self._files.add((source, name))
        self._label, self._part, self._left = name, hashlib.sha256(), int(value["size"])
        self.handler.file(source, name, self._left)
        self._step = self._piece

    def _piece(self, value: Any, line: bytes) -> None:
        self._whole.update(line)
        if isinstance(value, str):
            self._take(value)
            return
        if self._left or value != {"end-file": self._label, "digest": self._part.hexdigest()}:
            raise refused("a file does not fit its digest")
        self.handler.end_file()
        self._step = self._between

    def _take(self, text: str) -> None:
        try:
            data = base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raise refused("a file cannot be read") from None
        self._left -= len(data)
        if not 0 < len(data) <= PIECE or self._left < 0:
            raise refused("a file is longer than it says")
        self._part.update(data)
        self.handler.piece(data)

    def _last(self, value: Any, line: bytes) -> None:
        digest = self._whole.hexdigest()
        if not isinstance(value, dict) or set(value) != {"digest", "seal"}:
            raise refused("its end is missing")
        if value["digest"] != digest or not isinstance(value["seal"], str | None):
            raise refused("it does not fit its digest")
        self.digest, self.seal, self._step = digest, value["seal"], self._nothing

    def _nothing(self, value: Any, line: bytes) -> None:
        raise refused("something follows its end")

    def is_sealed_by(self, seal: Sealer) -> bool:
        """Whether the seal is the one this vault key makes."""
        made = seal(bytes.fromhex(self.digest))
        return made is not None and hmac.compare_digest(made, self.seal or "")
