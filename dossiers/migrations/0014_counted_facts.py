"""The facts that the funding counts, as one stretch of an index for each quarter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_api"),
        ("dossiers", "0013_deadlines_in_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                condition=models.Q(
                    (
                        "kind__in",
                        ["questionnaire_received", "declaration_completed", "fact_corrected", "fact_voided"],
                    )
                ),
                fields=["fund", "kind", "on", "dossier", "seq"],
                name="ledger_counted",
            ),
        ),
    ]
