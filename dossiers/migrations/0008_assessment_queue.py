"""What waits for an assessment, by team, as one stretch of an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_team_place"),
        ("dossiers", "0007_career_and_health"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("closed_on__isnull", True), ("rule__in", ["T4", "T5", "T6", "T14", "T23"])
                ),
                fields=["fund", "for_team", "act_by", "falls_on", "id"],
                include=("dossier", "rule", "opens_on", "surfaces_on", "paused_from", "paused_until"),
                name="deadline_to_assess",
            ),
        ),
    ]
