"""The second wall around the tables of this app."""

from django.db import migrations

from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial"), ("dossiers", "0005_out_of_order")]

    operations = [
        protect("routing_routea"),
        within_fund("routing_routea", "dossier_id", "dossiers_dossier"),
    ]
