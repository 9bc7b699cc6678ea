"""What was decided in a queue and can still be taken back; and what could not be recorded."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_choices"),
        ("dossiers", "0014_counted_facts"),
        ("routing", "0014_public_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("subject", models.CharField(blank=True, max_length=64)),
                ("values", models.JSONField()),
                ("seen", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "is being recorded"),
                            ("taken_back", "taken back"),
                            ("refused", "not recorded"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("trace_id", models.UUIDField()),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.fund",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision that can be taken back",
                "verbose_name_plural": "decisions that can be taken back",
                "indexes": [
                    models.Index(fields=["user", "id"], name="pending_of_user"),
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["fund", "due_at"],
                        name="pending_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("dossier",),
                        name="pending_one_a_dossier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "taken_back", "refused"])),
                        name="pending_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("reason", ""), _negated=True), ("state", "refused")),
                            models.Q(models.Q(("state", "refused"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="pending_refused_with_a_reason",
                    ),
                ],
            },
        ),
        protect("routing_pendingdecision"),
        within_fund("routing_pendingdecision", "dossier_id", "dossiers_dossier"),
        within_fund("routing_pendingdecision", "user_id", "accounts_user"),
    ]
