"""What a holder has and had, and what is to be reviewed, is found without reading the history."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One index per kind of holder, newest stays last; one of the open loans by review date."""

    dependencies: ClassVar = [("custody", "0002_open_stay_last")]

    operations: ClassVar = [
        migrations.RemoveIndex("stay", "custody_stay_person"),
        migrations.AddIndex(
            "stay",
            models.Index(
                fields=["workspace", "person", "valid_to"],
                condition=Q(person__isnull=False),
                name="custody_stay_person",
            ),
        ),
        migrations.AddIndex(
            "stay",
            models.Index(
                fields=["workspace", "space", "valid_to"],
                condition=Q(space__isnull=False),
                name="custody_stay_space",
            ),
        ),
        migrations.AddIndex(
            "loan",
            models.Index(
                fields=["workspace", "review_on"],
                condition=Q(back_at=None, review_on__isnull=False),
                name="custody_loan_review",
            ),
        ),
    ]
