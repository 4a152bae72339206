"""The table of letters goes; those that waited are in the outbox."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_site_roles"),
        ("notify", "0003_letters_into_the_outbox"),
    ]

    operations = [migrations.DeleteModel("Letter")]
