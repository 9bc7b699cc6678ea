"""Fresh statistics wait for nobody: a table that is locked is being read through, or changed, by somebody else already.

To wait made an import fail where autovacuum had come first.
"""

from django.db import migrations

FUNCTION = """
create or replace function refresh_statistics() returns void language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  analyze (skip_locked)
    dossiers_insuredperson, dossiers_incapacity, dossiers_dossier, dossiers_ledgerentry, dossiers_deadline;
end $$
"""
FORMER = FUNCTION.replace(" (skip_locked)", "")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0010_scan")]

    operations = [migrations.RunSQL(FUNCTION, FORMER)]
