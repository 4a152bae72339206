"""Links in mails and invitations: opening changes nothing, they count once, they say nothing."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.secret import Secret
from keystead.notify.models import Delivery
from keystead.people import links, mail_links
from keystead.people import operations as people
from keystead.people.models import Account, Invitation, Membership
from keystead.people.roles import Role
from keystead.worker.sending import send_mail
from tests.cast import ANA, BO, CY, PASSWORD, World
from tests.sign_in.support import account_of, at_home, at_once, use_at_once, with_app
from tests.support.browsing import Browser

pytestmark = pytest.mark.db
NEW = "iron hooks hold better"


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows but those of sessions, which every visit may touch."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "people_session":
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(tuple, cursor.fetchall()), key=repr)
    return found


def link_in(message: EmailMessage) -> str:
    found = re.search(r"http://testserver(/\S+)", str(message.body))
    assert found
    return found[1]


def password_link(mailoutbox: list[EmailMessage], email: str = BO) -> str:
    Browser().fill(reverse("account_reset_password"), email=email)
    send_mail()
    return link_in(mailoutbox[-1])


# --- a forgotten password -------------------------------------------------------------------


def test_opening_the_links_changes_nothing(world: World, mailoutbox: list[EmailMessage]) -> None:
    token = links.new_token()
    people.invite_new_person(world.ana, name="Dee", role=Role.HOLDER, token=token)
    people.ask_for_new_email(at_home(world.bo), email="bo@new.example", origin="http://testserver")
    reset = password_link(mailoutbox)
    change = link_in(mailoutbox[-2])
    before = everything()
    for url in (reset, change, reverse("invitation", kwargs={"token": token.reveal()})):
        for _ in range(3):
            assert Client().get(url).status_code == 200
            assert Client().head(url).status_code == 200
    assert everything() == before


def test_of_many_who_use_a_link_at_once_one_sets_the_password(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    number, link = password_link(mailoutbox).rsplit("/", 2)[1:]
    assert use_at_once(8, number, link) == {"changed": 1, "LinkGone": 7}


def test_a_link_is_good_for_an_hour_and_until_the_next_sign_in(
    world: World, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = password_link(mailoutbox)
    assert Browser().get(url).heading == "Choose a new password"
    with monkeypatch.context() as later:
        later.setattr("django.conf.settings.PASSWORD_RESET_TIMEOUT", -1)
        assert Browser().get(url).heading == "This link is no longer good"
    Browser(BO)
    assert Browser().get(url).heading == "This link is no longer good"


def test_a_new_password_by_mail_does_not_sign_in_and_keeps_the_second_factor(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    with_app(world.bo)
    somebody = Browser()
    page = somebody.fill(password_link(mailoutbox), "", password=NEW)
    assert page.heading == "Your password is changed"
    assert somebody.get(reverse("workspaces")).heading == "Sign in"
    page = somebody.fill(reverse("account_login"), login=BO, password=NEW)
    assert page.heading == "One more thing"


@pytest.mark.parametrize(
    "link", ["MQ/x", "MQ/abc-def", "!!!/x-y", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y", "LTE/x"]
)
def test_a_made_up_link_is_no_longer_good(world: World, link: str) -> None:
    assert Browser().get(f"/password/new/{link}").heading == "This link is no longer good"


def test_a_foreign_host_is_refused_and_reaches_no_mail(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    client = Client(HTTP_HOST="evil.example")
    assert client.post(reverse("account_reset_password"), {"email": BO}).status_code == 400
    for header in ("HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"):
        lying = Client()
        lying.defaults[header] = "evil.example"
        lying.post(reverse("account_reset_password"), {"email": BO})
    send_mail()
    assert mailoutbox
    assert not any("evil" in str(message.body) for message in mailoutbox)


def test_asking_takes_the_same_steps_and_says_the_same(world: World) -> None:
    def ask(email: str) -> tuple[int, str, bytes, int]:
        client = Client()
        answer = client.post(reverse("account_reset_password"), {"email": email})
        return answer.status_code, answer["Location"], answer.content, Delivery.objects.count()

    known, unknown = ask(BO), ask("nobody@harbour.example")
    assert known[:3] == unknown[:3]
    assert (known[3], unknown[3]) == (1, 2)


def test_nobody_is_flooded_with_letters(world: World, mailoutbox: list[EmailMessage]) -> None:
    for _ in range(8):
        page = Browser().fill(reverse("account_reset_password"), email=BO.upper())
        assert page.heading == "Look into your mail"
    send_mail()
    assert len(mailoutbox) == 3


# --- another address ------------------------------------------------------------------------


def test_a_new_address_counts_once_its_link_was_confirmed(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    bo = Browser(BO)
    page = bo.fill(reverse("email-change"), "", email="Bo@New.Example")
    assert page.url == reverse("security")
    send_mail()
    asked = [message for message in mailoutbox if message.to == ["bo@new.example"]]
    url = link_in(asked[0])
    assert "new.example" not in url
    assert account_of(world.bo).email == BO
    somebody = Browser()
    page = somebody.send(somebody.get(url).form())
    assert account_of(world.bo).email == "bo@new.example"
    assert bo.get(reverse("workspaces")).heading == "Sign in"
    assert Browser().get(url).heading == "This link is no longer good"
    send_mail()
    assert mailoutbox[-1].to == [BO]
    entry = Entry.objects.get(workspace_id=INSTALLATION, name="people.email-changed")
    assert "example" not in entry.body


def test_an_address_somebody_has_is_answered_the_same_and_gets_no_mail(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    bo = Browser(BO)
    first = bo.fill(reverse("email-change"), "", email=CY)
    second = bo.fill(reverse("email-change"), "", email="free@new.example")
    assert first.url == second.url
    send_mail()
    assert [message.to for message in mailoutbox if message.to != [BO]] == [["free@new.example"]]


def test_an_address_taken_meanwhile_stays_with_whoever_has_it(world: World) -> None:
    account = account_of(world.bo)
    link = mail_links.email_link(account, "new@house.example")
    Account.objects.filter(email=CY).update(email="new@house.example")
    somebody = Browser()
    page = somebody.send(somebody.get(reverse("email-confirm", kwargs={"link": link})).form())
    assert page.status == 409
    assert account_of(world.bo).email == BO


@pytest.mark.parametrize("link", ["x", "1-", "1-AAAA", "99999999999999999999999-AA", "-1-AA"])
def test_a_made_up_address_link_is_no_longer_good(world: World, link: str) -> None:
    page = Browser().get(f"/email/{link}")
    assert page.heading == "This link is no longer good"


# --- invitations ----------------------------------------------------------------------------


def test_of_many_who_accept_at_once_one_joins(world: World) -> None:
    token = links.new_token()
    people.invite_new_person(world.ana, name="Dee", role=Role.HOLDER, token=token)
    hashed = people.hashed(PASSWORD, "dee@house.example")
    before = Membership.objects.count()
    numbers = iter(range(100))

    def accept() -> str:
        people.accept_invitation(
            system(INSTALLATION, "tests"),
            token=token,
            email=f"dee{next(numbers)}@house.example",
            password_hash=hashed,
        )
        return "joined"

    assert at_once(8, accept) == {"joined": 1, "InvitationGone": 7}
    assert Membership.objects.count() == before + 1
    assert Account.objects.filter(email__startswith="dee").count() == 1


def test_every_invitation_that_is_not_good_is_answered_with_the_same_bytes(world: World) -> None:
    def body(token: Secret) -> bytes:
        answer = Client().get(reverse("invitation", kwargs={"token": token.reveal()}))
        assert answer.status_code == 404
        return re.sub(rb'(X-CSRFToken": "|nonce=")[^"]+', b"", answer.content)

    expired = links.new_token()
    people.invite_new_person(world.ana, name="Dee", role=Role.HOLDER, token=expired)
    Invitation.objects.filter(person__name="Dee").update(expires_at=now() - timedelta(days=1))
    assert body(expired) == body(links.new_token())


def test_the_first_start_replayed_does_not_get_around_the_second_factor(world: World) -> None:
    with_app(world.ana)
    answer = Client().post(reverse("start"), {"email": ANA, "password": PASSWORD.reveal()})
    assert answer.status_code in (404, 422)
    assert Browser(ANA).get("/").heading != "Today"
