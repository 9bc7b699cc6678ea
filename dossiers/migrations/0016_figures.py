"""Figures as they were last counted, and the counts of the funding as each quarter was closed."""

import django.db.models.deletion
from django.db import migrations, models

from tnw.core.rls import protect, within_fund

COUNTED = [
    "questionnaire_sent", "questionnaire_received", "assessment_made", "referral_made", "first_contact_held",
    "permission_granted", "permission_refused", "declaration_completed", "declaration_voided", "plan_agreed",
    "fact_corrected", "fact_voided",
]  # fmt: skip

# What was closed stays as it was: whatever comes later is told beside it.
NEVER_CHANGED = """
create function closing_never_changes() returns trigger language plpgsql as $$
begin
  raise exception 'a closed quarter stays as it is: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger closing_stays before update or delete on dossiers_closedquarter
  for each row execute function closing_never_changes();
create trigger closing_stays before update or delete on dossiers_closedfact
  for each row execute function closing_never_changes();
"""


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def to(model: str, on_delete: object, **more: object) -> models.ForeignKey:
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=on_delete, to=model, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_choices"),
        ("dossiers", "0015_batches"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="ledgerentry", name="ledger_counted"),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                condition=models.Q(("kind__in", COUNTED)),
                fields=["fund", "kind", "on", "dossier", "seq"],
                include=["at"],
                name="ledger_counted",
            ),
        ),
        migrations.AddIndex(
            model_name="incapacity",
            index=models.Index(fields=["fund", "start"], name="incapacity_by_start"),
        ),
        migrations.CreateModel(
            name="FigureCount",
            fields=[
                ("id", key()),
                ("figure", models.CharField(db_collation="C", max_length=40)),
                ("cut", models.CharField(db_collation="C", max_length=20)),
                ("quarter", models.DateField()),
                ("part", models.CharField(db_collation="C", max_length=30)),
                ("for_team", models.BigIntegerField(null=True)),
                ("for_coordinator", models.BigIntegerField(null=True)),
                ("regime", models.CharField(max_length=13, null=True)),
                ("language", models.CharField(max_length=2, null=True)),
                ("number", models.IntegerField()),
                ("median", models.IntegerField(null=True)),
                ("ninetieth", models.IntegerField(null=True)),
                ("fund", to("accounts.fund", django.db.models.deletion.CASCADE)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["fund", "cut", "for_team", "for_coordinator", "figure", "quarter"],
                        name="figure_count_of",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="FiguresCounted",
            fields=[
                ("id", key()),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                (
                    "fund",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.fund",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClosedQuarter",
            fields=[
                ("id", key()),
                ("figure", models.CharField(db_collation="C", max_length=40)),
                ("quarter", models.DateField()),
                ("closed_at", models.DateTimeField()),
                ("number", models.IntegerField()),
                ("fund", to("accounts.fund", django.db.models.deletion.PROTECT)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "figure", "quarter"), name="quarter_closed_once"),
                    models.UniqueConstraint(fields=("fund", "id"), name="closed_quarter_within_fund"),
                ]
            },
        ),
        migrations.CreateModel(
            name="ClosedFact",
            fields=[
                ("id", key()),
                ("fact_id", models.CharField(db_collation="C", max_length=200)),
                ("on", models.DateField()),
                (
                    "closing",
                    to(
                        "dossiers.closedquarter",
                        django.db.models.deletion.PROTECT,
                        related_name="facts",
                    ),
                ),
                ("dossier", to("dossiers.dossier", django.db.models.deletion.PROTECT)),
                ("fund", to("accounts.fund", django.db.models.deletion.PROTECT)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("closing", "dossier", "fact_id"), name="fact_closed_once")
                ]
            },
        ),
        protect(
            "dossiers_figurecount", "dossiers_figurescounted", "dossiers_closedquarter", "dossiers_closedfact"
        ),
        within_fund("dossiers_closedfact", "closing_id", "dossiers_closedquarter"),
        within_fund("dossiers_closedfact", "dossier_id", "dossiers_dossier"),
        migrations.RunSQL(NEVER_CHANGED, "drop function closing_never_changes() cascade"),
    ]
