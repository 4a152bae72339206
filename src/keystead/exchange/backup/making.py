"""Making a backup: one moment of everything, encrypted before it leaves, whole or not at all."""

import base64
import errno
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now

import keystead
from keystead import config
from keystead.exchange import operations, queries
from keystead.exchange.backup import container, folder, keys, lasts, watching
from keystead.exchange.backup.encoding import BadValue, Plain
from keystead.exchange.backup.errors import BackupFailed, BackupRefused, BackupUnderWay
from keystead.exchange.backup.snapshot import snapshot
from keystead.exchange.backup.sources import sources
from keystead.exchange.backup.tables import Table, labels, schema
from keystead.exchange.queries import Checkpoint
from keystead.journal import chain, installation
from keystead.journal.operation import require
from keystead.kernel.actor import Actor
from keystead.kernel.errors import KeysteadError
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.vault import key_check

AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """A backup just made. `broken` names workspaces whose journal did not hold, with the entry."""

    path: Path
    size: int
    digest: str
    rows: int
    made_at: datetime
    recipients: int
    checkpoints: tuple[Checkpoint, ...]
    broken: Mapping[int, int]


class Pulled:
    """Pieces as a file that can be read; keeps the error that stopped it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, bytearray()
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        wanted = AT_ONCE if size < 0 else size
        try:
            while len(self._rest) < wanted and (piece := next(self._pieces, b"")):
                self._rest += piece
        except BaseException as error:
            self.error = error
            raise
        found = bytes(self._rest[:wanted])
        del self._rest[:wanted]
        return found


def make(actor: Actor, to: Path) -> Made:
    """Make a backup into the folder `to` for all recipients in the settings, and record it.

    Raises BackupTargetRefused, BackupNotSetUp or BackupKeyRefused before anything is done,
    BackupUnderWay, or BackupFailed (recorded, too).
    """
    require(actor, Right.RUN)
    data = config.data_folder()
    target = folder.require_target(to, data)
    locks = keys.require_recipients()
    _require_up_to_date()
    with _one_at_a_time(data):
        name = folder.new_name(str(installation.installation_id()), now())
        try:
            made = _write(target, name, locks, data / "backup-work")
        except (OSError, DatabaseError, BadValue, pyrage.EncryptError) as error:
            reason = _reason(error)
            with suppress(DatabaseError, KeysteadError):  # where not even that can be written
                operations.note_backup_failed(actor, reason=reason)
            raise BackupFailed(
                _("The backup could not be written (%(why)s). Nothing of it is left.", why=reason),
                reason=reason,
            ) from error
        operations.note_backup_made(
            actor,
            file_name=name,
            size=made.size,
            file_digest=made.digest,
            recipients=made.recipients,
            checkpoints=made.checkpoints,
            broken_journals=len(made.broken),
        )
    return made


def _reason(error: BaseException) -> str:
    if isinstance(error, DatabaseError):
        return "database"
    if isinstance(error, BadValue):
        return "unreadable-row"
    number = getattr(error, "errno", None)
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "no-space"
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "not-writable"
    return "input-output"


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    descriptor = os.open(data / "backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupUnderWay(
                _("Another backup is being made. Wait until it is done.")
            ) from None
        yield
    finally:
        os.close(descriptor)


def _require_up_to_date() -> None:
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupRefused(
            _("The tables are of an older version. Run keystead migrate first, then back up.")
        )


def _write(target: Path, name: str, locks: Sequence[str], work: Path) -> Made:
    _take_locked_key_along(target)
    made_at = now()
    written, chains = container.Written(), watching.Chains()
    with snapshot(work) as using:
        checkpoints = queries.checkpoints(using)
        pieces = _pieces(using, made_at, written, chains)
        pulled = Pulled(pieces)

        def fill(draft: folder.Draft) -> None:
            try:
                pyrage.encrypt_io(pulled, draft, keys.for_age(locks))
            except pyrage.EncryptError:
                if pulled.error is not None:
                    raise pulled.error from None
                raise

        saved = folder.write_whole(target, name, fill)
    _compare_ends(chains, checkpoints)
    folder.sweep(target, name.split("-")[1])
    rows = sum(written.rows.values())
    return Made(
        target / name,
        saved.size,
        saved.digest,
        rows,
        made_at,
        len(locks),
        tuple(checkpoints),
        chains.broken,
    )


def _compare_ends(chains: watching.Chains, checkpoints: Sequence[Checkpoint]) -> None:
    """A journal that does not reach its head does not hold either."""
    for one in checkpoints:
        sequence, digest = chains.ends.get(one.workspace_id, (0, chain.GENESIS))
        if (sequence, digest.hex()) != (one.sequence, one.digest):
            chains.broken.setdefault(one.workspace_id, min(sequence, one.sequence) + 1)


def _pieces(
    using: str, made_at: datetime, written: container.Written, chains: watching.Chains
) -> Iterator[bytes]:
    tables = schema()
    check = key_check.check_value()
    manifest = container.Manifest(
        backup=str(uuid.uuid4()),
        installation=str(installation.installation_id()),
        made_at=made_at,
        app_version=keystead.__version__,
        vendor=connections["default"].vendor,
        migrations=applied(using),
        tables=list(tables),
        last_ids=lasts.last_ids(tables, using),
        key_check=check,
    )

    def finish() -> Mapping[str, Any]:
        return {"rows": written.rows, "broken": {str(k): v for k, v in chains.broken.items()}}

    return container.write(
        manifest, _rows(tables, using, chains), _files(), finish, key_check.backup_seal, written
    )


def _rows(
    tables: Mapping[str, Table], using: str, chains: watching.Chains
) -> Iterator[container.TableRows]:
    for label, table in tables.items():
        rows: Iterable[Sequence[Plain]] = table.rows(using)
        if label == watching.ENTRY:
            rows = _watched(rows, watching.indexes(table.columns), chains)
        yield label, table.columns, rows


def _watched(
    rows: Iterable[Sequence[Plain]], at: tuple[int, int, int, int], chains: watching.Chains
) -> Iterator[Sequence[Plain]]:
    for row in rows:
        workspace, sequence, body, digest = (row[n] for n in at)
        seal = base64.b64decode(str(digest))
        chains.see(int(workspace or 0), int(sequence or 0), str(body), seal)
        yield row


def _files() -> Iterator[container.FilePieces]:
    for source in sources().values():
        for name, size in source.files():
            yield source.name, name, size, source.read(name)


def applied(using: str) -> dict[str, list[str]]:
    """The migrations applied there, by application, of those whose tables are in a backup."""
    wanted, found = labels(), dict[str, list[str]]()
    for app, name in sorted(MigrationRecorder(connections[using]).applied_migrations()):
        if app in wanted:
            found.setdefault(app, []).append(name)
    return found


def _take_locked_key_along(target: Path) -> None:
    """Put the key that a passphrase locks beside the backups, where it will be needed."""
    path = keys.locked_key_file()
    if not path.exists():
        return
    beside = target / f"keystead-{folder.digest_of(path)[:8]}-key.age"
    if not beside.exists():
        draft = target / f".{beside.name}.part"
        shutil.copyfile(path, draft)
        draft.replace(beside)
