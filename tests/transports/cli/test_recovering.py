"""A new password for somebody who lost theirs, and no way around the journal."""

import re

import pytest
from django.test import Client

from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, system
from tests.cast import BO, PASSWORD, World
from tests.transports.cli.terminal import Typed

pytestmark = pytest.mark.db

NEW = "another brass hook 77"
RUNNER = system(INSTALLATION, "tests", local=True)


def told() -> list[journal.Told]:
    return journal.entries(RUNNER, limit=3)


def can_sign_in(password: str) -> bool:
    browser = Client()
    browser.post("/sign-in", {"login": BO, "password": password})
    return "_auth_user_id" in browser.session


def test_a_password_is_asked_for_twice_and_set(anonymous: Typed, world: World) -> None:
    before = Client()
    before.post("/sign-in", {"login": BO, "password": PASSWORD.reveal()})
    assert before.get("/workspaces").status_code == 200
    result = anonymous("recover", BO.upper(), typed=f"{NEW}\n{NEW}\n")
    assert result.exit_code == 0, result.output
    assert NEW not in result.output
    assert can_sign_in(NEW)
    assert not can_sign_in(PASSWORD.reveal())
    assert before.get("/workspaces").status_code == 302, "sessions of before are over"


def test_the_installations_journal_tells_of_it_without_any_name(
    anonymous: Typed, world: World
) -> None:
    anonymous("recover", BO, typed=f"{NEW}\n{NEW}\n")
    entry = told()[0]
    assert entry.name == "people.password-set"
    assert (entry.channel, entry.system, entry.account_id) == ("local", "recover", None)
    assert entry.payload == {"recovered_account_id": world.bo.account_id}


@pytest.mark.parametrize(
    ("typed", "code"), [(f"{NEW}\nother\n{NEW}\n\n", 1), ("short\nshort\n", 2)]
)
def test_a_password_that_is_no_good_changes_nothing(
    typed: str, code: int, anonymous: Typed, world: World
) -> None:
    before = journal.seal(RUNNER)
    assert anonymous("recover", BO, typed=typed).exit_code == code
    assert journal.seal(RUNNER) == before


def test_nobody_signs_in_with_that_address(anonymous: Typed, world: World) -> None:
    result = anonymous("recover", "nobody@harbour.example", typed=f"{NEW}\n{NEW}\n")
    assert result.exit_code == 3
    assert "Nobody signs in" in result.stderr
    assert "New password" not in result.stdout, "nothing is asked for"


def test_a_link_is_good_for_one_new_password(anonymous: Typed, world: World) -> None:
    result = anonymous("recover", BO, "--link", "--url", "https://keys.example/")
    assert result.exit_code == 0, result.output
    path = re.search(r"https://keys\.example(/password/new/\S+)", result.stdout)
    assert path is not None
    assert told()[0].name == "people.recovery-link-made"
    assert path[1].rsplit("-", 1)[-1] not in str(told()[0].payload)
    browser = Client()
    form = browser.get(path[1], follow=True)
    here = form.redirect_chain[-1][0]
    answer = browser.post(here, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert can_sign_in(NEW)
    assert told()[0].name in {"people.signed-in", "people.password-changed"}
    again = Client().get(path[1], follow=True)
    assert "password1" not in again.content.decode(), "it is used up"


@pytest.mark.parametrize(
    ("command", "named"),
    [("changepassword", "keystead recover EMAIL"), ("createsuperuser", "keystead member invite")],
)
def test_management_commands_that_tell_no_journal_are_refused(
    command: str, named: str, anonymous: Typed, world: World
) -> None:
    result = anonymous("manage", command, BO)
    assert result.exit_code == 2
    assert named in result.stderr
