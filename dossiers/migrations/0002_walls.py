"""The second wall around every table about an insured person, and foreign keys that cannot reach over it."""

from django.db import migrations

from tnw.core.rls import protect, within_fund

TABLES = [
    "dossiers_insuredperson",
    "dossiers_incapacity",
    "dossiers_dossier",
    "dossiers_ledgerentry",
    "dossiers_ledgerpayload",
    "dossiers_outbox",
    "dossiers_deadline",
    "dossiers_reminder",
    "dossiers_importrun",
    "dossiers_importrejection",
]


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        protect(*TABLES),
        within_fund("dossiers_incapacity", "person_id", "dossiers_insuredperson"),
        within_fund("dossiers_dossier", "incapacity_id", "dossiers_incapacity"),
        within_fund("dossiers_dossier", "team_id", "accounts_team"),
        within_fund("dossiers_dossier", "coordinator_id", "accounts_user"),
        within_fund("dossiers_ledgerentry", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_ledgerpayload", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_outbox", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_deadline", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_reminder", "deadline_id", "dossiers_deadline", on_delete="on delete cascade"),
        within_fund(
            "dossiers_importrejection", "run_id", "dossiers_importrun", on_delete="on delete cascade"
        ),
        within_fund("accounts_accesslog", "dossier_id", "dossiers_dossier"),
    ]
