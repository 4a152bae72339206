"""Verification reads the mentions of a page of entries: an index for that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The mentions of a workspace by the entry they belong to."""

    dependencies = [("journal", "0003_installation")]

    operations = [
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["workspace", "sequence"], name="journal_mention_entry"),
        ),
    ]
