"""The one outbox: letters and digests under the same leases, waits and ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.journal.models import Entry, Installation
from keystead.notify import outbox, watching
from keystead.notify.models import Delivery
from keystead.notify.rules import BACK_OFF, LETTER_LASTS
from keystead.people import letters
from keystead.people import operations as people
from keystead.worker.sending import send_mail
from tests.cast import ANA, BO, World
from tests.notify.post_office import open_office
from tests.sign_in.support import at_home

pytestmark = pytest.mark.db


def tell_bo(world: World) -> None:
    letters.write(world.bo.account_id, "password-changed")


def test_a_letter_whose_sender_died_is_sent_again_under_the_same_number(world: World) -> None:
    tell_bo(world)
    number = Delivery.objects.get().uuid
    assert outbox.claim(now()) is not None
    with open_office() as (office, _port):
        assert send_mail() == 0  # the lease holds
        Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
        assert send_mail() == 1
        assert office.recipients == [BO]
        assert str(number) in office.mails[0]["Message-ID"]
    assert not Delivery.objects.exists()


def test_a_mail_whose_senders_all_die_is_given_up(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    tell_bo(world)
    Delivery.objects.update(attempts=len(BACK_OFF) + 1, state="sending")
    assert send_mail() == 0
    assert (mailoutbox, Delivery.objects.exists()) == ([], False)


def test_letters_wait_as_digests_do_and_are_thrown_away_after_a_day(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    tell_bo(world)
    with open_office() as (office, _port):
        office.refuses = "451 try again later"
        for wait in BACK_OFF[:3]:
            Delivery.objects.update(next_at=now())
            begun = now()
            send_mail()
            waiting = Delivery.objects.values_list("state", "next_at")
            assert {state for state, _ in waiting} == {"waiting"}
            assert all(begun + wait <= at <= now() + wait for _, at in waiting)
        Delivery.objects.exclude(kind="digest").update(expires_at=now())
        office.refuses = ""
        Delivery.objects.update(next_at=now())
        assert send_mail() == 1
        assert office.recipients == [ANA]


def test_what_somebody_waits_for_goes_before_reminders(world: World) -> None:
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    Delivery.objects.update(must_arrive=False, next_at=now() - timedelta(hours=1))
    tell_bo(world)
    found = outbox.claim(now())
    assert found is not None
    assert found.is_letter


def test_a_letter_for_nobody_is_never_claimed_into_a_mail(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    people.ask_for_new_password(email="nobody@house.example", origin="https://keys.example")
    assert Delivery.objects.count() == 1
    found = outbox.claim(now())
    assert found is not None
    assert outbox.letter(found) is None
    assert send_mail() == 0
    assert (mailoutbox, Delivery.objects.exists()) == ([], False)


def test_a_waiting_letter_holds_no_link_and_the_journal_no_address(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    people.ask_for_new_password(email=BO, origin="https://keys.example")
    people.ask_for_new_email(
        at_home(world.bo), email="bo@new.example", origin="https://keys.example"
    )
    waiting = list(Delivery.objects.order_by("pk"))
    assert [row.values for row in waiting] == [
        {"origin": "https://keys.example"},
        {"email": "bo@new.example", "origin": "https://keys.example"},
    ]
    assert {row.expires_at - row.made_at for row in waiting if row.expires_at} == {LETTER_LASTS}
    assert send_mail() == 2
    assert all("https://keys.example/" in str(message.body) for message in mailoutbox)
    bodies = Entry.objects.filter(workspace_id=0).values_list("body", flat=True)
    assert not any("new.example" in body for body in bodies)


def test_mail_the_last_door_holds_back_waits_and_does_not_count_as_sent(
    world: World, settings: Any
) -> None:
    """A copy that is found to be one between looking and sending."""
    tell_bo(world)

    def held_meanwhile() -> None:
        Installation.objects.update(quarantined_at=now())

    settings.EMAIL_BACKEND = "keystead.journal.mail.Backend"
    custody.report_missing(world.ana, copy_ids=[world.copy], note="gone")
    watching.collect()
    settings.SENDING_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_mail(held_meanwhile) == 1
    (left,) = Delivery.objects.filter(ended_at=None)
    assert (left.state, left.problem) == ("waiting", "HeldBack")


def test_a_delivery_is_a_digest_or_a_letter(world: World) -> None:
    for wrong in (
        {"kind": "digest", "account_id": world.bo.account_id},
        {"kind": "new-password", "person_id": world.bo_person},
    ):
        with pytest.raises(IntegrityError):
            Delivery.objects.create(
                workspace_id=world.workspace, made_at=now(), next_at=now(), **wrong
            )
