"""Workspace 0: the installation itself, with a journal of its own."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def add_installation(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create workspace 0 and the head of its journal."""
    workspace = apps.get_model("journal", "Workspace").objects.create(
        id=0,
        slug="installation",
        name="Installation",
        time_zone="UTC",
        created_at=datetime(2000, 1, 1, tzinfo=UTC),
    )
    apps.get_model("journal", "Head").objects.create(
        workspace=workspace, sequence=0, digest=bytes(32)
    )


class Migration(migrations.Migration):
    """The installation's own workspace."""

    dependencies = [("journal", "0002_append_only")]
    operations = [migrations.RunPython(add_installation)]
