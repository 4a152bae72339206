"""Before and between workspaces: the first start, signing in, invitations, the theme."""

import logging
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry
from keystead.kernel.secret import Secret
from keystead.people import links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Account, Invitation, Membership
from keystead.people.roles import Role
from keystead.web.masking import HideLinks
from keystead.worker.sending import send_mail
from tests.cast import ANA, BO, CY, PASSWORD, World
from tests.support.browsing import Browser

pytestmark = pytest.mark.db

FIRST: dict[str, Any] = {
    "owner_name": "Ana",
    "email": "ana@house.example",
    "password": PASSWORD.reveal(),
    "workspace_name": "Maple Street 12",
    "template": "household",
    "time_zone": "Europe/Vienna",
    "locale": "en-GB",
}


def test_an_empty_installation_leads_to_the_first_start() -> None:
    page = Browser().get("/")
    assert page.url == reverse("start")
    assert page.heading == "Which key opens what, and who has it"
    assert "Europe/Vienna" in page.body
    assert '<optgroup label="Europe">' in page.body


def test_the_first_owner_signs_up_and_is_in_at_once() -> None:
    ana = Browser()
    page = ana.fill(reverse("start"), **FIRST)
    assert page.url == reverse("today", kwargs={"slug": "maple-street-12"})
    account = Account.objects.get()
    assert account.email == "ana@house.example"
    assert account.is_operator
    assert account.password.startswith("argon2")


def test_the_first_start_sent_twice_makes_one_workspace_and_lets_both_in() -> None:
    ana, again = Browser(), Browser()
    form = ana.get(reverse("start")).form()
    first = ana.send(form, **FIRST)
    token = again.get(reverse("account_login")).form().values["csrfmiddlewaretoken"]
    second = again.send(
        replace(form, values={**form.values, "csrfmiddlewaretoken": token}), **FIRST
    )
    assert first.url == second.url
    assert Account.objects.count() == 1


def test_what_the_sign_up_did_is_told_of_the_owner() -> None:
    ana = Browser()
    ana.fill(reverse("start"), **FIRST)
    page = ana.get(reverse("journal", kwargs={"slug": "maple-street-12"}))
    assert "Ana added Key hooks" in page.text
    assert "start added" not in page.text


def test_a_weak_password_is_explained_on_its_field_and_the_rest_is_kept() -> None:
    page = Browser().fill(reverse("start"), **FIRST | {"password": "short"})
    assert page.status == 422
    assert "too short" in page.text
    assert page.form().values["workspace_name"] == "Maple Street 12"
    assert "short" not in page.form().values["password"]
    assert not Account.objects.exists()


def test_a_zone_that_does_not_exist_is_refused() -> None:
    page = Browser().fill(reverse("start"), **FIRST | {"time_zone": "Mars/Olympus"})
    assert page.status == 422
    assert not Account.objects.exists()


def test_once_somebody_has_an_account_the_start_is_closed(world: World) -> None:
    assert Browser().get(reverse("start")).status == 404
    assert Browser().get("/").url == reverse("account_login")


def test_one_workspace_opens_itself_and_several_ask(world: World) -> None:
    assert Browser(BO).get("/").url == reverse("me", kwargs={"slug": world.slug})
    invitation = links.new_token()
    people.invite(
        world.cy,
        person_id=people.add_person(world.cy, name="Ana"),
        role=Role.AUDITOR,
        token=invitation,
    )
    ana = Browser(ANA)
    ana.fill(reverse("invitation", kwargs={"token": invitation.reveal()}))
    page = ana.get("/")
    assert page.url == reverse("workspaces")
    assert "Harbour House" in page.text
    assert "Elsewhere" in page.text


def test_whoever_belongs_nowhere_is_told_what_to_do(world: World) -> None:
    for member in people_queries.members(world.cy):
        if member.email != CY:
            people.remove_member(world.cy, membership_id=member.membership_id)
    cy = Browser(CY)
    Membership.objects.filter(account__email=CY).update(ended_at=now())
    page = cy.get("/")
    assert page.heading == "You belong to no workspace"
    assert "invitation" in page.text


def test_the_operator_starts_another_workspace(world: World) -> None:
    ana = Browser(ANA)
    page = ana.fill(
        reverse("workspace-new"),
        owner_name="Ana",
        workspace_name="Boat",
        template="empty",
        time_zone="Europe/London",
        locale="en",
    )
    assert page.url == reverse("today", kwargs={"slug": "boat"})
    assert "Boat is there." in page.text


def test_nobody_else_starts_a_workspace(world: World) -> None:
    assert Browser(BO).get(reverse("workspace-new")).status == 403


# --- signing in -----------------------------------------------------------------------------


def test_whoever_is_not_signed_in_signs_in_and_comes_back(world: World) -> None:
    somebody = Browser()
    wanted = reverse("search", kwargs={"slug": world.slug}) + "?q=AA"
    page = somebody.get(wanted)
    assert page.heading == "Sign in"
    form = page.form(reverse("account_login"))
    back = somebody.send(form, login=ANA, password=PASSWORD.reveal())
    assert back.url == wanted


def test_a_wrong_password_says_nothing_about_the_account(world: World) -> None:
    texts = set()
    for email in (ANA, "nobody@house.example"):
        page = Browser().fill(reverse("account_login"), login=email, password="wrong wrong wrong")
        texts.add(page.text)
        assert page.url == reverse("account_login")
    assert len(texts) == 1


def test_guessing_a_password_is_stopped(world: World) -> None:
    somebody = Browser()
    wrong: dict[str, Any] = {"login": ANA, "password": "wrong wrong wrong"}
    page = [somebody.fill(reverse("account_login"), **wrong) for _ in range(11)][-1]
    right = somebody.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert right.url == reverse("account_login")
    assert "Too many" in page.text


def test_signing_out_ends_the_session(world: World) -> None:
    ana = Browser(ANA)
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    assert ana.get(reverse("workspaces")).heading == "Sign in"


def test_changing_the_password_is_recorded_without_it(world: World) -> None:
    bo = Browser(BO)
    page = bo.fill(
        reverse("account_change_password"),
        password="iron hooks hold better",
    )
    assert page.url == reverse("security")
    entry = Entry.objects.filter(workspace_id=0, name="people.password-changed").get()
    assert "iron" not in entry.body
    assert (
        Browser()
        .fill(reverse("account_login"), login=BO, password="iron hooks hold better")
        .url.startswith(reverse("me", kwargs={"slug": world.slug}))
    )


def test_a_forgotten_password_is_replaced_by_mail(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    somebody = Browser()
    page = somebody.fill(reverse("account_reset_password"), email=BO)
    assert page.heading == "Look into your mail"
    send_mail()
    message = mailoutbox[0]
    assert message.to == [BO]
    link = re.search(r"http://testserver(/password/new/\S+)", str(message.body))
    assert link
    form = somebody.get(link[1]).form("/password/new/")
    done = somebody.send(form, password="iron hooks hold better")
    assert done.heading == "Your password is changed"
    assert somebody.get(link[1]).heading == "This link is no longer good"


def test_an_unknown_address_gets_no_mail_and_the_same_answer(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    page = Browser().fill(reverse("account_reset_password"), email="nobody@house.example")
    assert page.heading == "Look into your mail"
    send_mail()
    assert mailoutbox == []


# --- invitations ----------------------------------------------------------------------------


def invited(world: World, name: str = "Dee", role: Role = Role.KEY_MANAGER) -> str:
    token = links.new_token()
    people.invite_new_person(world.ana, name=name, role=role, token=token, email="dee@h.example")
    return reverse("invitation", kwargs={"token": token.reveal()})


def test_opening_an_invitation_changes_nothing(world: World) -> None:
    url = invited(world)
    for _ in range(2):
        page = Browser().get(url)
        assert page.heading == "Harbour House invites you"
        assert "as Dee, key manager" in page.text
        assert page.form().values["email"] == "dee@h.example"
    assert Invitation.objects.get(email="dee@h.example").used_at is None


def test_an_invitation_is_accepted_with_a_new_login(world: World) -> None:
    dee = Browser()
    page = dee.fill(invited(world), password=PASSWORD.reveal())
    assert page.url == reverse("today", kwargs={"slug": world.slug})
    assert dee.get(reverse("places", kwargs={"slug": world.slug})).status == 200


def test_an_invitation_is_accepted_with_the_login_at_hand(world: World) -> None:
    url = invited(world)
    cy = Browser(CY)
    page = cy.get(url)
    assert "You are signed in as cy@elsewhere.example" in page.text
    assert cy.send(page.form(), using="this").url == reverse("today", kwargs={"slug": world.slug})


def test_an_invitation_sent_twice_counts_once(world: World) -> None:
    dee = Browser()
    form = dee.get(invited(world)).form()
    dee.send(form, password=PASSWORD.reveal())
    again = Browser()
    token = again.get(reverse("account_login")).form().values["csrfmiddlewaretoken"]
    values = {**form.values, "csrfmiddlewaretoken": token}
    second = again.send(replace(form, values=values), password=PASSWORD.reveal())
    assert second.url == reverse("today", kwargs={"slug": world.slug})
    assert Account.objects.filter(email="dee@h.example").count() == 1


def test_a_known_address_is_sent_to_the_sign_in(world: World) -> None:
    page = Browser().fill(invited(world), email=BO, password=PASSWORD.reveal())
    assert page.status == 409
    assert "Sign in, then open the link again" in page.text


@pytest.mark.parametrize("reason", ["used", "withdrawn", "expired", "made up"])
def test_an_invitation_that_is_gone_says_whom_to_ask(world: World, reason: str) -> None:
    url = invited(world)
    row = Invitation.objects.get(email="dee@h.example")
    if reason == "used":
        Browser().fill(url, password=PASSWORD.reveal())
    elif reason == "withdrawn":
        people.withdraw_invitation(world.ana, invitation_id=row.pk)
    elif reason == "expired":
        Invitation.objects.filter(pk=row.pk).update(expires_at=now() - timedelta(minutes=1))
    else:
        url = reverse("invitation", kwargs={"token": "no-such-token"})
    page = Browser().get(url)
    assert page.status == 404
    assert page.heading == "This invitation is no longer good"
    assert "Ask whoever sent it for a new link." in page.text


def test_too_many_tries_at_invitations_are_stopped(world: World) -> None:
    url = invited(world)
    somebody = Browser()
    statuses = [somebody.fill(url, password="short").status for _ in range(22)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_no_secret_link_reaches_the_logs() -> None:
    shown = HideLinks()
    record = logging.LogRecord(
        "django.request",
        logging.WARNING,
        "",
        0,
        "%s: %s",
        ("Not Found", "/invitation/abc-D_1?x"),
        None,
    )
    assert shown.filter(record)
    assert record.getMessage() == "Not Found: /invitation/•••?x"
    logged: Any = settings.LOGGING
    assert "links" in logged["handlers"]["console"]["filters"]


# --- theme and errors -----------------------------------------------------------------------


def test_the_theme_is_a_cookie_and_leads_back(world: World) -> None:
    ana = Browser(ANA)
    here = reverse("places", kwargs={"slug": world.slug})
    page = ana.fill(here, reverse("theme"), theme="dark")
    assert page.url == here
    assert 'data-theme="dark"' in page.body
    page = ana.fill(here, reverse("theme"), theme="system")
    assert "data-theme" not in page.body


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_the_theme_form_leads_nowhere_else(elsewhere: str) -> None:
    answer = Client().post(reverse("theme"), {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/"


def test_an_address_that_does_not_exist_says_so_in_words(world: World) -> None:
    page = Browser(ANA).get("/nowhere")
    assert page.status == 404
    assert page.heading == "There is nothing here"


def test_a_wrong_method_is_refused_in_words(world: World) -> None:
    page = Browser(ANA).post(reverse("places", kwargs={"slug": world.slug}))
    assert page.status == 405
    assert page.heading == "This cannot be done this way"


def test_a_form_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": ANA, "password": "x"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_a_mistake_of_the_program_shows_nothing_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(Secret("4711").reveal())

    monkeypatch.setattr("keystead.web.places.place_queries.sites", broken)
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(email=ANA))
    answer = client.get(reverse("places", kwargs={"slug": world.slug}))
    assert answer.status_code == 500
    assert "4711" not in answer.content.decode()
    assert "Keystead made a mistake" in answer.content.decode()


def test_every_page_forbids_inline_script_and_caches(world: World) -> None:
    client = Client()
    client.force_login(Account.objects.get(email=ANA))
    answer = client.get(reverse("places", kwargs={"slug": world.slug}))
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
