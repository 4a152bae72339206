"""Bringing a backup back into an empty place: all of it, or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from keystead.exchange import operations, queries
from keystead.exchange.backup import lasts
from keystead.exchange.backup.checking import Checked, check, read_through
from keystead.exchange.backup.errors import BackupRefused, RestoreFailed, VaultKeyMissing
from keystead.exchange.backup.loading import Loader, empty, require_equal
from keystead.exchange.backup.targets import target
from keystead.exchange.queries import Checkpoint
from keystead.journal import verify
from keystead.journal.operation import within_transaction
from keystead.kernel.actor import Actor
from keystead.kernel.words import said as _
from keystead.vault import key_check


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back. `was_brought_up_to_date`: its tables were of an older version."""

    checked: Checked
    checkpoints: tuple[Checkpoint, ...]
    was_brought_up_to_date: bool
    is_vault_key_here: bool


def restore(
    actor: Actor,
    path: Path,
    identities: Sequence[Any],
    *,
    without_vault_key: bool = False,
    replace_demonstration: bool = False,
) -> Restored:
    """Bring a backup back into the empty database of the settings, quarantined.

    The whole file is read and checked first; what is refused, is refused before the first write.
    `actor` is who acts on the installation, for its journal.
    """
    checked = check(path, identities)
    is_key_here = _require_vault_key(checked, without=without_vault_key)
    if checked.has_nul and connection.vendor == "postgresql":
        raise BackupRefused(
            _("A text in this backup holds a NUL, which PostgreSQL cannot keep. Use SQLite.")
        )
    try:
        with target(checked.state, replace_demonstration=replace_demonstration) as has_tables:
            if not has_tables:
                with _constraints_at_once():
                    MigrationExecutor(connection).migrate(list(checked.state.targets))
            with transaction.atomic():
                _load(path, identities, checked)
            _bring_up_to_date()
            with transaction.atomic():
                _hold_back(actor, checked)
    except (DatabaseError, OSError) as error:
        raise RestoreFailed(
            _(
                "It could not be loaded (%(why)s). Everything was taken back; nothing was changed.",
                why=type(error).__name__,
            )
        ) from error
    return Restored(
        checked, tuple(queries.checkpoints()), not checked.state.is_current, is_key_here
    )


def _require_vault_key(checked: Checked, *, without: bool) -> bool:
    """Whether the codes will open here. Raises VaultKeyMissing, or BackupRefused for a forgery."""
    needed, here = checked.manifest.key_check, key_check.check_value()
    if needed is None and (here is None or without):
        return True
    if needed is None:
        raise BackupRefused(
            _(
                "This backup was made without any vault key, so nothing shows that it is one of "
                "yours. If you know where it is from, add --without-vault-key. Nothing was changed."
            )
        )
    if here == needed:
        if not checked.is_sealed:
            raise BackupRefused(
                _(
                    "This backup names the vault key that is here but was not made with it: "
                    "somebody else made it. Nothing was changed."
                )
            )
        return True
    if without:
        return False
    words = (
        _(
            "The vault key %(needed)s is missing here; without it no code can be read. Put the "
            "file where KEYSTEAD_VAULT_KEY_FILE says, or add --without-vault-key. Nothing was "
            "changed.",
            needed=needed,
        )
        if here is None
        else _(
            "The vault key here is %(here)s, and the codes in this backup need %(needed)s. Put "
            "that one where KEYSTEAD_VAULT_KEY_FILE says, or add --without-vault-key. Nothing was "
            "changed.",
            here=here,
            needed=needed,
        )
    )
    raise VaultKeyMissing(words, needed=needed, here=here)


def _load(path: Path, identities: Sequence[Any], checked: Checked) -> None:
    tables = checked.state.tables
    empty(tables)
    reader, _digest = read_through(path, identities, Loader(tables))
    if reader.digest != checked.digest:
        raise RestoreFailed(_("The file changed while it was read. Nothing was changed."))
    connection.check_constraints()
    require_equal(tables, checked.tables)
    lasts.go_on_after(tables, checked.manifest.last_ids, "default")


@contextmanager
def _constraints_at_once() -> Iterator[None]:
    """PostgreSQL alters no table whose rows still wait for their constraints to be checked.

    Elsewhere each migration commits, and so checks; here all are in one transaction.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _bring_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    if executor.migration_plan(leaves):
        with _constraints_at_once():
            executor.migrate(leaves)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def _hold_back(actor: Actor, checked: Checked) -> None:
    """Verify every journal as it is now, and quarantine the copy in the same transaction."""
    if queries.checkpoints() != list(checked.checkpoints):
        raise RestoreFailed(_("A journal came out different. Nothing was changed."))
    for one in checked.checkpoints:
        verdict = verify.verify(one.workspace_id, (one.sequence, bytes.fromhex(one.digest)))
        if not verdict.holds:
            raise RestoreFailed(
                _(
                    "The journal of workspace %(workspace)s does not hold after loading: entry "
                    "%(number)s. Everything was taken back; nothing was changed.",
                    workspace=one.workspace_id,
                    number=verdict.first_bad,
                )
            )
    manifest = checked.manifest
    with within_transaction(actor) as change:
        operations.hold_back_restored(
            change,
            backup=manifest.backup,
            made_at=manifest.made_at,
            app_version=manifest.app_version,
            file_digest=checked.file_digest,
            loaded=checked.checkpoints,
        )
