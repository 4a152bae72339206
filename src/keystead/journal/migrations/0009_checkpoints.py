"""The key that signs checkpoints, and whether a journal is known not to hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The signing key, and the mark on a broken journal's head."""

    dependencies = [("journal", "0008_installation_row")]

    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                ("public", models.BinaryField(max_length=32)),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT,
                        related_name="+",
                        to="journal.workspace",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="head", name="first_bad", field=models.BigIntegerField(null=True)
        ),
    ]
