"""Roles at single sites, and invitations to one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0001_initial"),
        ("people", "0003_sign_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="site_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="SiteRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pending_import", models.BigIntegerField(editable=False, null=True)),
                ("site_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_roles",
                        to="people.membership",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("workspace", "membership", "site_id"),
                        name="people_one_role_at_a_site",
                    )
                ],
            },
        ),
    ]
