"""One row for what is true of the installation: which one it is, and whether it is held back."""

import uuid

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def add_row(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the installation its number."""
    apps.get_model("journal", "Installation").objects.create(workspace_id=0)


class Migration(migrations.Migration):
    """The installation's own row."""

    dependencies = [("journal", "0007_entries_by_account")]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="journal.workspace",
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("quarantined_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunPython(add_row, migrations.RunPython.noop),
    ]
