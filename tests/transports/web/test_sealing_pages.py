"""The journal page and what lies outside: its last checkpoint, comparing, the file."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from keystead.journal import checkpoints, outside, signing
from keystead.journal import queries as journal
from keystead.kernel.actor import system
from tests.cast import ANA, BO, CY, World
from tests.support.browsing import Browser
from tests.support.databases import Database
from tests.support.tampering import truncate
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db
SHOWN = outside.Place("shown", lambda signed: None)


def at(world: World, name: str) -> str:
    return reverse(name, kwargs={"slug": world.slug})


@pytest.fixture
def note(world: World) -> str:
    return checkpoints.make(system(world.workspace, "worker"), places=[SHOWN]).signed.note


def test_the_page_says_when_the_last_checkpoint_left(world: World, note: str) -> None:
    page = Browser(ANA).get(at(world, "journal"))
    size = journal.seal(world.ana).sequence
    assert page.heading.startswith(f"Sealed up to entry {size}; last checkpoint outside: ")
    last = Browser(ANA).get(at(world, "journal-checkpoint"))
    assert last.body == note


def test_without_a_checkpoint_there_is_none_to_download(world: World) -> None:
    assert Browser(ANA).get(at(world, "journal-checkpoint")).status == 404


def test_a_check_without_a_checkpoint_does_not_exclude_truncation(world: World) -> None:
    page = Browser(ANA).fill(at(world, "journal"), at(world, "journal-verify"))
    assert "cannot exclude that the end was cut off" in page.text


def test_a_pasted_checkpoint_is_compared(world: World, note: str, database: Database) -> None:
    key = str(signing.verifiers(world.workspace)[0])
    ana = Browser(ANA)
    mail = f"Keep this mail.\r\n{note}\r\n-- \r\nAna"
    page = ana.post(at(world, "journal-verify"), text=mail, key=key)
    assert "are those that were signed" in page.text
    assert "cannot exclude" not in page.text
    size = journal.seal(world.ana).sequence
    truncate(database, world.workspace, size - 5)
    page = ana.post(at(world, "journal-verify"), text=note, key=key)
    assert f"The journal has {size - 5} entries, and had {size - 1}" in page.text


def test_files_are_compared_and_what_they_are_called_is_only_text(
    world: World, note: str, ana_at: Pages
) -> None:
    files = [
        SimpleUploadedFile("good.checkpoint", note.encode()),
        SimpleUploadedFile("<b>\u202ebad", b"\xff\x00\x1b" * 50_000),
    ]
    page = ana_at.post("journal-verify", {"kept": files}, status=200)
    assert "are those that were signed" in page
    assert "no signed checkpoint" in page
    files[1].seek(0)
    body = ana_at.send("journal-verify", {"kept": files[1:]}).content.decode()
    assert "\u202e" not in body
    assert "<b>" + "bad" not in body


def test_nonsense_is_refused_in_the_form(world: World, note: str, ana_at: Pages) -> None:
    other = str(signing.verifiers(world.elsewhere.workspace)[0])
    for key, says in (("nonsense", "no verifier key"), (other, "of another journal")):
        assert says in ana_at.post("journal-verify", {"text": note, "key": key}, status=200)
    many = [SimpleUploadedFile(f"{n}", b"x") for n in range(101)]
    ana_at.post("journal-verify", {"kept": many}, status=400)
    most = {"text": note, "kept": many[1:]}
    for file in many:
        file.seek(0)
    assert "at most 100" in ana_at.post("journal-verify", most, status=200)
    ana_at.post("journal-verify", {"text": "x" * 70_000}, status=200)
    ana_at.post("journal-verify", {"text": "\x00"}, status=200)


def test_the_whole_journal_can_be_downloaded_by_who_may_read_it(world: World) -> None:
    page = Browser(ANA).client.get(at(world, "journal-export"))
    content = b"".join(page.streaming_content)  # type: ignore[attr-defined]
    first, *rest = content.splitlines()
    assert json.loads(first)["entries"] == len(rest) == journal.seal(world.ana).sequence
    assert page["Content-Disposition"].startswith("attachment")
    for someone, status in ((BO, 403), (CY, 404)):
        for name in ("journal-export", "journal-checkpoint"):
            assert Browser(someone).client.get(at(world, name)).status_code == status


def test_every_page_says_that_the_journal_does_not_hold(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_head SET first_bad = 7 WHERE workspace_id = %s", [world.workspace]
        )
    for name in ("today", "journal", "keys"):
        assert "Entry 7 of the journal does not hold." in Browser(ANA).get(at(world, name)).text
    ana = Browser(ANA)
    page = ana.fill(at(world, "site-add"), name="Annexe")
    assert page.status == 409
    assert "keys can be handed out" in page.text


def test_a_damaged_entry_does_not_break_the_page(world: World, database: Database) -> None:
    from tests.support.tampering import bare, disarm

    with bare(database) as raw:
        disarm(raw, database)
        odd = '{"actor":{},"payload":{"occurred_at":"x","copy_id":"y"}}'
        for sequence, body in ((7, "{"), (8, odd)):
            raw.execute(
                f"UPDATE journal_entry SET body = '{body}'"
                f" WHERE workspace_id = {world.workspace} AND sequence = {sequence}"
            )
    assert Browser(ANA).get(at(world, "journal")).status == 200
