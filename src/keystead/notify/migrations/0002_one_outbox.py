"""The table of digests becomes the outbox for all mails."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0001_initial"),
        ("people", "0004_site_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("delivery", "is_alarm", "must_arrive"),
        migrations.AlterField(
            "delivery",
            "person",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="people.person",
            ),
        ),
        migrations.AddField("delivery", "kind", models.CharField(default="digest", max_length=40)),
        migrations.AddField(
            "delivery",
            "account",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("delivery", "values", models.JSONField(default=dict)),
        migrations.AddField("delivery", "expires_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "delivery",
            models.CheckConstraint(
                condition=Q(kind="digest", person__isnull=False, account=None)
                | (~Q(kind="digest") & Q(person=None)),
                name="notify_digest_or_letter",
            ),
        ),
    ]
