import django.db.models.deletion
from django.db import migrations, models

from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_team_place"),
        ("dossiers", "0007_career_and_health"),
        ("trajects", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("first_contact", "First contact"), ("follow_up", "Follow-up interview")],
                        max_length=19,
                        verbose_name="purpose",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="moment")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("in_person", "in person"),
                            ("phone", "by phone"),
                            ("video", "by video"),
                            ("home_visit", "home visit"),
                            ("other", "other"),
                        ],
                        default="in_person",
                        max_length=10,
                        verbose_name="form",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("made_on", models.DateField(verbose_name="proposed on")),
                ("rule", models.CharField(db_collation="C", max_length=4)),
                ("opened_by", models.CharField(db_collation="C", max_length=200)),
                ("occurrence", models.SmallIntegerField()),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
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
            ],
            options={
                "verbose_name": "proposed appointment",
                "verbose_name_plural": "proposed appointments",
                "indexes": [models.Index(fields=["fund", "rule"], name="proposal_by_rule")],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "purpose"), name="proposal_once"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["first_contact", "follow_up"])),
                        name="proposal_purpose_known",
                    ),
                ],
            },
        ),
        protect("trajects_proposal"),
        within_fund("trajects_proposal", "dossier_id", "dossiers_dossier", on_delete="on delete cascade"),
    ]
