"""The second wall around the tables of this app."""

from django.db import migrations

from tnw.core.rls import protect, within_fund


class Migration(migrations.Migration):
    dependencies = [("trajects", "0001_initial"), ("dossiers", "0005_out_of_order")]

    operations = [
        protect("trajects_appointment", "trajects_traject"),
        within_fund("trajects_appointment", "dossier_id", "dossiers_dossier"),
        within_fund("trajects_traject", "dossier_id", "dossiers_dossier"),
    ]
