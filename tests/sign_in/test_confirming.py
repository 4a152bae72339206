"""One mechanism asks again for a factor, wherever an operation demands it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.operation import VERBS
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import StepUpNeeded
from keystead.kernel.secret import Secret
from keystead.people import factors, links
from keystead.people import operations as people
from keystead.people.models import ApiToken, Membership
from keystead.people.roles import Role
from keystead.web.forms import sign_in as forms
from tests.cast import ANA, BO, PASSWORD, World
from tests.sign_in.support import at_home, code_of, with_app, wrong_code
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


def make_token(actor: Actor) -> None:
    people.make_token(actor, name="script", token=links.new_api_token())


def grown_old(browser: Browser, minutes: int = 11) -> None:
    """As if the factor had been shown so many minutes ago."""
    session = browser.client.session
    session["factor-at"] = (now() - timedelta(minutes=minutes)).timestamp()
    session.save()


def test_the_operations_that_ask_for_a_factor() -> None:
    asking = {name for name, verb in VERBS.items() if verb.step_up}
    assert asking >= {
        "people.add_app",
        "people.add_passkey",
        "people.ask_for_new_email",
        "people.change_password",
        "people.change_role",
        "people.make_token",
        "people.remove_factor",
        "people.renew_recovery_codes",
        "people.require_second_factor",
    }


@pytest.mark.parametrize("shown", [None, timedelta(minutes=11), timedelta(days=2)])
def test_without_a_factor_shown_lately_it_is_refused(world: World, shown: timedelta | None) -> None:
    factor_at = None if shown is None else now() - shown
    with pytest.raises(StepUpNeeded):
        make_token(replace(world.ana, factor_at=factor_at))
    assert not ApiToken.objects.exists()
    make_token(replace(world.ana, factor_at=now() - timedelta(minutes=9)))


@pytest.mark.parametrize("channel", ["api", "cli"])
def test_a_token_never_satisfies_it(world: World, channel: Any) -> None:
    caller = replace(world.ana, channel=channel, token_id=1, factor_at=now())
    with pytest.raises(StepUpNeeded, match="in the browser"):
        make_token(caller)
    bo = Membership.objects.get(account__email=BO)
    with pytest.raises(StepUpNeeded, match="in the browser"):
        people.change_role(caller, membership_id=bo.pk, role=Role.OWNER)


def test_an_owner_is_invited_only_by_somebody_who_showed_a_factor(world: World) -> None:
    person = people.add_person(world.ana, name="Dee")
    old = replace(world.ana, factor_at=None)
    with pytest.raises(StepUpNeeded):
        people.invite(old, person_id=person, role=Role.OWNER, token=links.new_token())
    people.invite(old, person_id=person, role=Role.HOLDER, token=links.new_token())


def test_the_system_needs_no_factor(world: World) -> None:
    bo = Membership.objects.get(account__email=BO)
    people.change_role(
        system(world.workspace, "tests", local=True), membership_id=bo.pk, role=Role.AUDITOR
    )


# --- in the browser -------------------------------------------------------------------------


def test_a_form_is_reached_after_confirming_and_nothing_repeats_by_itself(world: World) -> None:
    ana, wanted = Browser(ANA), f"/w/{world.slug}/tokens/add"
    grown_old(ana)
    asked = ana.get(wanted)
    assert asked.heading == "Confirm that it is you"
    back = ana.send(asked.form(reverse("confirm")), password=PASSWORD.reveal())
    assert back.url == wanted
    grown_old(ana)
    asked = ana.send(back.form(), name="script", scope="all", lasts="30")
    assert asked.heading == "Confirm that it is you"
    back = ana.send(asked.form(reverse("confirm")), password=PASSWORD.reveal())
    assert back.url == wanted
    assert not ApiToken.objects.exists()


def test_a_wrong_password_does_not_confirm(world: World) -> None:
    ana = Browser(ANA)
    grown_old(ana)
    page = ana.fill(reverse("confirm"), reverse("confirm"), password="not this one")
    assert page.status == 422
    assert ana.get(f"/w/{world.slug}/tokens/add").heading == "Confirm that it is you"


def test_with_a_second_factor_a_password_is_not_enough(world: World) -> None:
    ana = Browser(ANA)
    secret = with_app(world.ana)
    grown_old(ana)
    page = ana.get(reverse("confirm"))
    assert "password" not in page.form(reverse("confirm")).values
    page = ana.send(page.form(reverse("confirm")), password=PASSWORD.reveal())
    assert page.status == 422
    assert ana.get(reverse("passkey-add")).heading == "Confirm that it is you"
    page = ana.fill(reverse("confirm"), reverse("confirm"), code=code_of(secret))
    assert page.url == reverse("security")


def test_a_code_used_to_confirm_is_used_up(world: World) -> None:
    ana, secret = Browser(ANA), with_app(world.ana)
    code = code_of(secret)
    ana.fill(reverse("confirm"), reverse("confirm"), code=code)
    page = ana.fill(reverse("confirm"), reverse("confirm"), code=code)
    assert page.status == 422


def test_confirming_shares_the_count_of_the_sign_in(world: World) -> None:
    ana = Browser(ANA)
    for _ in range(10):
        ana.fill(reverse("confirm"), reverse("confirm"), password="not this one")
    page = ana.fill(reverse("confirm"), reverse("confirm"), password=PASSWORD.reveal())
    assert page.status == 429
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    page = ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert str(forms.TOO_MANY) in page.text


def test_codes_to_confirm_share_the_count_of_codes(world: World) -> None:
    ana, secret = Browser(ANA), with_app(world.ana)
    for _ in range(10):
        ana.fill(reverse("confirm"), reverse("confirm"), code=wrong_code(secret))
    other = Browser(ANA)
    page = other.fill(
        reverse("mfa_authenticate"), reverse("mfa_authenticate"), code=code_of(secret)
    )
    assert str(forms.TOO_MANY) in page.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_confirming_leads_nowhere_else(world: World, elsewhere: str) -> None:
    ana = Browser(ANA)
    form = ana.get(reverse("confirm")).form(reverse("confirm"))
    page = ana.send(form, password=PASSWORD.reveal(), next=elsewhere)
    assert page.url == reverse("security")


OWN: list[tuple[str, Callable[[Actor], Any]]] = [
    ("app", lambda by: people.add_app(by, secret=Secret("A" * 32), step=1)),
    ("codes", people.renew_recovery_codes),
    ("remove", lambda by: people.remove_factor(by, factor_id=1)),
    (
        "password",
        lambda by: people.change_password(by, password_hash=Secret("x"), session_id=None),
    ),
    (
        "e-mail",
        lambda by: people.ask_for_new_email(by, email="a@b.example", origin="http://testserver"),
    ),
]


@pytest.mark.parametrize(("what", "act"), OWN)
def test_ones_own_sign_in_changes_only_after_confirming(
    world: World, what: str, act: Callable[[Actor], Any]
) -> None:
    stale = Actor(workspace_id=INSTALLATION, channel="web", account_id=world.ana.account_id)
    with pytest.raises(StepUpNeeded):
        act(stale)
    assert not factors.has_second(world.ana.account_id or 0)
    assert at_home(world.ana).showed_factor(now())
