"""The tables as the migrations had them when a backup was made."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.migrations.loader import MigrationLoader

from keystead.exchange.backup.container import Manifest, refused
from keystead.exchange.backup.errors import BackupTooNew
from keystead.exchange.backup.tables import Table, labels, schema
from keystead.kernel.words import said as _

Node = tuple[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """The tables of a backup. `targets` are the migrations that lead there."""

    tables: Mapping[str, Table]
    applied: frozenset[Node]
    targets: tuple[Node, ...]
    is_current: bool


def state_of(manifest: Manifest) -> State:
    """What the backup's tables look like. Raises BackupTooNew or BackupRefused."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known, ours = set(loader.graph.nodes), labels()
    applied = {(app, name) for app, names in manifest.migrations.items() for name in names}
    if applied - known:
        raise BackupTooNew(
            _(
                "This backup was made by a newer Keystead (%(version)s) than this one. Install "
                "that version or a newer one, then bring it back.",
                version=manifest.app_version,
            )
        )
    if any(app not in ours for app, _name in applied) or ("journal", "0001_initial") not in applied:
        raise refused("its tables are not those of Keystead")
    for node in applied:
        parents = {parent.key for parent in loader.graph.node_map[node].parents}
        if any(parent[0] in ours and parent not in applied for parent in parents):
            raise refused("the age of its tables makes no sense")
    here = {node for node in known if node[0] in ours}
    targets = tuple(
        sorted(
            node
            for node in applied
            if not any(
                child.key in applied and child.key[0] == node[0]
                for child in loader.graph.node_map[node].children
            )
        )
    )
    if applied == here:
        return State(schema(), frozenset(applied), targets, True)
    apps = loader.project_state(list(targets)).apps
    return State(schema(apps), frozenset(applied), targets, False)
