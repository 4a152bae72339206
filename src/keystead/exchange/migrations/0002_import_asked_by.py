"""Who asked the worker to write a big import."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_imports")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="asked_by",
            field=models.BigIntegerField(null=True),
        ),
    ]
