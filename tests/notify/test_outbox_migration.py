"""Letters that waited in a table of their own go through the one outbox after an update."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

from keystead.notify.models import Delivery
from keystead.worker.sending import send_mail
from tests.cast import BO, World

pytestmark = pytest.mark.db
BEFORE = [("people", "0004_site_roles"), ("notify", "0001_initial")]
AFTER = [
    ("notify", "0003_letters_into_the_outbox"),
    ("people", "0005_letters_are_in_the_outbox"),
]


def migrated(targets: list[tuple[str, str]]) -> Any:
    """Bring the database there; the models as they are then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def test_letters_that_wait_are_carried_over_and_sent(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    letters = migrated(BEFORE).get_model("people", "Letter").objects
    values = {"kind": "app"}
    for account_id, ago in ((world.bo.account_id, 1), (world.bo.account_id, 30), (None, 1)):
        letters.create(
            account_id=account_id,
            kind="factor-added",
            values=values,
            made_at=now() - timedelta(hours=ago),
            tries=3,
        )
    migrated(AFTER)
    rows = Delivery.objects.values_list("kind", "account_id", "workspace_id", "attempts")
    assert list(rows) == [("factor-added", world.bo.account_id, 0, 0)] * 2
    assert send_mail() == 1
    assert [message.to for message in mailoutbox] == [[BO]]
    assert not Delivery.objects.exists()


def test_an_update_that_is_taken_back_loses_no_letter(world: World) -> None:
    from keystead.people import letters

    letters.write(world.bo.account_id, "password-changed")
    letters.write(None, "new-password", origin="https://keys.example")
    kept = migrated(BEFORE).get_model("people", "Letter").objects
    assert list(kept.values_list("kind", flat=True)) == ["password-changed", "new-password"]
    migrated(AFTER)
    assert list(Delivery.objects.values_list("kind", flat=True)) == ["password-changed"]
