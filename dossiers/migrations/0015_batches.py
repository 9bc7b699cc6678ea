"""Bulk steps in one way: reassigning runs in the background as letters for many do."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tnw.core.rls import within_fund


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0014_counted_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("LetterBatch", "Batch"),
        migrations.AlterModelOptions(
            name="batch",
            options={"verbose_name": "bulk step", "verbose_name_plural": "bulk steps"},
        ),
        migrations.AlterModelOptions(
            name="batchrow",
            options={
                "verbose_name": "dossier of a bulk step",
                "verbose_name_plural": "dossiers of a bulk step",
            },
        ),
        migrations.AlterField(
            model_name="batch",
            name="kind",
            field=models.CharField(max_length=40, verbose_name="step"),
        ),
        migrations.AddField(
            model_name="batch",
            name="coordinator",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="coordinator",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="reason",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="batchrow",
            name="outcome",
            field=models.CharField(blank=True, db_default="", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        ("coordinator__isnull", False),
                        ("kind", "reassign"),
                    ),
                    models.Q(
                        models.Q(("kind", "reassign"), _negated=True), ("coordinator", None), ("reason", "")
                    ),
                    _connector="OR",
                ),
                name="batch_reassigns_with_a_reason",
            ),
        ),
        within_fund("dossiers_batch", "coordinator_id", "accounts_user"),
    ]
