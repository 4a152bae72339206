"""Checkpoints outside: made, kept, recorded; and what they show that the chain cannot."""

import base64
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import override_settings
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.exchange import operations as exchange
from keystead.journal import against, checkpoints, notes, operations, outside, signing
from keystead.journal import queries as journal
from keystead.journal.checkpoints import NowhereOutside
from keystead.journal.held_back import JournalBroken
from keystead.journal.models import SigningKey, Workspace
from keystead.journal.verify import verify
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Forbidden, Invalid
from keystead.people import operations as people
from keystead.places import operations as places
from keystead.vault.sealing import CannotOpen
from keystead.worker import steps
from tests.cast import ANA, World
from tests.support.databases import Database
from tests.support.tampering import bare, disarm, marks, rewrite, truncate

pytestmark = pytest.mark.db


@pytest.fixture
def worker(world: World) -> Actor:
    """Keystead itself, in Ana's workspace."""
    return system(world.workspace, "worker")


def work(world: World, times: int = 1) -> None:
    """Two entries each time."""
    for _ in range(times):
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
        custody.return_copies(world.ana, copy_ids=[world.copy])


def outcomes(world: World, *texts: str, key: str | None = None) -> list[str]:
    given = {f"file {n}": text for n, text in enumerate(texts, 1)}
    return [finding.outcome for finding in against.compare(world.ana, given, key)]


def the_key(world: World) -> str:
    return str(signing.verifiers(world.workspace)[0])


# --- making ---------------------------------------------------------------------------------


def test_a_checkpoint_lies_in_the_folder_and_in_the_journal(
    world: World, worker: Actor, other_disk: Path
) -> None:
    sealed = journal.seal(world.ana)
    made = checkpoints.make(worker)
    (file,) = other_disk.iterdir()
    assert file.name.startswith(f"{world.slug}-{sealed.sequence:012}-")
    assert file.read_text() == made.signed.note
    assert file.stat().st_mode & 0o222 == 0
    entry = journal.entries(world.ana, limit=1)[0]
    assert entry.name == "journal.checkpoint-exported"
    told = entry.payload
    assert (told["sequence"], told["digest"]) == (sealed.sequence, sealed.digest)
    assert (told["places"], told["failed"]) == (["folder"], [])
    assert checkpoints.note_again(world.ana) == (file.name, file.read_text())
    assert verify(world.workspace).holds


def test_the_note_is_signed_for_this_journal_and_no_other(
    world: World, worker: Actor, other_disk: Path
) -> None:
    note = checkpoints.make(worker).signed.note
    found = notes.opened(note, signing.verifiers(world.workspace))
    assert found.origin == signing.origin_of(world.workspace)
    assert found.origin.startswith("keystead/")
    with pytest.raises(notes.NotGood):
        notes.opened(note, signing.verifiers(world.elsewhere.workspace))


def test_the_key_is_made_once_sealed_and_told(
    world: World, worker: Actor, other_disk: Path
) -> None:
    checkpoints.make(worker)
    work(world)
    checkpoints.make(worker)
    row = SigningKey.objects.get()
    house = system(INSTALLATION, "tests")
    told = [e for e in journal.entries(house) if e.name == "journal.signing-key-made"]
    assert len(told) == 1
    assert not signing.make(house)
    key = signing.key_for(worker).private_bytes_raw()
    assert key not in bytes(row.sealed)
    assert key.hex() not in str(told[0].payload)
    assert base64.b64decode(told[0].payload["public_key"]) == bytes(row.public)


def test_a_new_key_signs_from_then_on_and_the_old_one_still_counts(
    world: World, worker: Actor, other_disk: Path
) -> None:
    before = checkpoints.make(worker).signed.note
    old = the_key(world)
    assert signing.make(system(INSTALLATION, "tests"), another=True)
    work(world)
    after = checkpoints.make(worker).signed.note
    assert outcomes(world, before, after) == ["same", "same"]
    assert outcomes(world, before, after, key=old) == ["same", "not-good"]


def test_a_key_that_was_swapped_does_not_sign(
    world: World, worker: Actor, other_disk: Path
) -> None:
    checkpoints.make(worker)
    SigningKey.objects.update(public=bytes(32))
    with pytest.raises(signing.KeyUnusable):
        checkpoints.make(worker)
    SigningKey.objects.update(sealed=bytes(100))
    with pytest.raises(CannotOpen):
        checkpoints.make(worker)


def test_nothing_is_written_over(
    world: World, worker: Actor, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now().replace(microsecond=0)
    signed = outside.Signed(world.workspace, world.slug, 5, at, "one\n")
    outside.into_folder(signed)
    outside.into_folder(signed)
    other = outside.Signed(world.workspace, world.slug, 5, at, "two\n")
    with pytest.raises(FileExistsError):
        outside.into_folder(other)

    def no_links(*args: object) -> None:
        raise PermissionError("a memory stick has no links")

    monkeypatch.setattr("os.link", no_links)
    with pytest.raises(FileExistsError):
        outside.into_folder(other)
    later = outside.Signed(world.workspace, world.slug, 6, at, "two\n")
    outside.into_folder(later)
    assert sorted(path.read_text() for path in other_disk.iterdir()) == ["one\n", "two\n"]


def test_a_folder_that_is_not_mounted_is_not_made(
    world: World, worker: Actor, other_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other_disk.rmdir()
    for _ in range(2):
        with pytest.raises(NowhereOutside):
            checkpoints.make(worker)
    assert not other_disk.exists()
    assert "did not go into the folder" in caplog.text
    names = [entry.name for entry in journal.entries(world.ana)]
    assert names.count("journal.checkpoint-failed") == 1
    assert checkpoints.sealing(world.ana).failed == ("folder",)
    other_disk.mkdir()
    checkpoints.make(worker)
    assert checkpoints.sealing(world.ana).failed == ()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_checkpoints_go_to_the_owners_by_mail(
    world: World, worker: Actor, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYSTEAD_CHECKPOINT_MAIL", "true")
    monkeypatch.setenv("KEYSTEAD_EMAIL_URL", "smtp://mail.example")
    mail.outbox = []
    made = checkpoints.make(worker)
    (message,) = mail.outbox
    assert message.to == [ANA]
    assert made.places == ("folder", "mail")
    assert made.signed.note in message.body
    assert outcomes(world, str(message.body)) == ["same"]


def test_one_place_that_fails_stops_no_other(
    world: World, worker: Actor, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(signed: outside.Signed) -> None:
        raise OSError(28, "No space left on device")

    places_ = [outside.Place("stick", full), *outside.places()]
    made = checkpoints.make(worker, places=places_)
    assert (made.places, made.failed) == (("folder",), ("stick",))
    assert checkpoints.sealing(world.ana).failed == ("stick",)


def test_who_may_not_run_the_installation_signs_nothing(world: World, other_disk: Path) -> None:
    for someone in (world.ana, world.bo):
        with pytest.raises(Forbidden):
            checkpoints.make(someone)
    with pytest.raises(Forbidden):
        checkpoints.sealing(world.bo)
    with pytest.raises(Forbidden):
        against.compare(world.bo, {})


# --- when -----------------------------------------------------------------------------------


def files(other_disk: Path, slug: str) -> int:
    return len(outside.files_in(other_disk, slug))


def test_the_worker_signs_what_grew_and_nothing_twice(world: World, other_disk: Path) -> None:
    steps.make_checkpoints()
    assert [files(other_disk, w.slug) for w in Workspace.objects.all()] == [1, 1, 1]
    before = journal.seal(world.ana)
    steps.make_checkpoints()
    work(world)
    steps.make_checkpoints()
    assert files(other_disk, world.slug) == 1
    assert journal.seal(world.ana).sequence == before.sequence + 2


def test_it_is_time_after_a_day_or_after_so_many_entries(
    world: World, worker: Actor, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoints.make(worker)
    assert not checkpoints.is_due(world.workspace)
    work(world)
    assert not checkpoints.is_due(world.workspace)
    monkeypatch.setenv("KEYSTEAD_CHECKPOINT_ENTRIES", "10")
    work(world, 5)
    assert checkpoints.is_due(world.workspace)
    monkeypatch.delenv("KEYSTEAD_CHECKPOINT_ENTRIES")
    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr(checkpoints, "now", lambda: tomorrow)
    assert checkpoints.is_due(world.workspace)
    assert not checkpoints.sealing(world.ana).is_overdue
    monkeypatch.setattr(checkpoints, "now", lambda: tomorrow + timedelta(days=2))
    assert checkpoints.sealing(world.ana).is_overdue


def test_an_idle_journal_is_not_signed_again(
    world: World, worker: Actor, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoints.make(worker)
    later = now() + timedelta(days=30)
    monkeypatch.setattr(checkpoints, "now", lambda: later)
    assert not checkpoints.is_due(world.workspace)
    assert not checkpoints.sealing(world.ana).is_overdue


def test_without_a_place_outside_the_worker_signs_nothing(world: World) -> None:
    before = journal.seal(world.ana)
    steps.make_checkpoints()
    assert journal.seal(world.ana) == before


def test_a_copy_that_is_held_back_sends_nothing(world: World, other_disk: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_installation SET quarantined_at = %s", [now()])
    steps.make_checkpoints()
    assert list(other_disk.iterdir()) == []


# --- what only a checkpoint shows (J2, J3, J4, J6) -------------------------------------------


def test_a_journal_cut_short_fits_itself_but_not_its_checkpoint(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    """Each length from one entry less to a hundred less."""
    work(world, 52)
    made = checkpoints.make(worker)
    size, key = made.signed.sequence, the_key(world)
    for cut in range(1, 101):
        truncate(database, world.workspace, size - cut)
        (finding,) = against.compare(world.ana, {"kept": made.signed.note}, key)
        assert (finding.outcome, finding.size, finding.entries) == ("shorter", size, size - cut)
        assert str(size) in finding.says
        assert str(size - cut) in finding.says
    assert verify(world.workspace).holds


def test_a_wiped_journal_fits_neither_the_rows_nor_its_checkpoint(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    note, key = checkpoints.make(worker).signed.note, the_key(world)
    truncate(database, world.workspace, 0)
    verdict = verify(world.workspace)
    assert not verdict.holds
    assert "a row does" in str(verdict.reason)
    assert outcomes(world, note, key=key) == ["shorter"]


def test_yesterdays_journal_that_went_on_is_another_one(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    yesterday = journal.seal(world.ana).sequence
    work(world, 3)
    note = checkpoints.make(worker).signed.note
    truncate(database, world.workspace, yesterday)
    work(world, 10)
    assert verify(world.workspace).holds
    assert outcomes(world, note) == ["rewritten"]


def test_whoever_has_database_and_key_cannot_rewrite_what_lies_outside(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    old, key = checkpoints.make(worker).signed.note, the_key(world)
    rewrite(database, world.workspace, '"AA"', '"XX"')
    assert verify(world.workspace).holds
    (kept,) = other_disk.iterdir()
    kept.unlink()
    new = checkpoints.make(worker).signed.note
    assert outcomes(world, new, key=key) == ["same"]
    assert outcomes(world, old, key=key) == ["rewritten"]
    assert outcomes(world, old, new, key=key) == ["rewritten", "same"]


def test_two_histories_of_one_length_are_shown_both(world: World, worker: Actor) -> None:
    shown = outside.Place("shown", lambda signed: None)
    one = checkpoints.make(worker, places=[shown]).signed
    key, origin = signing.key_for(worker), signing.origin_of(world.workspace)
    text = notes.text_of(origin, one.sequence, bytes(32), now())
    other = notes.note(text, origin, notes.sign(text, origin, key))
    first, second = against.compare(world.ana, {"mine": one.note, "theirs": other})
    assert (first.outcome, second.outcome) == ("fork", "fork")
    assert (first.size, second.size) == (one.sequence, one.sequence)
    assert second.digest == "00" * 32
    assert "theirs" in first.says


def test_what_proves_nothing_is_not_taken_for_a_proof(world: World, worker: Actor) -> None:
    shown = outside.Place("shown", lambda signed: None)
    mine = checkpoints.make(worker, places=[shown]).signed.note
    theirs = checkpoints.make(
        system(world.elsewhere.workspace, "worker"), places=[shown]
    ).signed.note
    unsigned = mine.partition("\n\n")[0] + "\n"
    forged = mine.replace("chain sha256\n", "chain sha256\nmore\n")
    assert outcomes(world, mine, theirs, unsigned, forged, "", "x") == [
        "same",
        *["not-good"] * 5,
    ]
    assert outcomes(world, mine, key=the_key(world)) == ["same"]
    other = notes.VerifierKey(signing.origin_of(world.workspace), bytes(range(32)))
    assert outcomes(world, mine, key=str(other)) == ["not-good"]
    elsewhere = str(signing.verifiers(world.elsewhere.workspace)[0])
    for key in (elsewhere, "nonsense", the_key(world)[:-1]):
        with pytest.raises(Invalid):
            against.compare(world.ana, {"mine": mine}, key)


def test_a_swapped_key_does_not_make_a_pinned_one_pass(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    """Whoever has the database makes a key of their own and signs a history of their own."""
    pinned = the_key_of_first_checkpoint(worker, world)
    rewrite(database, world.workspace, '"AA"', '"XX"')
    for path in other_disk.iterdir():
        path.unlink()
    assert signing.make(system(INSTALLATION, "tests"), another=True)
    theirs = checkpoints.make(worker).signed.note
    assert outcomes(world, theirs) == ["same"]
    assert outcomes(world, theirs, key=pinned) == ["not-good"]


def the_key_of_first_checkpoint(worker: Actor, world: World) -> str:
    checkpoints.make(worker)
    return the_key(world)


# --- a break (J7) ---------------------------------------------------------------------------


def flip(database: Database, workspace_id: int, sequence: int) -> None:
    """Change one letter of a stored entry; again, and it is as it was."""
    with bare(database) as raw:
        disarm(raw, database)
        here = f"WHERE workspace_id = {workspace_id} AND sequence = {sequence}"
        (body,) = raw.execute(f"SELECT body FROM journal_entry {here}").fetchone()
        text = body.decode() if isinstance(body, bytes) else body
        letter = chr(ord(text[-3]) ^ 1)
        changed = text[:-3] + letter + text[-2:]
        raw.execute(marks(database, f"UPDATE journal_entry SET body = ? {here}"), (changed,))


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_flipped_bit_is_not_signed_and_raises_the_alarm(
    world: World,
    worker: Actor,
    database: Database,
    other_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("KEYSTEAD_CHECKPOINT_MAIL", "true")
    monkeypatch.setenv("KEYSTEAD_EMAIL_URL", "smtp://mail.example")
    checkpoints.make(worker)
    work(world, 2)
    bad = journal.seal(world.ana).sequence - 1
    flip(database, world.workspace, bad)
    mail.outbox = []
    for _ in range(2):
        with pytest.raises(JournalBroken) as refused:
            checkpoints.make(worker)
        assert refused.value.data["first_bad"] == bad
    assert files(other_disk, world.slug) == 1
    assert [message.subject for message in mail.outbox] == [
        f"ALARM: the journal of {world.slug} does not hold"
    ]
    assert any(record.levelno == logging.CRITICAL for record in caplog.records)
    for actor in (world.ana, system(INSTALLATION, "tests")):
        found = [e for e in journal.entries(actor) if e.name == "journal.break-found"]
        assert [entry.payload["first_bad"] for entry in found] == [bad]
    assert verify(world.workspace).first_bad == bad


def test_while_it_does_not_hold_keys_move_but_the_register_stays(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    work(world)
    flip(database, world.workspace, 7)
    steps.check_journals()
    with pytest.raises(JournalBroken):
        places.add_site(world.ana, name="Annexe")
    with pytest.raises(JournalBroken):
        people.add_person(world.ana, name="Dee")
    with pytest.raises(JournalBroken):
        exchange.together(world.ana, verb="people.add_person", items=[{"name": "Dee"}])
    work(world)
    members = [m for m in people_members(world) if m != "Ana"]
    assert members == ["Bo"]
    custody.check_out_to_newcomer(world.ana, copy_ids=[world.copy], name="Dee")
    places.add_site(world.cy, name="Annexe")
    assert journal.workspace(world.workspace).first_bad == 7
    assert journal.workspace(world.elsewhere.workspace).first_bad is None


def people_members(world: World) -> list[str]:
    from keystead.people import queries

    return [member.name for member in queries.members(world.ana)]


def test_what_was_put_right_is_noticed(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    flip(database, world.workspace, 7)
    steps.check_journals()
    assert journal.workspace(world.workspace).first_bad == 7
    flip(database, world.workspace, 7)
    steps.check_journals()
    assert journal.workspace(world.workspace).first_bad is None
    assert journal.entries(world.ana, limit=1)[0].name == "journal.break-mended"
    places.add_site(world.ana, name="Annexe")
    assert verify(world.workspace).holds


def test_a_break_that_was_accepted_is_still_named_but_signing_goes_on(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    house = system(INSTALLATION, "tests")
    with pytest.raises(operations.JournalHolds):
        operations.accept_break(house, workspace_id=world.workspace)
    flip(database, world.workspace, 7)
    steps.check_journals()
    operations.accept_break(house, workspace_id=world.workspace)
    places.add_site(world.ana, name="Annexe")
    made = checkpoints.make(worker)
    assert made.signed.sequence == journal.seal(world.ana).sequence - 1
    assert verify(world.workspace).first_bad == 7
    assert journal.workspace(world.workspace).first_bad is None
    flip(database, world.workspace, made.signed.sequence)
    with pytest.raises(JournalBroken):
        checkpoints.make(worker)


def test_yesterdays_database_is_noticed_by_what_lies_in_the_folder(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    size = journal.seal(world.ana).sequence
    work(world, 3)
    reached = checkpoints.make(worker).signed.sequence
    truncate(database, world.workspace, size)
    steps.check_journals()
    assert journal.workspace(world.workspace).first_bad == size + 1
    told = journal.entries(world.ana, limit=1)[0].payload["reason"]
    assert str(reached) in told
    operations.accept_break(system(INSTALLATION, "tests"), workspace_id=world.workspace)
    steps.check_journals()
    assert journal.workspace(world.workspace).first_bad is None


def test_files_that_prove_nothing_raise_no_alarm(
    world: World, worker: Actor, other_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = f"{world.slug}-{999_999:012}-20300101T000000Z.checkpoint"
    (other_disk / name).write_text("somebody's file")
    checkpoints.make(worker)
    assert "proves nothing" in caplog.text
    assert journal.workspace(world.workspace).first_bad is None


def test_a_long_journal_is_checked_from_its_last_checkpoint(
    world: World,
    worker: Actor,
    database: Database,
    other_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkpoints, "WHOLE_UP_TO", 0)
    checkpoints.make(worker)
    work(world, 2)
    assert checkpoints.make(worker).signed.sequence == journal.seal(world.ana).sequence - 1
    work(world, 2)
    bad = journal.seal(world.ana).sequence - 2
    flip(database, world.workspace, bad)
    with pytest.raises(JournalBroken) as refused:
        checkpoints.make(worker)
    assert refused.value.data["first_bad"] == bad


@pytest.mark.parametrize("body", ["", "{", "[]", '{"actor":{},"payload":{"sequence":0}}'])
def test_a_checkpoint_that_was_damaged_is_a_break_like_any_other(
    body: str, world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    checkpoints.make(worker)
    number = journal.seal(world.ana).sequence
    work(world)
    with bare(database) as raw:
        disarm(raw, database)
        here = f"WHERE workspace_id = {world.workspace} AND sequence = {number}"
        raw.execute(marks(database, f"UPDATE journal_entry SET body = ? {here}"), (body,))
    steps.make_checkpoints()
    assert journal.workspace(world.workspace).first_bad == number
    assert len(journal.entries(world.ana)) > number


def test_a_forged_acceptance_does_not_hide_a_change(
    world: World, worker: Actor, database: Database, other_disk: Path
) -> None:
    """An entry that claims to accept all up to a later one is not believed."""
    work(world, 2)
    seal = journal.seal(world.ana)
    forged = (
        f'{{"actor":{{"channel":"worker"}},"payload":{{"accepted_workspace":{world.workspace},'
        f'"first_bad":1,"sequence":{seal.sequence},"digest":"{seal.digest}"}}}}'
    )
    with bare(database) as raw:
        disarm(raw, database)
        here = f"WHERE workspace_id = {world.workspace} AND sequence = 9"
        query = f"UPDATE journal_entry SET body = ?, name = 'journal.break-accepted' {here}"
        raw.execute(marks(database, query), (forged,))
    with pytest.raises(JournalBroken) as refused:
        checkpoints.make(worker)
    assert refused.value.data["first_bad"] == 9


def test_writing_while_a_journal_is_checked_is_no_break(
    world: World, worker: Actor, other_disk: Path
) -> None:
    """Checks and signatures by two processes, in the middle of somebody's work."""
    done, seen = Event(), []

    def write() -> None:
        try:
            work(world, 15)
        finally:
            connections.close_all()
            done.set()

    writer = Thread(target=write)
    writer.start()
    while not done.is_set():
        assert verify(world.workspace).holds
        seen.append(checkpoints.make(worker).signed.sequence)
    writer.join()
    assert seen == sorted(seen)
    assert journal.workspace(world.workspace).first_bad is None
    assert verify(world.workspace).holds


def test_an_entry_recorded_before_any_statement_of_a_check_is_no_break(
    world: World, worker: Actor, other_disk: Path
) -> None:
    """Whatever a check has read already, somebody records before it reads on."""
    waits = 0

    def write() -> None:
        try:
            work(world)
        finally:
            connections.close_all()

    def on_reading(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        nonlocal waits
        if sql.startswith("SELECT") and not connection.in_atomic_block:
            waits -= 1
            if waits == 0:
                writer = Thread(target=write)
                writer.start()
                writer.join()
        return execute(sql, *more)

    def verified() -> None:
        assert verify(world.workspace).holds

    for check in (verified, lambda: checkpoints.make(worker)):
        number = 1
        while waits <= 0:
            waits = number
            with connection.execute_wrapper(on_reading):
                check()
            number += 1
        assert number > 5
        waits = 0
    assert journal.workspace(world.workspace).first_bad is None
