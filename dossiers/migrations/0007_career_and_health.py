"""Career and health notes, each behind the second wall."""

import django.db.models.deletion
from django.db import migrations, models

import tnw.accounts.models
from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_worklist"),
        ("dossiers", "0006_worklist"),
    ]

    operations = [
        migrations.CreateModel(
            name="HealthNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=tnw.accounts.models.new_uuid, editable=False, unique=True),
                ),
                (
                    "sight",
                    models.CharField(
                        choices=[
                            ("medical", "Doctors and medical team only"),
                            ("shared", "Shared with the coordinator"),
                        ],
                        max_length=7,
                        verbose_name="for whose eyes",
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="health_notes",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.fund"
                    ),
                ),
            ],
            options={
                "verbose_name": "health note",
                "verbose_name_plural": "health notes",
            },
        ),
        migrations.CreateModel(
            name="HealthNoteText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("text", models.TextField(verbose_name="text")),
                ("written_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.actor",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.fund"
                    ),
                ),
                (
                    "health_note",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="dossiers.healthnote",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a health note",
                "verbose_name_plural": "texts of health notes",
            },
        ),
        migrations.CreateModel(
            name="CareerItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=tnw.accounts.models.new_uuid, editable=False, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("job", "Job"),
                            ("training", "Training"),
                            ("language", "Language skill"),
                            ("aim", "Aim"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "organization",
                    models.CharField(blank=True, max_length=200, verbose_name="employer or organization"),
                ),
                (
                    "enterprise_number",
                    models.CharField(blank=True, max_length=10, verbose_name="enterprise number"),
                ),
                (
                    "physician_name",
                    models.CharField(blank=True, max_length=120, verbose_name="occupational physician"),
                ),
                (
                    "physician_contact",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="how to reach the occupational physician"
                    ),
                ),
                ("first_day", models.DateField(null=True, verbose_name="first day")),
                ("last_day", models.DateField(null=True, verbose_name="last day")),
                ("level", models.CharField(blank=True, max_length=80, verbose_name="level")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "noted by hand"), ("questionnaire", "from the questionnaire")],
                        default="hand",
                        max_length=13,
                        verbose_name="source",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.actor",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="career",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.fund"
                    ),
                ),
            ],
            options={
                "verbose_name": "career item",
                "verbose_name_plural": "career items",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["job", "training", "language", "aim"])),
                        name="career_item_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_day__isnull", True),
                            ("last_day__isnull", True),
                            ("last_day__gte", models.F("first_day")),
                            _connector="OR",
                        ),
                        name="career_item_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="healthnote",
            constraint=models.UniqueConstraint(fields=("fund", "id"), name="health_note_within_fund"),
        ),
        migrations.AddConstraint(
            model_name="healthnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("sight__in", ["medical", "shared"])), name="health_note_sight_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="healthnotetext",
            constraint=models.UniqueConstraint(
                fields=("health_note", "version"), name="health_note_text_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="healthnotetext",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="health_note_text_not_empty"
            ),
        ),
        protect("dossiers_careeritem", "dossiers_healthnote", "dossiers_healthnotetext"),
        within_fund("dossiers_careeritem", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_healthnote", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_healthnotetext", "health_note_id", "dossiers_healthnote"),
    ]
