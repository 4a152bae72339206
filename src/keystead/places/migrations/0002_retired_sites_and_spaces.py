"""Sites and spaces can be taken out of use."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Since when; nothing is out of use yet."""

    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="site", name="retired_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="space", name="retired_at", field=models.DateTimeField(null=True)
        ),
    ]
