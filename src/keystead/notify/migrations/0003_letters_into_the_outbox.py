"""Letters that wait go into the outbox, and back. What was tried in vain is tried anew."""

from datetime import timedelta
from typing import Any

from django.db import migrations

INSTALLATION = 0
LASTS = timedelta(days=1)


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Each letter becomes a delivery; those for nobody stay behind."""
    letters = apps.get_model("people", "Letter").objects.exclude(account=None).order_by("pk")
    deliveries = apps.get_model("notify", "Delivery").objects
    for letter in letters.iterator():
        deliveries.create(
            workspace_id=INSTALLATION,
            account_id=letter.account_id,
            kind=letter.kind,
            values=letter.values,
            must_arrive=True,
            made_at=letter.made_at,
            next_at=letter.made_at,
            expires_at=letter.made_at + LASTS,
        )


def carry_back(apps: Any, schema_editor: Any) -> None:
    """Each letter returns to its own table."""
    letters = apps.get_model("people", "Letter").objects
    waiting = apps.get_model("notify", "Delivery").objects.exclude(kind="digest")
    for row in waiting.order_by("pk").iterator():
        letters.create(
            account_id=row.account_id,
            kind=row.kind,
            values=row.values,
            made_at=row.made_at,
            tries=row.attempts,
        )
    waiting.delete()


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_one_outbox")]

    operations = [migrations.RunPython(carry_over, carry_back)]
