"""Fresh statistics after a bulk load, which only the owner of the tables may take.

Until they are taken the planner believes that a fund has hardly any rows, and reads all of it for one dossier.
"""

from django.db import migrations

FUNCTION = """
create function refresh_statistics() returns void language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  analyze dossiers_insuredperson, dossiers_incapacity, dossiers_dossier, dossiers_ledgerentry, dossiers_deadline;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_ledger")]

    operations = [migrations.RunSQL(FUNCTION, "drop function refresh_statistics()")]
