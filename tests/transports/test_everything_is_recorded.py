"""Whatever changes something leaves an entry, and nobody writes the past or another's name."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from keystead import permissions
from keystead.custody import operations as custody
from keystead.exchange import imports
from keystead.journal import queries as journal
from keystead.journal.models import Entry
from keystead.journal.operation import VERBS
from keystead.kernel.errors import Invalid, KeysteadError
from tests.cast import World
from tests.transports.api.examples import examples
from tests.transports.api.things import caller, things

pytestmark = pytest.mark.db

WITHOUT_A_VERB = {
    "start": "the first owner, recorded by people.found",
    "invitation": "recorded by people.accept_invitation",
    "account_login": "recorded by the sign-in library's signal",
    "account_logout": "recorded by the sign-in library's signal",
    "account_reset_password": "sends a link, changes nothing",
    "account_reset_password_from_key": "recorded by the sign-in library's signal",
    "mfa_authenticate": "recorded by the sign-in library's signal",
    "passkey-sign-in": "recorded by the sign-in library's signal",
    "confirm": "changes only one's own session",
    "email-confirm": "recorded by people.change_email",
    "language": "a cookie",
    "theme": "a cookie",
    "desk": "reads what was scanned",
    "journal-verify": "reads",
}
"""Routes that take a POST and name no verb, and why that is so."""


def test_every_route_that_changes_something_names_a_verb() -> None:
    posting = {name: row["POST"] for name, row in permissions.ROUTES.items() if "POST" in row}
    without = {name for name, needs in posting.items() if needs not in VERBS}
    assert without == set(WITHOUT_A_VERB)


SILENT = {
    "change_answers": "answers to an import that is only staged",
    "change_columns": "the same",
    "note_key_opens_access_point": "it is so already in the example",
    "require_purpose": "none is required before, either",
    "bring_back_site": "it is in use in the example",
    "bring_back_space": "the same",
    "bring_back_container": "the same",
    "read_notices": "there are none to read in the example",
}
"""Changes of the examples that leave no entry, and why."""


def test_every_change_over_the_api_leaves_an_entry(world: World) -> None:
    ana, silent = caller(world), set()
    for example in examples(things(world.ana, world)):
        before = Entry.objects.count()
        answer = ana(example.method, example.path, example.body)
        if answer.status_code == 403 and json.loads(answer.content)["code"] == "step-up-needed":
            assert Entry.objects.count() == before, example
            continue  # done in the browser only
        assert answer.status_code == example.status, (example, answer.content)
        grew = Entry.objects.count() > before
        if example.method == "GET":
            assert not grew, example
        elif answer.status_code < 400 and not grew:
            silent.add(example.operation_id)
    assert silent == set(SILENT)


def test_nobody_sets_the_time_or_the_author_of_an_entry_over_the_api(world: World) -> None:
    ana, before = caller(world), journal.seal(world.ana)
    for field, value in (
        ("at", "2020-01-01T00:00:00Z"),
        ("recorded_at", "2020-01-01T00:00:00Z"),
        ("account_id", 2),
        ("actor", {"account": 2}),
        ("channel", "worker"),
    ):
        answer = ana("POST", "/sites", {"name": "Annexe", field: value})
        assert answer.status_code == 422, (field, answer.content)
        assert ana("POST", f"/sites?{field}=1", {"name": "Annexe"}).status_code == 422
    assert journal.seal(world.ana) == before


def test_no_actor_sets_the_time_of_a_real_journal(world: World) -> None:
    before = journal.seal(world.ana)
    for at in (now() - timedelta(days=1), now() + timedelta(days=1)):
        with pytest.raises(Invalid):
            custody.report_missing(replace(world.ana, at=at), copy_ids=[world.copy], note="gone")
    assert journal.seal(world.ana) == before


def test_what_is_said_to_have_happened_earlier_is_kept_apart(world: World) -> None:
    claimed = now()
    body = {
        "copy_ids": [world.copy],
        "person_id": world.bo_person,
        "occurred_at": claimed.isoformat(),
    }
    answer = caller(world)("POST", "/check-out", body)
    assert answer.status_code == 200, answer.content
    entry = journal.entries(world.ana, limit=1)[0]
    assert datetime.fromisoformat(entry.payload["occurred_at"]) == claimed
    assert claimed < entry.at <= now()
    assert entry.account_id == world.ana.account_id
    row = Entry.objects.get(workspace=world.workspace, sequence=entry.sequence)
    assert datetime.fromisoformat(json.loads(row.body)["at"]) == entry.at


def test_nothing_is_said_to_have_happened_in_the_future(world: World) -> None:
    tomorrow, before = now() + timedelta(days=1), journal.seal(world.ana)
    with pytest.raises(Invalid):
        custody.check_out(
            world.ana, copy_ids=[world.copy], person_id=world.bo_person, occurred_at=tomorrow
        )
    with pytest.raises(Invalid):
        custody.report_missing(world.ana, copy_ids=[world.copy], note="gone", happened_at=tomorrow)
    assert journal.seal(world.ana) == before


def test_a_file_cannot_write_the_past_or_another_name(world: World) -> None:
    """Days and names in a register are claims; each entry says who brought it in, and when."""
    began, before = now(), journal.seal(world.ana).sequence
    register = (
        b"Key,Copy,Holder,Date issued,at,account_id,channel\n"
        b"Q1,1,Bo,2019-05-06,2001-01-01,2,worker\n"
    )
    import_id = imports.upload(world.ana, register, "past.csv", site_name="Harbour House")
    try:
        imports.carry_out(world.ana, import_id)
    except KeysteadError:
        found = imports.opened(world.ana, import_id)
        pytest.fail(f"the register was not taken: {found.view}")
    written = Entry.objects.filter(workspace=world.workspace, sequence__gt=before)
    assert written.count() > 2
    for entry in written:
        assert began <= entry.at <= now()
        assert (entry.account_id, entry.channel) == (world.ana.account_id, "web")
    assert not Entry.objects.filter(at__lt=datetime(2026, 1, 1, tzinfo=UTC)).exists()
