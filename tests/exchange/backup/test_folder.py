"""The folder backups go to: what is accepted as one, and what is cleared away from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.exchange.backup import folder
from keystead.exchange.backup.errors import BackupTargetRefused

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
UUID = "0123456789abcdef"


def backups(*ages: timedelta) -> list[folder.Kept]:
    return [
        folder.Kept(Path(folder.new_name(UUID, NOW - age)), NOW - age, 100 + n)
        for n, age in enumerate(ages)
    ]


def good(found: list[folder.Kept]) -> dict[str, int]:
    return {one.path.name: one.size for one in found}


def kept(found: list[folder.Kept], gone: list[folder.Kept]) -> list[folder.Kept]:
    return [one for one in found if one not in gone]


def test_the_newest_of_each_day_and_week_is_kept() -> None:
    found = backups(*(timedelta(hours=12 * n) for n in range(100)))
    left = kept(found, folder.to_delete(found, good(found), daily=7, weekly=4))
    days = {one.made_at.date() for one in left}
    assert {(NOW - timedelta(days=n)).date() for n in range(7)} <= days
    assert 7 <= len(left) <= 11
    assert found[0] in left


def test_what_the_journal_does_not_know_is_left_alone() -> None:
    found = backups(*(timedelta(days=n) for n in range(30)))
    known = good(found)
    del known[found[20].path.name]
    known[found[25].path.name] += 1  # it has another size than the one made
    left = kept(found, folder.to_delete(found, known, daily=3, weekly=0))
    assert {found[20], found[25]} <= set(left)
    assert len(left) == 5


@given(
    ages=st.lists(st.timedeltas(timedelta(0), timedelta(days=900)), min_size=1, max_size=30),
    daily=st.integers(1, 5),
    weekly=st.integers(0, 5),
    data=st.data(),
)
def test_the_newest_good_backup_is_never_cleared_away(
    ages: list[timedelta], daily: int, weekly: int, data: st.DataObject
) -> None:
    found = backups(*ages)
    known = good(data.draw(st.lists(st.sampled_from(found), unique=True)))
    gone = folder.to_delete(found, known, daily=daily, weekly=weekly)
    assert all(one.path.name in known for one in gone)
    of_known = [one for one in found if one.path.name in known]
    if of_known:
        newest = max(one.made_at for one in of_known)
        assert any(one.made_at == newest for one in kept(of_known, gone))


def test_only_backups_of_this_installation_are_seen(to: Path) -> None:
    own = folder.new_name(UUID, NOW)
    for name in (own, folder.new_name("fedcba98", NOW), "holiday.age", f"x{own}", f"{own}.part"):
        (to / name).write_text("x")
    (to / folder.new_name(UUID, NOW)).symlink_to(to / own)
    (to / folder.new_name(UUID, NOW)).mkdir()
    assert [one.path.name for one in folder.kept(to, UUID)] == [own]


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BackupTargetRefused) as refusal:
        folder.require_target(tmp_path / "disk", tmp_path / "data")
    assert "Plug in" in refusal.value.message
    assert not (tmp_path / "disk").exists()


def test_a_folder_inside_the_data_is_refused_whatever_leads_there(tmp_path: Path) -> None:
    inside = tmp_path / "data" / "backups"
    inside.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(inside)
    for path in (inside, link, tmp_path / "data", tmp_path / "data" / "backups" / ".." / "backups"):
        with pytest.raises(BackupTargetRefused):
            folder.require_target(path, tmp_path / "data")


def writing(content: bytes) -> Callable[[folder.Draft], None]:
    def fill(draft: folder.Draft) -> None:
        draft.write(content)

    return fill


def test_a_file_is_never_written_over_another(to: Path) -> None:
    folder.write_whole(to, "one.age", writing(b"first"))
    with pytest.raises(FileExistsError):
        folder.write_whole(to, "one.age", writing(b"second"))
    assert [(p.name, p.read_bytes()) for p in to.iterdir()] == [("one.age", b"first")]
    assert (to / "one.age").stat().st_mode & 0o777 == 0o600


def test_what_fails_on_the_way_leaves_nothing(to: Path) -> None:
    def fail(draft: folder.Draft) -> None:
        draft.write(b"half")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk"):
        folder.write_whole(to, "one.age", fail)
    assert list(to.iterdir()) == []
