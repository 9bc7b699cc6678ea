"""Who is at which dossier's assessment now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_worklist"),
        ("dossiers", "0007_career_and_health"),
        ("routing", "0004_questionnaire_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                (
                    "dossier",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim",
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
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
            },
        ),
        protect("routing_claim"),
        within_fund("routing_claim", "dossier_id", "dossiers_dossier"),
        within_fund("routing_claim", "user_id", "accounts_user"),
    ]
