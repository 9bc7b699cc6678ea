"""What waits for somebody as one stretch of an index, and why a dossier went to another coordinator."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tnw.core.rls import protect, within_fund

# The deadline's copy of who looks after the dossier: kept where nobody can go past it, whoever writes either row.
KEEP = """
create function deadline_for() returns trigger language plpgsql as $$
begin
  select coordinator_id, team_id into new.for_coordinator, new.for_team from dossiers_dossier where id = new.dossier_id;
  return new;
end $$;
create trigger deadline_for before insert on dossiers_deadline for each row execute function deadline_for();
create function deadlines_follow() returns trigger language plpgsql as $$
begin
  update dossiers_deadline set for_coordinator = new.coordinator_id, for_team = new.team_id where dossier_id = new.id;
  return null;
end $$;
create trigger deadlines_follow after update of coordinator_id, team_id on dossiers_dossier for each row
  when (old.coordinator_id is distinct from new.coordinator_id or old.team_id is distinct from new.team_id)
  execute function deadlines_follow();
select set_config('tnw.funds', coalesce((select string_agg(id::text, ',') from accounts_fund), ''), true);
update dossiers_deadline n set for_coordinator = d.coordinator_id, for_team = d.team_id
  from dossiers_dossier d where d.id = n.dossier_id;
select set_config('tnw.funds', '', true);
"""
UNDO = """
drop trigger deadline_for on dossiers_deadline; drop function deadline_for();
drop trigger deadlines_follow on dossiers_dossier; drop function deadlines_follow();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_worklist"),
        ("dossiers", "0005_out_of_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reassignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
            ],
        ),
        migrations.RemoveIndex(
            model_name="deadline",
            name="deadline_waiting",
        ),
        migrations.RemoveIndex(
            model_name="deadline",
            name="deadline_closing",
        ),
        migrations.AddField(
            model_name="deadline",
            name="for_coordinator",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="for_team",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunSQL(KEEP, UNDO),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["fund", "act_by"],
                include=(
                    "id",
                    "dossier",
                    "rule",
                    "falls_on",
                    "opens_on",
                    "surfaces_on",
                    "paused_from",
                    "paused_until",
                    "for_coordinator",
                    "for_team",
                ),
                name="deadline_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("for_coordinator__isnull", False)),
                fields=["fund", "for_coordinator", "act_by"],
                include=(
                    "id",
                    "dossier",
                    "rule",
                    "falls_on",
                    "opens_on",
                    "surfaces_on",
                    "paused_from",
                    "paused_until",
                ),
                name="deadline_of_coordinator",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_on__gt", models.F("act_by"))),
                fields=["fund", "closed_on"],
                include=("act_by", "for_coordinator", "for_team"),
                name="deadline_closing",
            ),
        ),
        migrations.AddField(
            model_name="reassignment",
            name="actor",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.actor"
            ),
        ),
        migrations.AddField(
            model_name="reassignment",
            name="after",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reassignment",
            name="before",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reassignment",
            name="dossier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reassignments",
                to="dossiers.dossier",
            ),
        ),
        migrations.AddField(
            model_name="reassignment",
            name="fund",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="accounts.fund",
            ),
        ),
        migrations.AddIndex(
            model_name="reassignment",
            index=models.Index(fields=["dossier", "-at"], name="reassignment_latest"),
        ),
        migrations.AddConstraint(
            model_name="reassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="reassignment_with_a_reason"
            ),
        ),
        protect("dossiers_reassignment"),
        within_fund("dossiers_reassignment", "dossier_id", "dossiers_dossier"),
        within_fund("dossiers_reassignment", "before_id", "accounts_user"),
        within_fund("dossiers_reassignment", "after_id", "accounts_user"),
    ]
