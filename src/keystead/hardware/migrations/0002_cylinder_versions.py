"""Cylinders count their versions, so that two people cannot overwrite each other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Each begins at 1."""

    dependencies = [("hardware", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="cylinder", name="version", field=models.IntegerField(default=1)
        )
    ]
