"""What API tokens are limited to, who ends them, and what is told by mail."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry, Installation
from keystead.kernel.errors import Forbidden, Invalid
from keystead.kernel.rights import Right
from keystead.notify.models import Delivery
from keystead.people import access, links
from keystead.people import operations as people
from keystead.people.models import ApiToken
from keystead.people.roles import AT_THE_DESK, READING, ROLES, Role
from keystead.worker.sending import send_mail
from tests.cast import ANA, BO, PASSWORD, World
from tests.sign_in.support import at_home, code_of, with_app, with_codes
from tests.support.browsing import Browser

pytestmark = pytest.mark.db


def rights_of_token(world: World, text: str) -> frozenset[Right]:
    actor = access.actor_of_token(text, world.slug, "api")
    assert actor is not None
    return access.granted(actor).everywhere


def made_on_the_page(world: World, **values: Any) -> str:
    url = reverse("token-add", kwargs={"slug": world.slug})
    page = Browser(ANA).fill(url, "", name="script", lasts="30", **values)
    return page.body.split('id="shown-once" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("values", "rights"),
    [
        ({"scope": "read"}, READING),
        ({"scope": "desk"}, AT_THE_DESK),
        ({"scope": "all"}, ROLES[Role.OWNER]),
        ({"scope": "chosen", "chosen": "export"}, frozenset({Right.EXPORT})),
    ],
)
def test_a_token_may_do_what_was_chosen(
    world: World, values: dict[str, str], rights: frozenset[Right]
) -> None:
    assert rights_of_token(world, made_on_the_page(world, **values)) == rights


def test_a_token_never_has_more_than_its_account(world: World) -> None:
    secret = links.new_api_token()
    people.make_token(world.bo, name="phone", token=secret, rights=frozenset(Right))
    assert rights_of_token(world, secret.reveal()) == ROLES[Role.HOLDER]


def test_choosing_nothing_is_refused(world: World) -> None:
    url = reverse("token-add", kwargs={"slug": world.slug})
    page = Browser(ANA).fill(url, "", name="script", lasts="30", scope="chosen")
    assert page.status == 422
    with pytest.raises(Invalid):
        people.make_token(world.ana, name="x", token=links.new_api_token(), rights=())


def test_a_limited_token_is_refused_what_it_is_not_for(world: World) -> None:
    reader = replace(world.ana, channel="api", token_id=1, only=READING)
    with pytest.raises(Forbidden):
        people.add_firm(reader, name="Firm")


def test_owners_see_and_end_everybodys_tokens(world: World) -> None:
    secret = links.new_api_token()
    people.make_token(world.bo, name="phone of Bo", token=secret)
    ana = Browser(ANA)
    url = reverse("tokens", kwargs={"slug": world.slug})
    page = ana.get(url)
    assert "Other people's 1" in page.text.replace("’", "'")
    assert "phone of Bo" in page.text
    ana.fill(url, "/withdraw")
    assert access.actor_of_token(secret.reveal(), world.slug, "api") is None
    assert "phone of Bo" not in Browser(BO).get(url).text or ApiToken.objects.get().withdrawn_at


def test_others_see_only_their_own_tokens(world: World) -> None:
    people.make_token(world.ana, name="secret plan", token=links.new_api_token())
    url = reverse("tokens", kwargs={"slug": world.slug})
    assert "secret plan" not in Browser(BO).get(url).text


# --- letters --------------------------------------------------------------------------------


def subjects(mailoutbox: list[EmailMessage]) -> list[str]:
    send_mail()
    return [str(message.subject) for message in mailoutbox]


def test_a_sign_in_on_a_new_device_is_told_and_one_on_a_known_device_is_not(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    ana = Browser()
    ana.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"
    ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert subjects(mailoutbox) == ["A new sign-in to Keystead"]
    assert "Safari · iPhone" in mailoutbox[0].body
    assert "127.0.0.1" not in mailoutbox[0].body
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert len(subjects(mailoutbox)) == 1
    entries = Entry.objects.filter(name="people.signed-in").order_by("sequence")
    assert ['"new_device":true' in entry.body for entry in entries] == [True, False]


def test_whoever_has_just_joined_is_not_told_of_their_first_sign_in(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    token = links.new_token()
    people.invite_new_person(world.ana, name="Dee", role=Role.HOLDER, token=token)
    url = reverse("invitation", kwargs={"token": token.reveal()})
    Browser().fill(url, "", email="dee@house.example", password=PASSWORD.reveal())
    assert subjects(mailoutbox) == []


def test_changes_of_the_sign_in_are_told(world: World, mailoutbox: list[EmailMessage]) -> None:
    with_app(world.bo)
    assert subjects(mailoutbox) == ["Something was added to your sign-in"]
    assert mailoutbox[0].to == [BO]
    hashed = people.hashed(PASSWORD, BO)
    people.change_password(at_home(world.bo), password_hash=hashed, session_id=None)
    assert subjects(mailoutbox)[1:] == ["Your password for Keystead was changed"]


def test_a_used_recovery_code_is_told(world: World, mailoutbox: list[EmailMessage]) -> None:
    codes = with_codes(world.ana)
    ana = Browser(ANA)
    ana.fill(reverse("mfa_authenticate"), reverse("mfa_authenticate"), code=codes[0])
    assert "A recovery code was used" in subjects(mailoutbox)
    assert not any(code in str(message.body) for message in mailoutbox for code in codes)


def test_a_letter_that_cannot_be_sent_waits(
    world: World, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    with_app(world.ana)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send_mail()
    assert Delivery.objects.get().attempts == 1
    Delivery.objects.update(next_at=now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert subjects(mailoutbox) == ["Something was added to your sign-in"]
    assert not Delivery.objects.exists()


def test_a_copy_that_is_held_back_sends_nothing(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    with_app(world.ana)
    Installation.objects.update(quarantined_at=now())
    assert subjects(mailoutbox) == []
    assert Delivery.objects.count() == 1


def test_an_older_code_stays_out_of_the_letters(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    secret = with_app(world.ana)
    send_mail()
    assert secret not in str(mailoutbox[0].body)
    assert code_of(secret) not in str(mailoutbox[0].body)
