import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tnw.accounts.models
from tnw.core.rls import OF_NO_FUND, protect, within_fund


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_api"),
        ("dossiers", "0012_documents"),
        ("integration", "0002_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="IncapacityFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told", models.BooleanField(default=False)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.fund"
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dossiers.importrun",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("told", False)), fields=["fund", "id"], name="feed_to_tell_of"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerRegistration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=7)),
                (
                    "public_id",
                    models.UUIDField(default=tnw.accounts.models.new_uuid, editable=False, unique=True),
                ),
                ("sealed_ssin", models.TextField(blank=True)),
                ("registered_on", models.DateField()),
                ("reported_on", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("processed_at", models.DateTimeField(null=True)),
                ("subject", models.CharField(blank=True, db_collation="C", max_length=200)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.fund",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["service", "-public_id"], name="partner_registration_latest"),
                    models.Index(
                        condition=models.Q(("processed_at", None)),
                        fields=["id"],
                        name="partner_registration_waits",
                    ),
                    models.Index(fields=["dossier", "subject"], name="partner_registration_became"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("fund", None),
                                ("processed_at", None),
                                models.Q(("sealed_ssin", ""), _negated=True),
                            ),
                            models.Q(("processed_at__isnull", False), ("sealed_ssin", "")),
                            _connector="OR",
                        ),
                        name="partner_registration_forgets_the_ssin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dossier", None), ("fund", None), ("subject", "")),
                            models.Q(
                                ("dossier__isnull", False),
                                ("fund__isnull", False),
                                models.Q(("subject", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partner_registration_of_a_dossier_or_nobody",
                    ),
                ],
            },
        ),
        protect("integration_incapacityfeed"),
        protect("integration_partnerregistration", seen_when=OF_NO_FUND),
        within_fund("integration_incapacityfeed", "run_id", "dossiers_importrun"),
        within_fund("integration_partnerregistration", "dossier_id", "dossiers_dossier"),
    ]
