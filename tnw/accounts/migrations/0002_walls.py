"""The second wall around what is logged about insured people."""

from django.db import migrations

from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        protect("accounts_accesslog", "accounts_auditentry"),
        within_fund("accounts_user", "team_id", "accounts_team"),
    ]
