"""Checkpoints and exported journals on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.journal import checkpoints, notes, outside, signing, standalone
from keystead.journal import queries as journal
from keystead.kernel.actor import system
from tests.cast import World
from tests.support.databases import Database
from tests.support.tampering import truncate
from tests.transports.cli.terminal import Commands, Typed

pytestmark = pytest.mark.db


def test_a_checkpoint_is_printed_and_put_outside(
    anonymous: Typed, world: World, other_disk: Path
) -> None:
    sealed = journal.seal(world.ana)
    result = anonymous("checkpoint", "now", world.slug)
    assert result.exit_code == 0, result.output
    (file,) = other_disk.iterdir()
    assert result.stdout == file.read_text() + "\n"
    assert f"sealed up to entry {sealed.sequence}, in: folder" in result.stderr
    entry = journal.entries(world.ana, limit=1)[0]
    assert entry.payload["places"] == ["folder", "shown"]
    assert (entry.system or "").startswith("os:")


def test_all_workspaces_are_signed_without_a_name(anonymous: Typed, world: World) -> None:
    said = anonymous("checkpoint", "now", "--json").stdout
    told = [json.loads(line) for line in said.splitlines()]
    assert {one["workspace"] for one in told} == {"installation", world.slug, world.elsewhere.slug}
    assert all(one["places"] == ["shown"] for one in told)


def test_a_place_that_does_not_work_is_told(
    anonymous: Typed, world: World, other_disk: Path
) -> None:
    other_disk.rmdir()
    result = anonymous("checkpoint", "now", world.slug)
    assert result.exit_code == 1
    assert "DID NOT WORK: folder" in result.stderr
    said = anonymous("doctor").stdout
    assert "BAD checkpoints: the folder" in said
    assert f"BAD checkpoints: {world.slug}: the last one did not go into: folder" in said
    assert anonymous("checkpoint", "now", "nowhere").exit_code == 3


def test_the_keys_are_printed_and_stay_the_same(anonymous: Typed, world: World) -> None:
    first = anonymous("checkpoint", "key")
    assert first.exit_code == 0
    assert anonymous("checkpoint", "key").stdout == first.stdout
    lines = dict(line.split("  ", 1) for line in first.stdout.splitlines())
    key = standalone.read_key(lines[world.slug])
    assert key == signing.verifiers(world.workspace)[0]
    assert key.name.endswith(f"/{world.workspace}")
    replaced = anonymous("checkpoint", "key", world.slug, "--new").stdout.splitlines()
    assert lines[world.slug] not in replaced[0]
    assert lines[world.slug] in replaced[1]
    told = json.loads(anonymous("checkpoint", "key", world.slug, "--json").stdout)
    assert told["key"] == replaced[0].split("  ", 1)[1]
    assert told["replaced"] == [lines[world.slug]]


def test_verify_compares_with_files_and_folders(
    anonymous: Typed, world: World, other_disk: Path, database: Database
) -> None:
    assert "cannot exclude truncation" in anonymous("verify").stderr
    anonymous("checkpoint", "now")
    key = str(signing.verifiers(world.workspace)[0])
    size = journal.seal(world.ana).sequence
    command = ("verify", world.slug, "--checkpoint", str(other_disk))
    good = anonymous(*command, "--key", key)
    assert good.exit_code == 0, good.output
    assert "ok " in good.stdout
    assert "cannot exclude" not in good.output
    truncate(database, world.workspace, size - 5)
    cut = anonymous(*command, "--key", key)
    assert cut.exit_code == 1
    assert f"The journal has {size - 5} entries, and had {size - 1}" in cut.stdout
    lines = anonymous(*command, "--json").stdout.splitlines()
    told = json.loads(lines[1])
    assert (told["outcome"], told["size"]) == ("shorter", size - 1)


def test_verify_refuses_what_it_cannot_compare(
    anonymous: Typed, world: World, other_disk: Path, tmp_path: Path
) -> None:
    anonymous("checkpoint", "now")
    here, empty = str(other_disk), tmp_path / "empty"
    empty.mkdir()
    other = str(signing.verifiers(world.elsewhere.workspace)[0])
    for words, code in (
        (("verify", "--checkpoint", here), 2),
        (("verify", world.slug, "--key", other), 2),
        (("verify", world.slug, "--checkpoint", here, "--key", other), 2),
        (("verify", world.slug, "--checkpoint", here, "--key", "nonsense"), 2),
        (("verify", world.slug, "--checkpoint", str(empty)), 3),
        (("verify", world.slug, "--checkpoint", str(tmp_path / "nowhere")), 2),
    ):
        assert anonymous(*words).exit_code == code, words
    (theirs,) = outside.files_in(other_disk, world.elsewhere.slug)
    result = anonymous("verify", world.slug, "--checkpoint", str(theirs))
    assert result.exit_code == 1
    assert "checkpoint of another journal" in result.stdout
    harmful = tmp_path / "harmful"
    harmful.write_bytes(b"\xff\x1b[2J")
    assert anonymous("verify", world.slug, "--checkpoint", str(harmful)).exit_code == 2


def test_an_exported_journal_is_checked_by_the_program_it_prints(
    anonymous: Typed, world: World, tmp_path: Path
) -> None:
    program, export = tmp_path / "verify_journal.py", tmp_path / "journal.jsonl"
    program.write_text(anonymous("journal", "verifier").stdout)
    result = anonymous("journal", "export", world.slug, str(export))
    assert result.exit_code == 0, result.output
    assert export.stat().st_mode & 0o777 == 0o600
    checkpoint = tmp_path / "kept"
    checkpoint.write_text(anonymous("checkpoint", "now", world.slug).stdout)
    key = anonymous("checkpoint", "key", world.slug).stdout.split()[1]
    against = ("--checkpoint", str(checkpoint), "--key", key)
    command = [sys.executable, "-I", "-S", str(program), str(export), *against]
    checked = subprocess.run(
        command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    before = export.read_text()
    assert anonymous("journal", "export", world.slug, str(export)).exit_code == 2
    assert export.read_text() == before
    assert anonymous("journal", "export", "nowhere", str(tmp_path / "x")).exit_code == 3
    assert anonymous("journal", "export", world.slug, str(tmp_path / "no" / "x")).exit_code == 2
    assert anonymous("journal", "export", world.slug, "-").stdout.startswith('{"format":')


def test_a_break_is_looked_at_and_accepted(
    anonymous: Typed, world: World, other_disk: Path
) -> None:
    worker = system(world.workspace, "worker")
    size = checkpoints.make(worker).signed.sequence
    assert anonymous("journal", "accept", world.slug, "--yes").exit_code == 5
    key, origin = signing.key_for(worker), signing.origin_of(world.workspace)
    at = now()
    text = notes.text_of(origin, size, bytes(32), at)
    note = notes.note(text, origin, notes.sign(text, origin, key))
    later = at.replace(year=at.year + 1)
    outside.into_folder(outside.Signed(world.workspace, world.slug, size, later, note))
    result = anonymous("checkpoint", "now", world.slug)
    assert result.exit_code == 1
    assert "Nothing was signed" in result.stderr
    assert "BAD checkpoints: harbour-house: ALARM" in anonymous("doctor").stdout
    assert anonymous("journal", "accept", world.slug, typed="n\n").exit_code == 1
    assert anonymous("journal", "accept", "nowhere").exit_code == 3
    accepted = anonymous("journal", "accept", world.slug, typed="y\n")
    assert accepted.exit_code == 0
    assert "ALARM" not in anonymous("doctor").stdout


EVIL = "a\r\nfake \x1b[31m\x1b]0;owned\x07\x9b2J\u202egnp.exe " + "x" * 3_000


def test_a_remark_cannot_steer_the_terminal(ana: Commands, world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note=EVIL)
    for words in (("journal", "list", "--limit", "1"), ("incident", "list")):
        said = ana(*words)
        assert all(line.isprintable() for line in said.splitlines()), words
        assert "gnp.exe" in said
        assert len(said) < 3_500
    assert len(ana("journal", "list", "--limit", "1")) < 1_500
    assert EVIL.strip() == ana.json("journal", "list", "--limit", "1")["items"][0]["remark"]
