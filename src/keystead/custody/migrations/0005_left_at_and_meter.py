"""Where the thing of a key was left, and what its meter showed, at a return."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0009_checkpoints"),
        ("custody", "0004_handing_rule"),
    ]

    operations = [
        migrations.AddField(
            model_name="loan",
            name="left_at",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="journal.remark",
            ),
        ),
        migrations.AddField(
            model_name="loan",
            name="meter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="journal.remark",
            ),
        ),
    ]
