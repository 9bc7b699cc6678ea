"""Deadlines by urgency as one stretch of an index each: what waits, what was paused, what came late, and all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_api"),
        ("dossiers", "0012_documents"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="deadline",
            name="deadline_waiting",
        ),
        migrations.RemoveIndex(
            model_name="deadline",
            name="deadline_of_coordinator",
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["fund", "act_by", "falls_on", "id"], name="deadline_in_order"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("paused_from__isnull", False)),
                fields=["fund", "act_by", "falls_on", "id"],
                name="deadline_paused",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("outcome__in", ["met_late", "missed"])),
                fields=["fund", "outcome", "act_by", "falls_on", "id"],
                name="deadline_late",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["fund", "act_by", "falls_on", "id"],
                include=(
                    "dossier",
                    "rule",
                    "opens_on",
                    "surfaces_on",
                    "paused_from",
                    "paused_until",
                    "for_coordinator",
                    "for_team",
                ),
                name="deadline_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("for_coordinator__isnull", False)),
                fields=["fund", "for_coordinator", "act_by", "falls_on", "id"],
                include=("dossier", "rule", "opens_on", "surfaces_on", "paused_from", "paused_until"),
                name="deadline_of_coordinator",
            ),
        ),
    ]
