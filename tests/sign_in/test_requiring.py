"""A workspace asks its members for a second factor."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry
from keystead.kernel.errors import Forbidden, Invalid
from keystead.people import access, links
from keystead.people import operations as people
from keystead.people.errors import OwnFactorFirst, SecondFactorNeeded
from keystead.people.models import Membership, SignInRule
from keystead.people.roles import Role
from tests.cast import ANA, BO, CY, World, member
from tests.sign_in.support import at_home, code_of, with_app
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


def require_of(world: World, wanted_for: str, grace_days: int = 0) -> None:
    people.require_second_factor(world.ana, wanted_for=wanted_for, grace_days=grace_days)


def a_year_ago() -> None:
    """As if everybody had joined long ago."""
    Membership.objects.update(since=now() - timedelta(days=365))


def test_an_owner_adds_their_own_first(world: World) -> None:
    for wanted_for in ("managers", "everybody"):
        with pytest.raises(OwnFactorFirst):
            require_of(world, wanted_for)
    with_app(world.ana)
    require_of(world, "everybody")


def test_whoever_has_none_can_do_nothing_but_add_one(world: World) -> None:
    with_app(world.ana)
    bo = Browser(BO)
    require_of(world, "everybody")
    page = bo.get(f"/w/{world.slug}/me")
    assert page.url == reverse("security")
    assert "This workspace asks for a second factor" in page.text
    with pytest.raises(SecondFactorNeeded):
        access.granted(world.bo)
    assert bo.get(reverse("workspaces")).status == 200
    with_app(world.bo)
    assert bo.get(f"/w/{world.slug}/me").status == 200


def test_managers_are_asked_and_holders_are_not(world: World) -> None:
    dee = member(world.ana, "Dee", Role.KEY_MANAGER)
    with_app(world.ana)
    require_of(world, "managers")
    assert access.granted(world.bo).everywhere
    with pytest.raises(SecondFactorNeeded):
        access.granted(dee)


def test_their_tokens_stop_as_well(world: World) -> None:
    secret = links.new_api_token()
    people.make_token(world.bo, name="phone", token=secret)
    actor = access.actor_of_token(secret.reveal(), world.slug, "api")
    assert actor is not None
    with_app(world.ana)
    require_of(world, "everybody")
    with pytest.raises(SecondFactorNeeded):
        access.granted(actor)
    answer = Browser().client.get(
        f"/api/v1/w/{world.slug}", headers={"Authorization": f"Bearer {secret.reveal()}"}
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "second-factor-needed"


def test_there_is_time_to_add_one_and_newcomers_have_as_long(world: World) -> None:
    with_app(world.ana)
    a_year_ago()
    require_of(world, "everybody", grace_days=7)
    assert access.granted(world.bo).everywhere
    SignInRule.objects.update(holds_from=now() - timedelta(minutes=1))
    with pytest.raises(SecondFactorNeeded):
        access.granted(world.bo)
    dee = member(world.ana, "Dee", Role.HOLDER)
    assert access.granted(dee).everywhere
    Membership.objects.filter(account_id=dee.account_id or 0).update(
        since=now() - timedelta(days=8)
    )
    with pytest.raises(SecondFactorNeeded):
        access.granted(dee)


def test_until_then_every_page_says_so(world: World) -> None:
    with_app(world.ana)
    require_of(world, "everybody", grace_days=7)
    page = Browser(BO).get(f"/w/{world.slug}/me")
    assert "Add a second factor to your sign-in" in page.text
    with_app(world.bo)
    bo = Browser(BO)
    assert bo.get(reverse("mfa_authenticate")).heading == "One more thing"


def test_other_workspaces_are_not_concerned(world: World) -> None:
    with_app(world.ana)
    require_of(world, "everybody")
    assert access.granted(world.cy).everywhere
    assert Browser(CY).get(f"/w/{world.elsewhere.slug}/").status == 200


def test_removing_the_factor_shuts_out_at_once(world: World) -> None:
    with_app(world.ana)
    with_app(world.bo)
    require_of(world, "everybody")
    assert access.granted(world.bo).everywhere
    row = Authenticator.objects.get(user_id=world.bo.account_id)
    people.remove_factor(at_home(world.bo), factor_id=row.pk)
    with pytest.raises(SecondFactorNeeded):
        access.granted(world.bo)


def test_only_owners_set_it_and_it_is_recorded(world: World) -> None:
    with_app(world.ana)
    with pytest.raises(Forbidden):
        people.require_second_factor(world.bo, wanted_for="nobody")
    require_of(world, "managers", grace_days=3)
    require_of(world, "managers", grace_days=3)
    entry = Entry.objects.get(name="people.second-factor-required")
    assert '"new_wanted_for":"managers"' in entry.body
    with pytest.raises(Invalid):
        require_of(world, "ghosts")
    with pytest.raises(Invalid):
        require_of(world, "managers", grace_days=400)


def test_it_is_set_on_a_page_of_the_settings(world: World) -> None:
    secret = with_app(world.ana)
    ana = Browser(ANA)
    ana.fill(reverse("mfa_authenticate"), reverse("mfa_authenticate"), code=code_of(secret))
    url = reverse("sign-in-rule", kwargs={"slug": world.slug})
    page = ana.fill(url, "", wanted_for="everybody", grace_days="14")
    assert page.url == reverse("settings", kwargs={"slug": world.slug})
    assert "Everybody here needs a second factor." in page.text


def test_without_ones_own_the_page_says_what_to_do(world: World) -> None:
    url = reverse("sign-in-rule", kwargs={"slug": world.slug})
    page = Browser(ANA).fill(url, "", wanted_for="everybody", grace_days="7")
    assert page.status == 409
    assert "Add a second factor to your own sign-in first" in page.text
