"""Damaged, cut, mixed and made-up files: refused before the first write."""

import io
import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.db import connection

from keystead.exchange import queries
from keystead.exchange.backup import container, folder, keys
from keystead.exchange.backup.checking import check
from keystead.exchange.backup.errors import (
    BackupRefused,
    BackupTooNew,
    BackupUnreadable,
    PlaceInUse,
    PlaceNotEmpty,
)
from keystead.journal import guards, leases
from keystead.journal.installation import quarantined_since
from keystead.journal.workspaces import is_mixed_with
from keystead.kernel.errors import KeysteadError
from keystead.people import operations as people
from keystead.vault import key_check
from tests.cast import World, found_world
from tests.exchange.backup import places
from tests.support.databases import Database, Source, fresh_database

pytestmark = pytest.mark.db
STRANGER = keys.new_key()
CHUNK = 64 * 1024 + 16
"""How age cuts what it encrypts."""


@pytest.fixture
def saved(world: World, to: Path) -> bytes:
    """A good backup."""
    return places.back_up(to).path.read_bytes()


@pytest.fixture
def nowhere(database_source: Source, saved: bytes, tmp_path: Path) -> Iterator[Path]:
    """An empty place, which stays empty whatever the test brings."""
    with places.empty_place(database_source, tmp_path) as name:
        yield tmp_path / "file.age"
        if database_source.vendor == "sqlite":
            assert list(Path(name).parent.iterdir()) == []
        else:
            assert connection.introspection.table_names() == []


def refused(path: Path, content: bytes, *kinds: type[KeysteadError]) -> str:
    """Try to bring it back; the sentence that refuses it."""
    path.write_bytes(content)
    with pytest.raises(kinds or (BackupUnreadable, BackupRefused)) as refusal:
        places.bring_back(path)
    return str(refusal.value.message)


def identities() -> list[Any]:
    return keys.identities(places.KEY.identity)


def flips(saved: bytes, number: int) -> Iterator[bytes]:
    dice = random.Random()
    for _ in range(number):
        damaged = bytearray(saved)
        damaged[dice.randrange(len(saved))] ^= 1 << dice.randrange(8)
        yield bytes(damaged)


def require_all_refused(path: Path, damaged: Iterator[bytes], at_least: int) -> None:
    """By the check that comes before every restore, which writes nothing."""
    count = 0
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises((BackupUnreadable, BackupRefused)):
            check(path, identities())
        count += 1
    assert count >= at_least


def test_flipped_bits_are_refused(saved: bytes, nowhere: Path) -> None:
    require_all_refused(nowhere, flips(saved, 100), 100)


@pytest.mark.audit
def test_a_thousand_flipped_bits_are_refused(saved: bytes, nowhere: Path) -> None:
    require_all_refused(nowhere, flips(saved, 1_000), 1_000)


def cuts(saved: bytes, step: int) -> Iterator[bytes]:
    yield from (saved[:end] for end in range(0, len(saved), step))
    yield saved[:-1]


def test_files_cut_short_are_refused(saved: bytes, nowhere: Path) -> None:
    require_all_refused(nowhere, cuts(saved, 10 * 1024), len(saved) // (10 * 1024))


@pytest.mark.audit
def test_files_cut_short_anywhere_are_refused(saved: bytes, nowhere: Path) -> None:
    require_all_refused(nowhere, cuts(saved, 1024), len(saved) // 1024)


def test_parts_of_two_backups_do_not_make_one(
    saved: bytes, nowhere: Path, world: World, to: Path
) -> None:
    """Header of one, rows of the other, in every way chunks can be swapped; and twice the same."""
    other = saved  # encrypted again, with another file key
    path = to / "again.age"
    path.write_bytes(sealed(opened(saved)))
    other = path.read_bytes()
    head = saved.index(b"\n--- ") + 1
    head = saved.index(b"\n", head) + 1 + 16
    swaps = [saved[:head] + other[head:], other[:head] + saved[head:], saved + other, saved * 2]
    for start in range(head, len(saved), CHUNK):
        swaps.append(saved[:start] + other[start : start + CHUNK] + saved[start + CHUNK :])
        swaps.append(saved[:start] + saved[start + CHUNK :])
    require_all_refused(nowhere, iter(swaps), 6)


def test_nothing_may_follow(saved: bytes, nowhere: Path) -> None:
    require_all_refused(nowhere, iter([saved + b"\0", saved + b"\n", saved + saved[:1024]]), 3)


def test_an_older_header_is_refused(saved: bytes, nowhere: Path) -> None:
    refused(nowhere, saved.replace(b"age-encryption.org/v1", b"age-encryption.org/v0", 1))
    refused(nowhere, b"age-encryption.org/v1\n" + saved.split(b"\n---", 1)[1])


def test_a_wrong_key_is_refused_like_a_damaged_file(saved: bytes, nowhere: Path) -> None:
    nowhere.write_bytes(saved)
    with pytest.raises(BackupUnreadable) as wrong:
        check(nowhere, keys.identities(STRANGER.identity))
    damaged = refused(nowhere, saved[:-1], BackupUnreadable)
    assert wrong.value.message == damaged
    assert wrong.value.exit_code == 2


# What somebody makes who has the recipient, but not Keystead: it opens, and is refused.


def opened(saved: bytes) -> list[Any]:
    """The lines of a backup."""
    plain = io.BytesIO()
    pyrage.decrypt_io(io.BytesIO(saved), plain, identities())
    return [json.loads(line) for line in plain.getvalue().splitlines()]


def sealed(lines: list[Any]) -> bytes:
    """Lines as a backup with every digest as it should be."""
    import hashlib

    whole, part, count, out = hashlib.sha256(), hashlib.sha256(), 0, bytearray()
    for line in lines[:-1]:
        if isinstance(line, dict) and "table" in line:
            part, count = hashlib.sha256(), 0
        if isinstance(line, dict) and "end" in line:
            line = {**line, "rows": count, "digest": part.hexdigest()}
        written = container._line(line)
        if isinstance(line, list):
            part.update(written)
            count += 1
        whole.update(written)
        out += written
    out += container._line({**lines[-1], "digest": whole.hexdigest()})
    return bytes(pyrage.encrypt(bytes(out), keys.for_age([places.KEY.recipient])))


def first(lines: list[Any], kind: str, label: str = "") -> int:
    return next(
        n
        for n, line in enumerate(lines)
        if isinstance(line, dict) and kind in line and (not label or line[kind] == label)
    )


def test_the_forger_of_these_tests_can_make_a_good_file(
    saved: bytes, nowhere: Path, database: Database
) -> None:
    nowhere.write_bytes(sealed(opened(saved)))
    assert check(nowhere, identities()).rows > 100


Forgery = Callable[[list[Any]], None]


def unknown_table(lines: list[Any]) -> None:
    lines[0]["manifest"]["tables"].append("auth.user")
    at = first(lines, "finish")
    lines[at:at] = [{"table": "auth.user", "columns": []}, {"end": "auth.user"}]


def renamed_table(lines: list[Any]) -> None:
    lines[0]["manifest"]["tables"][0] = "sqlite_master"
    lines[first(lines, "table")]["table"] = "sqlite_master"
    lines[first(lines, "end")]["end"] = "sqlite_master"


def missing_table(lines: list[Any]) -> None:
    start, end = first(lines, "table", "people.person"), first(lines, "end", "people.person")
    del lines[start : end + 1]


def statement_for_a_column(lines: list[Any]) -> None:
    columns = lines[first(lines, "table", "people.person")]["columns"]
    columns[0][0] = 'id") VALUES (1); DROP TABLE journal_entry; --'


def statement_for_a_kind(lines: list[Any]) -> None:
    lines[first(lines, "table", "people.person")]["columns"][0][1] = "pickle"


def table_twice(lines: list[Any]) -> None:
    start, end = first(lines, "table", "people.firm"), first(lines, "end", "people.firm")
    lines[end + 1 : end + 1] = lines[start : end + 1]


def value(label: str, column: str, new: Any) -> Forgery:
    def forge(lines: list[Any]) -> None:
        at = first(lines, "table", label)
        names = [name for name, _kind in lines[at]["columns"]]
        lines[at + 1][names.index(column)] = new

    return forge


def too_few_values(lines: list[Any]) -> None:
    lines[first(lines, "table", "people.person") + 1].pop()


def file_with(name: str, source: str = "media") -> Forgery:
    def forge(lines: list[Any]) -> None:
        at = first(lines, "finish")
        lines[at:at] = [
            {"file": source, "name": name, "size": 0},
            {
                "end-file": name,
                "digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            },
        ]

    return forge


def manifest(**values: Any) -> Forgery:
    return lambda lines: lines[0]["manifest"].update(values)


def changed_entry(lines: list[Any]) -> None:
    at = first(lines, "table", "journal.entry")
    body = [name for name, _kind in lines[at]["columns"]].index("body")
    lines[at + 3][body] = lines[at + 3][body].replace("people.", "people!")


def entry_left_out(lines: list[Any]) -> None:
    del lines[first(lines, "end", "journal.entry") - 1]


def strange_line(line: Any) -> Forgery:
    return lambda lines: lines.insert(1, line)


FORGERIES: dict[str, Forgery] = {
    "a table Keystead does not have": unknown_table,
    "a table with another name": renamed_table,
    "a table left out": missing_table,
    "a table twice": table_twice,
    "SQL as a column": statement_for_a_column,
    "pickle as a kind": statement_for_a_kind,
    "a text where a number belongs": value("people.person", "id", "1; DROP TABLE x"),
    "a number too big": value("people.person", "id", 2**70),
    "true where a number belongs": value("people.person", "workspace_id", True),
    "a list where a text belongs": value("people.person", "name", ["Bo"]),
    "half a letter": value("people.person", "name", "\ud800"),
    "a text too long": value("people.person", "name", "x" * 121),
    "nothing where something must be": value("people.person", "name", None),
    "a time without a zone": value("journal.workspace", "created_at", "2026-01-01T00:00:00"),
    "no base64": value("people.account", "date_joined", "???"),
    "too few values": too_few_values,
    "a path as a file": file_with("../../etc/passwd"),
    "an absolute path as a file": file_with("/etc/cron.d/x"),
    "files of an unknown source": file_with("e3" * 32),
    "an entry changed": changed_entry,
    "an entry left out": entry_left_out,
    "a manifest that lacks something": lambda lines: lines[0]["manifest"].pop("vendor"),
    "a manifest with something more": manifest(pickle="gASV"),
    "a time that is none": manifest(made_at="soon"),
    "no migrations at all": manifest(migrations={}),
    "migrations of another program": manifest(migrations={"auth": ["0001_initial"]}),
    "migrations with holes": manifest(
        migrations={"journal": ["0001_initial", "0008_installation_row"]}
    ),
    "numbers below zero": manifest(last_ids={"people.person": -1}),
    "a number for a line": strange_line(7),
    "a text for a line": strange_line("x"),
    "an empty line": strange_line({}),
    "another backup inside": strange_line({"keystead-backup": 1, "manifest": {}}),
    "no beginning": lambda lines: lines.pop(0),
    "no end": lambda lines: lines.pop(),
    "something after the end": lambda lines: lines.append(lines[-1]),
    "an end that says more": lambda lines: lines[-1].update(more=1),
}


@pytest.mark.parametrize("which", FORGERIES)
def test_made_up_backups_are_refused(saved: bytes, nowhere: Path, which: str) -> None:
    lines = opened(saved)
    FORGERIES[which](lines)
    content = sealed_with_surrogates(lines) if which == "half a letter" else sealed(lines)
    assert "Nothing was changed" in refused(nowhere, content, BackupRefused) or "entry" in which


def sealed_with_surrogates(lines: list[Any]) -> bytes:
    """As `sealed`, but for a half letter, which JSON can write and UTF-8 cannot."""
    text = "\n".join(json.dumps(line) for line in lines) + "\n"
    return bytes(pyrage.encrypt(text.encode(), keys.for_age([places.KEY.recipient])))


def test_wrong_digests_are_refused(saved: bytes, nowhere: Path) -> None:
    for kind, field, wrong in (
        ("end", "digest", "0" * 64),
        ("end", "rows", 10**9),
        ("digest", "digest", "0" * 64),
    ):
        lines = opened(saved)
        lines[first(lines, kind)][field] = wrong
        text = b"".join(container._line(line) for line in lines)
        content = pyrage.encrypt(text, keys.for_age([places.KEY.recipient]))
        assert "digest" in refused(nowhere, content, BackupRefused)


def test_lines_without_end_or_bottom_are_refused(
    saved: bytes, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "LONGEST_LINE", 1024 * 1024)
    begin = container._line(opened(saved)[0])
    recipients = keys.for_age([places.KEY.recipient])
    deep = begin + b"[" * 200_000 + b"\n"
    assert "cannot be read" in refused(nowhere, pyrage.encrypt(deep, recipients), BackupRefused)
    long = begin + b'["' + b"x" * (3 * 1024 * 1024)
    assert "longer" in refused(nowhere, pyrage.encrypt(long, recipients), BackupRefused)
    digits = begin + b"[" + b"9" * 5_000 + b"]\n"
    refused(nowhere, pyrage.encrypt(digits, recipients), BackupRefused)


def test_files_that_hold_something_else_are_refused(nowhere: Path) -> None:
    recipients = keys.for_age([places.KEY.recipient])
    for other in (
        b"",
        b"\x80\x04K\x01.",
        b"CREATE TABLE x (y);\n",
        b"PK\x03\x04",
        b"[]\n",
        b"{}\n",
    ):
        refused(nowhere, pyrage.encrypt(other, recipients), BackupRefused)
        refused(nowhere, other, BackupUnreadable)


def test_a_newer_backup_says_that_a_newer_keystead_is_needed(saved: bytes, nowhere: Path) -> None:
    lines = opened(saved)
    lines[0]["manifest"]["migrations"]["people"].append("9999_from_the_future")
    lines[0]["manifest"]["app_version"] = "7.3"
    assert "7.3" in refused(nowhere, sealed(lines), BackupTooNew)
    lines = opened(saved)
    lines[0]["keystead-backup"] = 2
    assert "format 2" in refused(nowhere, sealed(lines), BackupTooNew)


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    saved: bytes, database_source: Source, world: World, tmp_path: Path
) -> None:
    """As one made before there was a row for the installation, and a time at the head."""
    lines = opened(saved)
    told = lines[0]["manifest"]
    told["migrations"]["journal"] = [
        name for name in told["migrations"]["journal"] if name < "0006"
    ]
    told["tables"].remove("journal.installation")
    start, end = (
        first(lines, "table", "journal.installation"),
        first(lines, "end", "journal.installation"),
    )
    del lines[start : end + 1]
    at = first(lines, "table", "journal.head")
    column = [name for name, _kind in lines[at]["columns"]].index("at")
    for line in [lines[at]["columns"], *lines[at + 1 : first(lines, "end", "journal.head")]]:
        del line[column]
    path = tmp_path / "file.age"
    path.write_bytes(sealed(lines))
    with places.empty_place(database_source, tmp_path):
        assert places.bring_back(path).was_brought_up_to_date
        assert quarantined_since() is not None
        people.add_firm(world.ana, name="Since")


def test_a_place_with_tables_but_nothing_in_them_will_do(
    saved: bytes, database_source: Source, tmp_path: Path
) -> None:
    path = tmp_path / "file.age"
    path.write_bytes(saved)
    with fresh_database(database_source):
        assert places.bring_back(path).checked.rows > 100
        assert guards.missing() == []


def test_a_demonstration_makes_room_when_asked_and_on_sqlite_only(
    saved: bytes, database_source: Source, world: World, tmp_path: Path
) -> None:
    """On PostgreSQL its journal cannot be taken out: there is always another database."""
    path = tmp_path / "file.age"
    path.write_bytes(saved)
    with fresh_database(database_source):
        found_world(is_demo=True)
        with pytest.raises(PlaceNotEmpty):
            places.bring_back(path)
        if database_source.vendor == "sqlite":
            places.bring_back(path, replace_demonstration=True)
            assert not is_mixed_with(is_demo=False)
        else:
            with pytest.raises(PlaceNotEmpty):
                places.bring_back(path, replace_demonstration=True)


def test_a_place_where_keystead_works_is_left_alone(
    saved: bytes, database_source: Source, tmp_path: Path
) -> None:
    path = tmp_path / "file.age"
    path.write_bytes(saved)
    with fresh_database(database_source):
        assert leases.hold("worker", "somebody", timedelta(minutes=1))
        with pytest.raises(PlaceInUse):
            places.bring_back(path)
        leases.free("worker", "somebody")
        places.bring_back(path)


def test_a_seal_by_another_vault_key_is_refused(
    saved: bytes, nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made by somebody who knows the recipient, and the check value, but not the key."""
    own = tmp_path / "vault.key"
    own.write_text("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\n")
    monkeypatch.setenv("KEYSTEAD_VAULT_KEY_FILE", str(own))
    lines = opened(saved)
    lines[0]["manifest"]["key_check"] = key_check.check_value()
    for seal in (None, "0" * 64):
        lines[-1]["seal"] = seal
        assert "somebody else made it" in refused(nowhere, sealed(lines), BackupRefused)
    lines[0]["manifest"]["key_check"] = None
    assert "one of yours" in refused(nowhere, sealed(lines), BackupRefused)


def test_a_backup_of_a_broken_journal_says_so_and_is_not_brought_back(
    world: World, to: Path, tmp_path: Path, database_source: Source
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_head SET sequence = sequence + 1 WHERE workspace_id = %s",
            [world.workspace],
        )
    made = places.back_up(to)
    assert list(made.broken) == [world.workspace]
    assert queries.good_backups() == {}
    with places.empty_place(database_source, tmp_path), pytest.raises(BackupRefused) as refusal:
        places.bring_back(made.path)
    assert f"workspace {world.workspace}" in refusal.value.message


def test_rows_that_point_nowhere_are_taken_back(
    saved: bytes, database_source: Source, tmp_path: Path
) -> None:
    """They pass the reading; the database refuses them, and nothing of them stays."""
    lines = opened(saved)
    value("people.person", "workspace_id", 77)(lines)
    path = tmp_path / "file.age"
    path.write_bytes(sealed(lines))
    with places.empty_place(database_source, tmp_path) as name:
        with pytest.raises(KeysteadError) as refusal:
            places.bring_back(path)
        assert refusal.value.code == "restore-failed"
        if database_source.vendor == "sqlite":
            assert list(Path(name).parent.iterdir()) == []


def test_a_place_with_a_register_is_never_overwritten(world: World, saved: bytes, to: Path) -> None:
    before = places.contents()
    (path,) = to.glob("*.age")
    for options in ({}, {"replace_demonstration": True}):
        with pytest.raises(KeysteadError) as refusal:
            places.bring_back(path, **options)
        assert refusal.value.code == "restore-not-empty"
    assert places.contents() == before
    people.add_firm(world.ana, name="Still in use")


def test_nothing_readable_is_in_a_backup(world: World, to: Path) -> None:
    """No name, address or door: neither in the file nor in what it is called."""
    canaries = ["Zebra Quartz", "4711-CANARY", "ana@harbour.example", "Harbour House", "Store door"]
    people.add_firm(world.ana, name="Zebra Quartz")
    people.add_person(world.ana, name="4711-CANARY")
    path = places.back_up(to).path
    found = path.read_bytes() + path.name.encode()
    plain = b"".join(container._line(line) for line in opened(path.read_bytes()))
    for canary in canaries:
        assert canary.encode() in plain
        for text in (canary.encode(), canary.encode("utf-16-le")):
            assert text.lower() not in found.lower()
    assert folder.digest_of(path)
