"""Killed in the middle: a backup leaves the old ones and no half one, a restore all or nothing."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from keystead.exchange.backup import keys
from keystead.exchange.backup.checking import check
from keystead.journal.operation import VERBS
from tests.cast import World
from tests.exchange.backup import places
from tests.support.databases import Source, forget_connection

pytestmark = pytest.mark.db
BACKUP = ("before:snapshot", "after:snapshot", "before:fill", "after:fill", "before:_publish")
AFTER_BACKUP = ("after:_publish", "after:write_whole")
RESTORE = (
    "before:_load",
    "after:empty",
    "before:end_table",
    "after:_load",
    "after:_bring_up_to_date",
    "after:_hold_back",
)
"""Every one of these points comes before the moment in which the restore becomes true."""


def run(what: str, path: Path, point: str) -> "subprocess.CompletedProcess[str]":
    secret = places.KEY.identity.reveal() if what == "restore" else ""
    return subprocess.run(
        [sys.executable, "-m", "tests.exchange.backup.programs", what, str(path), point, secret],
        capture_output=True,
        text=True,
        check=False,
        cwd=places.ROOT,
    )


def kill(what: str, path: Path, point: str) -> None:
    done = run(what, path, point)
    assert done.returncode == -signal.SIGKILL, (point, done.stdout, done.stderr)


def calls(what: str, path: Path) -> int:
    done = run(what, path, "never:")
    assert done.returncode == 0, done.stderr
    return int(done.stdout.rpartition(":")[2])


def whole(folder: Path) -> list[Path]:
    """The backups there, every one of which opens to its end."""
    found = sorted(folder.glob("keystead-*.age"))
    for path in found:
        check(path, keys.identities(places.KEY.identity))
    return found


def is_restored() -> bool:
    """Whether the place is as after a restore; fails if it is neither that nor empty."""
    forget_connection()
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    if not connection.introspection.table_names():
        return False
    from keystead.exchange import queries
    from keystead.journal.installation import quarantined_since
    from keystead.journal.verify import verify

    assert quarantined_since() is not None
    assert all(verify(one.workspace_id).holds for one in queries.checkpoints())
    return True


def test_a_backup_killed_leaves_the_old_ones_and_no_half_one(
    world: World, to: Path, data: Path
) -> None:
    """Killed at one point after the other; each finds what the kill before it left."""
    before = [places.back_up(to).path]
    for point in BACKUP:
        kill("backup", to, point)
        assert whole(to) == before, point
    places.back_up(to)
    assert len(whole(to)) == 2
    assert not (data / "backup-work").exists()


@pytest.mark.parametrize("point", AFTER_BACKUP)
def test_a_backup_killed_after_it_got_its_name_is_whole(world: World, to: Path, point: str) -> None:
    kill("backup", to, point)
    assert len(whole(to)) == 1


def test_a_restore_killed_leaves_the_place_empty(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    """Killed at one point after the other in the same place; then it works there."""
    path = places.back_up(to).path
    with places.empty_place(database_source, tmp_path):
        for point in RESTORE:
            kill("restore", path, point)
            assert not is_restored(), point
        places.bring_back(path)
        assert is_restored()


def kill_anywhere(source: Source, to: Path, folder: Path, times: int) -> None:
    """At random calls inside the package; what is left is old or new, and the next one works."""
    dice = random.Random()
    first = places.back_up(to).path
    backup_calls = calls("backup", to)
    with places.empty_place(source, folder):
        restore_calls = calls("restore", first)
    for _ in range(times):
        before = set(whole(to))
        run("backup", to, f"call:{dice.randrange(1, backup_calls)}")
        assert before <= set(whole(to))
        with places.empty_place(source, folder):
            run("restore", first, f"call:{dice.randrange(1, restore_calls)}")
            if not is_restored():
                places.bring_back(first)
            assert is_restored()


def test_killed_anywhere_it_is_old_or_new(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    assert VERBS  # everything is registered before processes are counted
    kill_anywhere(database_source, to, tmp_path, 3)


@pytest.mark.audit
def test_killed_at_a_hundred_points_it_is_old_or_new(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    kill_anywhere(database_source, to, tmp_path, 100)
