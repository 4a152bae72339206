"""A copy that is held back tells nobody anything until a person confirms it."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from keystead.cli.acting import local_actor
from keystead.exchange import operations, quarantine, queries
from keystead.journal import leases
from keystead.journal import queries as journal
from keystead.journal.installation import quarantined_since
from keystead.journal.operation import Change
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.errors import Forbidden, Invalid
from keystead.kernel.secret import Secret
from keystead.people import access, links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.errors import InvitationGone
from keystead.people.models import Person
from keystead.people.roles import Role
from tests.cast import ANA, BO, World
from tests.exchange.backup import places
from tests.support.browsing import Browser
from tests.support.databases import Database, Source
from tests.transports.api.things import token

pytestmark = pytest.mark.db


@pytest.fixture
def ways(world: World) -> tuple[str, str]:
    """An API token, and the token of an open invitation."""
    made = token(world.ana)
    text = links.new_token()
    person = people.add_person(world.ana, name="Dora")
    people.invite(world.ana, person_id=person, role=Role.HOLDER, token=text)
    return made, text.reveal()


@pytest.fixture
def copy(
    world: World, ways: tuple[str, str], database_source: Source, to: Path, tmp_path: Path
) -> Iterator[World]:
    """The world, brought back from a backup into another place."""
    Browser(ANA)
    path = places.back_up(to).path
    with places.empty_place(database_source, tmp_path):
        places.bring_back(path)
        yield world


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[mail.EmailMessage]:
    """What was really sent, by the backend of the settings and what it asks to send."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "keystead.journal.mail.Backend")
    inner = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(settings, "SENDING_BACKEND", inner, raising=False)
    mail.outbox = []
    return mail.outbox


def test_the_settings_send_all_mail_through_the_one_way_out() -> None:
    import keystead.settings as own

    assert own.EMAIL_BACKEND == "keystead.journal.mail.Backend"
    assert own.SENDING_BACKEND.endswith("EmailBackend")
    assert own.SENDING_BACKEND != own.EMAIL_BACKEND


def test_no_mail_goes_out_until_it_is_confirmed(
    copy: World, outbox: list[mail.EmailMessage]
) -> None:
    assert mail.send_mail("Late", "Keys", "keys@house.example", [BO]) == 0
    Browser().fill(reverse("account_reset_password"), email=ANA)
    assert outbox == []
    quarantine.end(local_actor(INSTALLATION))
    assert mail.send_mail("Late", "Keys", "keys@house.example", [BO]) == 1
    assert len(outbox) == 1


def test_nobody_is_signed_in_and_no_token_or_invitation_is_good(
    copy: World, ways: tuple[str, str]
) -> None:
    api, invitation = ways
    assert Session.objects.count() == 0
    for _ in range(2):
        assert access.actor_of_token(api, copy.slug, "api") is None
        with pytest.raises(InvitationGone):
            people.open_invitation(Secret(invitation), now())
        quarantine.end(local_actor(INSTALLATION))  # for good: not even afterwards


def test_the_journals_tell_of_it(copy: World) -> None:
    told = [entry.name for entry in journal.entries(copy.ana, limit=2)]
    assert sorted(told) == ["people.invitation-withdrawn", "people.token-withdrawn"]
    entry = journal.entries(local_actor(INSTALLATION), limit=1)[0]
    assert (entry.name, entry.channel) == ("exchange.restored-from", "local")
    assert entry.payload["tokens_withdrawn"] == entry.payload["invitations_ended"] == 1
    ends = {end["workspace_id"]: end for end in entry.payload["checkpoints"]}
    there = ends[copy.workspace]
    assert journal.verify(copy.ana, journal.Seal(there["sequence"], there["digest"])).holds


def test_what_must_be_done_again_is_done_in_the_same_transaction(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    """As erasing will: names taken out of the old data before anybody can see them."""

    def erase(change: Change) -> int:
        assert quarantined_since() is not None
        return Person.objects.filter(name="Bo").update(name="")

    path = places.back_up(to).path
    operations.after_restoring("tests", erase)
    try:
        with places.empty_place(database_source, tmp_path):
            places.bring_back(path)
            assert not Person.objects.filter(name="Bo").exists()
            (entry,) = journal.entries(local_actor(INSTALLATION), limit=1)
            assert entry.payload["replayed"] == 1
    finally:
        operations.forget_replay("tests")


def test_a_restore_that_cannot_do_it_again_does_not_happen(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    def fail(change: Change) -> int:
        raise RuntimeError("cannot erase")

    path = places.back_up(to).path
    operations.after_restoring("tests", fail)
    try:
        with places.empty_place(database_source, tmp_path) as name:
            with pytest.raises(RuntimeError):
                places.bring_back(path)
            if database_source.vendor == "sqlite":
                assert list(Path(name).parent.iterdir()) == []
            else:
                assert connection.introspection.table_names() == []
    finally:
        operations.forget_replay("tests")


def test_the_operator_confirms_it_on_the_web(copy: World) -> None:
    ana = Browser(ANA)
    today = ana.get(reverse("today", kwargs={"slug": copy.slug}))
    assert "held back" in today.text
    page = ana.get(reverse("quarantine"))
    for word in ("This copy is held back", ANA, BO, "API token", "invitation", "Last entry"):
        assert word in page.text, word
    done = ana.fill(reverse("quarantine"))
    assert "in use now" in done.text
    assert quarantined_since() is None
    assert "held back" not in ana.get(reverse("today", kwargs={"slug": copy.slug})).text
    entry = journal.entries(local_actor(INSTALLATION), limit=1)[0]
    assert (entry.name, entry.account_id) == ("exchange.quarantine-ended", copy.ana.account_id)
    assert {end["workspace_id"] for end in entry.payload["checkpoints"]} >= {0, copy.workspace}


def test_nobody_else_confirms_it(copy: World) -> None:
    bo = Browser(BO)
    assert "held back" in bo.get(reverse("me", kwargs={"slug": copy.slug})).text
    assert bo.get(reverse("quarantine")).status == 404
    assert bo.post(reverse("quarantine")).status == 404
    assert "sign" in Browser().get(reverse("quarantine")).url
    with pytest.raises(Forbidden):
        operations.end_quarantine(_on_installation(copy.bo.account_id), place="x")
    assert quarantined_since() is not None


def _on_installation(account_id: int | None, token_id: int | None = None) -> Actor:
    return Actor(workspace_id=INSTALLATION, channel="web", account_id=account_id, token_id=token_id)


def test_a_token_cannot_confirm_it(copy: World) -> None:
    with pytest.raises(Invalid):
        operations.end_quarantine(_on_installation(copy.ana.account_id, 1), place="x")


def test_a_second_confirmation_changes_nothing(copy: World) -> None:
    assert quarantine.end(local_actor(INSTALLATION))
    number = journal.seal(local_actor(INSTALLATION)).sequence
    assert not quarantine.end(local_actor(INSTALLATION))
    assert journal.seal(local_actor(INSTALLATION)).sequence == number


# Copies made by copying files.


def look() -> str | None:
    return quarantine.look(local_actor(INSTALLATION))


@pytest.fixture
def at_home(world: World, data: Path) -> World:
    """The world, started once in its place."""
    assert look() == "home"
    assert look() == "home"
    return world


def begun_for() -> str:
    entry = journal.entries(local_actor(INSTALLATION), limit=1)[0]
    assert entry.name == "exchange.quarantine-begun"
    return str(entry.payload["reason"])


def test_nothing_is_noted_before_anybody_signed_up(database: Database, data: Path) -> None:
    assert look() is None
    assert not quarantine.place_file(data).exists()
    assert journal.seal(local_actor(INSTALLATION)).sequence == 0


def test_a_database_without_its_folder_is_a_copy(at_home: World, data: Path) -> None:
    quarantine.place_file(data).unlink()
    assert look() == "copied"
    assert begun_for() == "copied"


def test_a_folder_copied_beside_the_old_one_is_a_copy(
    at_home: World, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = data.with_name("other")
    shutil.copytree(data, other)
    monkeypatch.setenv("KEYSTEAD_DATA", str(other))
    assert look() == "copied"


def test_a_folder_that_was_moved_is_no_copy(
    at_home: World, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = data.with_name("other")
    data.rename(other)
    monkeypatch.setenv("KEYSTEAD_DATA", str(other))
    number = journal.seal(local_actor(INSTALLATION)).sequence
    assert look() == "moved"
    assert look() == "home"
    assert quarantined_since() is None
    assert journal.seal(local_actor(INSTALLATION)).sequence == number


def test_a_folder_reached_by_another_name_is_no_copy(
    at_home: World, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = data.with_name("other")
    other.symlink_to(data)
    monkeypatch.setenv("KEYSTEAD_DATA", str(other))
    assert look() == "moved"
    assert quarantined_since() is None


def test_another_machine_is_a_copy(
    at_home: World, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    number = tmp_path / "machine-id"
    monkeypatch.setattr(quarantine, "MACHINE_FILES", (number,))
    assert look() in ("home", "moved")  # a machine without a number says nothing
    number.write_text("first")
    assert look() == "home"
    number.write_text("second")
    assert look() == "copied"


def test_data_older_than_what_was_last_used_here_are_held_back(at_home: World, data: Path) -> None:
    kept = json.loads(quarantine.place_file(data).read_text())
    kept["sequence"] += 5
    quarantine.place_file(data).write_text(json.dumps(kept))
    assert look() == "older"


def test_another_start_on_the_same_database_is_no_copy(at_home: World, data: Path) -> None:
    """A second machine, or a command, while the worker of the first one is alive."""
    quarantine.place_file(data).unlink()
    assert leases.hold("worker", "first", timedelta(minutes=1))
    assert look() is None
    assert quarantined_since() is None


def test_nonsense_in_the_file_is_a_copy_and_no_mistake(at_home: World, data: Path) -> None:
    for text in ("", "[]", "null", '{"place": 1}', "\x00" * 10):
        quarantine.place_file(data).write_text(text)
        assert quarantine.read_place(data) is None
    assert look() == "copied"


def test_tokens_of_a_copied_folder_rest_and_work_again_once_confirmed(
    world: World, ways: tuple[str, str], data: Path
) -> None:
    """So moving on purpose breaks nothing."""
    api, _ = ways
    look()
    quarantine.place_file(data).unlink()
    assert look() == "copied"
    assert access.actor_of_token(api, world.slug, "api") is None
    quarantine.end(local_actor(INSTALLATION))
    assert access.actor_of_token(api, world.slug, "api") is not None
    assert look() == "home"


# What has changed since.


def test_entries_of_the_old_installation_tell_what_to_do_again(
    world: World, database_source: Source, to: Path, tmp_path: Path
) -> None:
    path = places.back_up(to).path
    bo = next(m for m in people_queries.members(world.ana) if m.email == BO)
    people.add_firm(world.ana, name="Later")
    people.remove_member(world.ana, membership_id=bo.membership_id)
    later = [
        {"sequence": e.sequence, "at": e.at.isoformat(), "name": e.name}
        for e in journal.entries(world.ana, limit=100)
    ]
    sealed = journal.seal(world.ana)
    with places.empty_place(database_source, tmp_path):
        places.bring_back(path)
        report = quarantine.report(local_actor(INSTALLATION))
        assert report is not None
        (here,) = [end for end in report.held.loaded if end.workspace_id == world.workspace]
        since = quarantine.compare_with_entries(here.sequence, later)
        assert since.entries == 2
        assert [name for _, _, name in since.telling] == ["people.member-removed"]
        assert quarantine.compare_with_seal(here, sealed.sequence, sealed.digest).entries == 2
        assert quarantine.compare_with_seal(here, here.sequence, here.digest).is_same
        assert not quarantine.compare_with_seal(here, here.sequence, "0" * 64).is_same
        (place, _) = [one for one in report.ways_in if one.workspace_id in (1, 2)]
        assert BO in {email for _, email, _ in place.members}


def test_how_old_the_data_are_is_told(copy: World) -> None:
    report = quarantine.report(local_actor(INSTALLATION))
    assert report is not None
    assert report.held.reason == "restored"
    assert report.held.made_at is not None
    assert report.held.made_at <= report.held.since
    (own, _) = report.ways_in
    assert (len(own.tokens), len(own.invitations)) == (1, 1)
    assert own.last_sequence == next(
        end.sequence for end in report.held.loaded if end.workspace_id == copy.workspace
    )
    assert queries.checkpoints()
