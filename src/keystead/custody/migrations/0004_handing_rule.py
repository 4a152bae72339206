"""Whether a workspace wants a purpose when copies go out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0009_checkpoints"),
        ("custody", "0003_loans_by_holder_and_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandingRule",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="journal.workspace",
                    ),
                ),
                ("needs_purpose", models.BooleanField()),
            ],
        ),
    ]
