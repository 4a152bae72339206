"""Sessions: what is kept, how long they last, and what ends them with the next request."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry, Workspace
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import NotFound
from keystead.people import access, links
from keystead.people import operations as people
from keystead.people.models import Account, ApiToken, Membership, Session
from keystead.people.roles import Role
from tests.cast import ANA, BO, CY, PASSWORD, World, member
from tests.sign_in.support import account_of, at_home
from tests.support.browsing import Browser

pytestmark = pytest.mark.db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def key_of(browser: Browser) -> str:
    return browser.client.cookies[settings.SESSION_COOKIE_NAME].value


def is_signed_in(browser: Browser) -> bool:
    return browser.get(reverse("workspaces")).heading != "Sign in"


def sessions_of(email: str) -> Any:
    return Session.objects.filter(account__email=email)


def token_of(world: World, who: str = "bo") -> str:
    secret = links.new_api_token()
    people.make_token(getattr(world, who), name="phone", token=secret)
    return secret.reveal()


def test_only_a_hash_of_the_cookie_is_kept(world: World) -> None:
    ana = Browser(ANA)
    row = sessions_of(ANA).get()
    assert key_of(ana) not in f"{row.key_hash} {row.data}"


def test_neither_agent_nor_address_is_kept(world: World) -> None:
    ana = Browser()
    ana.client.defaults["HTTP_USER_AGENT"] = FIREFOX
    ana.client.defaults["REMOTE_ADDR"] = "192.0.2.99"
    ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    row = sessions_of(ANA).get()
    assert row.device == "Firefox · Linux"
    kept = f"{row.data} {ana.client.session.items()} {list(Entry.objects.values_list('body'))}"
    assert "192.0.2.99" not in kept
    assert "Mozilla" not in kept
    assert "Firefox · Linux" in ana.get(reverse("security")).text


def test_signing_in_gives_a_new_key_and_one_brought_along_is_worth_nothing(world: World) -> None:
    ana = Browser()
    ana.get(reverse("passkey-sign-in"))
    before = key_of(ana)
    ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert key_of(ana) != before
    thief = Browser()
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_signed_in(thief)
    invented = Browser()
    invented.client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    invented.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert key_of(invented) != "a" * 32


def test_confirming_gives_a_new_key(world: World) -> None:
    ana = Browser(ANA)
    before = key_of(ana)
    ana.fill(reverse("confirm"), reverse("confirm"), password=PASSWORD.reveal())
    assert key_of(ana) != before
    thief = Browser()
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_signed_in(thief)
    assert sessions_of(ANA).count() == 1


@pytest.mark.parametrize("column", ["used_at", "began_at"])
@pytest.mark.parametrize("is_own", [False, True])
def test_a_session_ends_when_it_lay_idle_or_lasted_long_enough(
    world: World, column: str, is_own: bool
) -> None:
    ana = Browser()
    form = ana.get(reverse("account_login")).form(reverse("account_login"))
    if is_own:
        form.values["remember"] = "on"
    ana.send(form, login=ANA, password=PASSWORD.reveal())
    idle, lasts = (
        (settings.OWN_DEVICE_IDLE, settings.OWN_DEVICE_LASTS)
        if is_own
        else (settings.SESSION_IDLE, settings.SESSION_LASTS)
    )
    limit = idle if column == "used_at" else lasts
    almost, over = limit - timedelta(minutes=1), limit + timedelta(seconds=1)
    sessions_of(ANA).update(**{column: now() - almost})
    assert is_signed_in(ana)
    sessions_of(ANA).update(**{column: now() - over})
    assert not is_signed_in(ana)
    assert not sessions_of(ANA).exists()


def test_a_shared_computer_forgets_when_its_browser_is_closed(world: World) -> None:
    shared, own = Browser(ANA), Browser()
    own.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal(), remember="on")
    assert not shared.client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    lasts = own.client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert lasts == settings.OWN_DEVICE_LASTS.total_seconds()


def test_use_is_noted_now_and_then_so_that_reading_seldom_writes(world: World) -> None:
    ana = Browser(ANA)
    first = sessions_of(ANA).get().used_at
    ana.get(reverse("workspaces"))
    assert sessions_of(ANA).get().used_at == first
    sessions_of(ANA).update(used_at=now() - timedelta(minutes=10))
    ana.get(reverse("workspaces"))
    assert now() - sessions_of(ANA).get().used_at < timedelta(minutes=1)


def test_sessions_are_listed_and_ended_one_by_one_and_all_others(world: World) -> None:
    here, phone, desk = Browser(ANA), Browser(ANA), Browser(ANA)
    page = here.get(reverse("security"))
    assert "Where you are signed in 3" in page.text
    phone_id = Session.objects.order_by("pk")[1].pk
    here.fill(reverse("security"), reverse("session-end", kwargs={"session_id": phone_id}))
    assert not is_signed_in(phone)
    assert is_signed_in(desk)
    here.fill(reverse("security"), reverse("sessions-end"))
    assert not is_signed_in(desk)
    assert is_signed_in(here)
    names = Entry.objects.filter(workspace_id=INSTALLATION).values_list("name", flat=True)
    assert list(names).count("people.sessions-ended") == 2


def test_nobody_ends_somebody_elses_session(world: World) -> None:
    ana = Browser(ANA)
    number = sessions_of(ANA).get().pk
    with pytest.raises(NotFound):
        people.end_session(at_home(world.bo), session_id=number)
    assert is_signed_in(ana)


def test_signing_out_kills_the_cookie(world: World) -> None:
    ana = Browser(ANA)
    kept = key_of(ana)
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    thief = Browser()
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not is_signed_in(thief)


def test_a_new_password_ends_all_other_sessions_and_all_tokens(world: World) -> None:
    token = token_of(world)
    here, elsewhere = Browser(BO), Browser(BO)
    here.fill(reverse("account_change_password"), password="iron hooks hold better")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert access.actor_of_token(token, world.slug, "api") is None
    entries = Entry.objects.filter(workspace_id=world.workspace, name="people.token-withdrawn")
    assert entries.count() == 1


def test_a_closed_account_is_out_with_its_next_request(world: World) -> None:
    token, bo = token_of(world), Browser(BO)
    Account.objects.filter(email=BO).update(is_active=False)
    assert not is_signed_in(bo)
    assert access.actor_of_token(token, world.slug, "api") is None
    page = Browser().fill(reverse("account_login"), login=BO, password=PASSWORD.reveal())
    assert page.url == reverse("account_login")


def test_who_belongs_nowhere_any_more_is_signed_out_everywhere(world: World) -> None:
    token, bo = token_of(world), Browser(BO)
    mine = Membership.objects.get(account__email=BO, ended_at=None)
    people.remove_member(world.ana, membership_id=mine.pk)
    assert not is_signed_in(bo)
    assert access.actor_of_token(token, world.slug, "api") is None
    assert not sessions_of(BO).exists()


def test_who_still_belongs_elsewhere_stays_signed_in_there(world: World) -> None:
    invitation = links.new_token()
    person = people.add_person(world.cy, name="Bo")
    people.invite(world.cy, person_id=person, role=Role.HOLDER, token=invitation)
    bo = Browser(BO)
    bo.fill(reverse("invitation", kwargs={"token": invitation.reveal()}))
    mine = Membership.objects.get(account__email=BO, workspace_id=world.workspace, ended_at=None)
    people.remove_member(world.ana, membership_id=mine.pk)
    assert is_signed_in(bo)
    assert bo.get(f"/w/{world.slug}/me").status == 404
    assert bo.get(f"/w/{world.elsewhere.slug}/me").status == 200


def test_a_smaller_role_holds_for_the_next_request_of_browser_and_token(world: World) -> None:
    dee = member(world.ana, "Dee", Role.KEY_MANAGER, email="dee@harbour.example")
    secret = links.new_api_token()
    people.make_token(dee, name="script", token=secret)
    browser = Browser("dee@harbour.example")
    assert browser.get(f"/w/{world.slug}/desk").status == 200
    hers = Membership.objects.get(account_id=dee.account_id or 0)
    people.change_role(world.ana, membership_id=hers.pk, role=Role.HOLDER)
    assert browser.get(f"/w/{world.slug}/desk").status == 403
    actor = access.actor_of_token(secret.reveal(), world.slug, "api")
    assert actor is not None
    assert access.granted(actor).everywhere == access.granted(world.bo).everywhere


def test_a_session_ended_while_a_page_is_made_is_not_brought_back(world: World) -> None:
    ana = Browser(ANA)
    store = ana.client.session
    store["something"] = 1
    sessions_of(ANA).delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not sessions_of(ANA).exists()


def test_the_day_a_token_was_last_used_is_kept(world: World) -> None:
    token = token_of(world)
    assert ApiToken.objects.get().used_on is None
    access.actor_of_token(token, world.slug, "api")
    assert ApiToken.objects.get().used_on == now().date()


def test_a_password_change_writes_no_password_anywhere(world: World) -> None:
    bo = Browser(BO)
    bo.fill(reverse("account_change_password"), password="iron hooks hold better")
    assert account_of(world.bo).check_password("iron hooks hold better")
    assert not Entry.objects.filter(body__contains="iron").exists()
    assert CY not in bo.get(reverse("security")).body


def test_the_list_of_sessions_speaks_in_the_zone_of_where_one_belongs(world: World) -> None:
    Workspace.objects.filter(pk=world.workspace).update(time_zone="Asia/Tokyo")
    page = Browser(ANA).get(reverse("security"))
    assert "+09:00" in page.body
    assert "+00:00" not in page.body
