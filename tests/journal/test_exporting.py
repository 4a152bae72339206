"""A journal as a file, and the program of one file that checks it without Keystead."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.journal import checkpoints, exporting, notes, outside, signing, standalone
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.errors import Forbidden, NotFound
from tests.cast import World
from tests.support.databases import Database
from tests.support.tampering import rewrite, truncate

pytestmark = pytest.mark.db
PROGRAM = Path(standalone.__file__)
SHOWN = outside.Place("shown", lambda signed: None)


def checked(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the program as anybody would: alone, without site packages, in an empty environment."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), *map(str, words)]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd="/"
    )


@pytest.fixture
def export(world: World, tmp_path: Path) -> Path:
    """Ana's journal as a file, with a name and a remark that try to do harm."""
    custody.report_missing(world.ana, copy_ids=[world.copy], note="\x1b[2J\u202egnp.exe")
    return exported(world, tmp_path / "journal.jsonl")


def exported(world: World, path: Path) -> Path:
    path.write_text("".join(exporting.lines(world.ana)))
    return path


@pytest.fixture
def kept(world: World, export: Path, tmp_path: Path) -> tuple[Path, str]:
    """A checkpoint in a file and the key to check it with."""
    made = checkpoints.make(system(world.workspace, "worker"), places=[SHOWN])
    path = tmp_path / "kept.checkpoint"
    path.write_text(made.signed.note)
    return path, str(signing.verifiers(world.workspace)[0])


def test_the_file_holds_the_exact_text_that_was_sealed(world: World, export: Path) -> None:
    first, *rest = (json.loads(line) for line in export.read_text().splitlines())
    seal = journal.seal(world.ana)
    assert first == {
        "format": "keystead-journal/1",
        "origin": signing.origin_of(world.workspace),
        "entries": seal.sequence,
        "digest": seal.digest,
    }
    assert [entry["sequence"] for entry in rest] == list(range(1, seal.sequence + 1))
    assert rest[-1]["digest"] == seal.digest
    assert export.read_text().isascii()


def test_the_installations_journal_can_be_exported_too(world: World, tmp_path: Path) -> None:
    path = tmp_path / "installation.jsonl"
    path.write_text("".join(exporting.lines(system(INSTALLATION, "tests"))))
    assert checked(path).returncode == 0


def test_only_who_may_read_the_journal_gets_it(world: World) -> None:
    with pytest.raises(Forbidden):
        exporting.lines(world.bo)
    with pytest.raises(NotFound):
        exporting.lines(world.intruder)


def test_a_whole_journal_holds_and_truncation_is_not_excluded(world: World, export: Path) -> None:
    seal, result = journal.seal(world.ana), checked(export)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"{seal.sequence} entries hold." in result.stdout
    assert f"Seal: {seal.sequence}:{seal.digest}" in result.stdout
    assert "cannot exclude truncation" in result.stdout


def test_with_a_checkpoint_it_is_the_journal_that_was_signed(
    world: World, kept: tuple[Path, str], tmp_path: Path
) -> None:
    checkpoint, key = kept
    result = checked(exported(world, tmp_path / "later"), "--checkpoint", checkpoint, "--key", key)
    assert result.returncode == 0, result.stdout
    assert "are those that were signed" in result.stdout
    assert "cannot exclude" not in result.stdout


def test_a_journal_cut_short_names_both_sizes(
    world: World, kept: tuple[Path, str], database: Database, tmp_path: Path
) -> None:
    checkpoint, key = kept
    truncate(database, world.workspace, 20)
    path = exported(world, tmp_path / "cut")
    assert checked(path).returncode == 0
    result = checked(path, "--checkpoint", checkpoint, "--key", key)
    assert result.returncode == 1
    signed = checkpoint.read_text().splitlines()[1]
    assert f"has 20 entries, the checkpoint was signed at {signed}" in result.stdout


def test_a_journal_written_anew_is_another_one(
    world: World, kept: tuple[Path, str], database: Database, tmp_path: Path
) -> None:
    checkpoint, key = kept
    rewrite(database, world.workspace, '"AA"', '"XX"')
    path = exported(world, tmp_path / "anew")
    assert checked(path).returncode == 0
    result = checked(path, "--checkpoint", checkpoint, "--key", key)
    assert (result.returncode, "is another one" in result.stdout) == (1, True)


def test_two_checkpoints_of_one_size_are_shown_both(
    world: World, kept: tuple[Path, str], export: Path, tmp_path: Path
) -> None:
    checkpoint, key = kept
    origin = signing.origin_of(world.workspace)
    size = int(checkpoint.read_text().splitlines()[1])
    signer = signing.key_for(system(world.workspace, "worker"))
    text = notes.text_of(origin, size, bytes(32), now())
    other = tmp_path / "other.checkpoint"
    other.write_text(notes.note(text, origin, notes.sign(text, origin, signer)))
    result = checked(export, "--checkpoint", checkpoint, "--checkpoint", other, "--key", key)
    assert result.returncode == 1
    assert f"FORK: two checkpoints at entry {size} differ" in result.stdout
    assert result.stdout.count(str(other)) == 2
    assert "00" * 32 in result.stdout


def test_what_proves_nothing_is_refused(
    world: World, kept: tuple[Path, str], export: Path, tmp_path: Path
) -> None:
    checkpoint, key = kept
    note = checkpoint.read_text()
    stranger = Ed25519PrivateKey.generate()
    elsewhere = str(signing.verifiers(world.elsewhere.workspace)[0])
    name = key.partition("+")[0]
    text = note.partition("\n\n")[0] + "\n"
    theirs = notes.note(text, name, notes.sign(text, name, stranger))
    bad = tmp_path / "bad.checkpoint"
    for content, with_key, says, code in (
        (note, elsewhere, "other-origin", 1),
        (note, str(standalone.VerifierKey(name, notes.public_of(stranger))), "other-key", 1),
        (theirs, key, "other-key", 1),
        (note.replace("chain", "a b\nchain"), key, "forged", 1),
        (text, key, "no signed note", 2),
        ("", key, "no signed note", 2),
        (note, "nonsense", "verifier key", 2),
    ):
        bad.write_text(content)
        result = checked(export, "--checkpoint", bad, "--key", with_key)
        assert (result.returncode, says in result.stdout) == (code, True), result.stdout
    assert checked(export, "--checkpoint", checkpoint).returncode == 2
    assert checked(export, "--key", key).returncode == 2


def lines(export: Path) -> list[Any]:
    return [json.loads(line) for line in export.read_text().splitlines()]


def test_every_change_to_the_file_is_located(export: Path, tmp_path: Path) -> None:
    good, bad = lines(export), tmp_path / "bad"
    end = len(good) - 1
    relabelled = {**good[3], "sequence": 4}
    cases: list[tuple[list[Any], str]] = [
        ([*good[:7], *good[8:]], "entry 7 is missing"),
        ([*good[:7], good[6], *good[7:]], "entry 7 is missing"),
        ([*good[:7], good[8], good[7], *good[9:]], "entry 7 is missing"),
        ([*good[:7], {**good[7], "body": good[7]["body"] + " "}, *good[8:]], "entry 7 does not"),
        ([*good[:7], {**good[7], "digest": "00" * 32}, *good[8:]], "entry 7 does not match"),
        ([*good[:7], {"sequence": 7}, *good[8:]], "entry 7 is not an entry"),
        ([*good[:7], [], *good[8:]], "entry 7 is not an entry"),
        ([*good[:4], relabelled, *good[5:]], "entry 4 does not match"),
        (good[:-1], f"entry {end} is missing"),
        ([*good, good[-1]], f"entry {end + 1} is missing"),
        ([{**good[0], "entries": end - 1}, *good[1:]], f"entry {end} does not match the head"),
        ([{**good[0], "digest": "00" * 32}, *good[1:]], f"entry {end} does not match the head"),
        ([{**good[0], "origin": "keystead/x/99"}, *good[1:]], "entry 1 belongs to another"),
    ]
    for content, says in cases:
        bad.write_text("".join(json.dumps(line) + "\n" for line in content))
        result = checked(bad)
        assert (result.returncode, says in result.stdout) == (1, True), (says, result.stdout)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"null\n"])
def test_what_is_no_export_cannot_be_checked(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    result = checked(path)
    assert (result.returncode, result.stderr) == (2, "")
    assert checked(tmp_path / "nowhere").returncode == 2


def test_nothing_in_a_file_steers_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "file"
    header = {"format": "keystead-journal/1", "origin": "\x1b[2J\u202e/1", "entries": 0}
    path.write_text(json.dumps({**header, "digest": "00" * 32}))
    result = checked(path)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


def test_the_program_needs_nothing_but_the_standard_library() -> None:
    """The text of every checkpoint it reads is in base64 and hex, so nothing else is imported."""
    import ast

    tree = ast.parse(PROGRAM.read_text())
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {str(name).split(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    assert base64.b64encode(bytes(32)).decode() in notes.text_of("o", 0, bytes(32), now())
