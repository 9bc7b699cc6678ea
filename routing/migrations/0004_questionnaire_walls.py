"""The second wall around questionnaires and answers; a published version of the questions stays as it is."""

from django.db import migrations

from tnw.core.rls import protect, within_fund

FROZEN = """
create function questionnaire_frozen() returns trigger language plpgsql as $$
begin
  raise exception 'a published questionnaire is frozen: % refused', tg_op using errcode = 'check_violation';
end $$;

create function questionnaire_frozen_question() returns trigger language plpgsql as $$
begin
  if exists (select from routing_questionnaireversion v where v.valid_from is not null
      and v.id in (case when tg_op <> 'INSERT' then old.version_id end, case when tg_op <> 'DELETE' then new.version_id end)) then
    raise exception 'a published questionnaire is frozen: % refused', tg_op using errcode = 'check_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create function questionnaire_frozen_option() returns trigger language plpgsql as $$
begin
  if exists (select from routing_questionnaireversion v join routing_question q on q.version_id = v.id
      where v.valid_from is not null and q.id in
        (case when tg_op <> 'INSERT' then old.question_id end, case when tg_op <> 'DELETE' then new.question_id end)) then
    raise exception 'a published questionnaire is frozen: % refused', tg_op using errcode = 'check_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger frozen before update of fund_id, number, valid_from, title_nl, title_fr, title_de
  on routing_questionnaireversion for each row when (old.valid_from is not null) execute function questionnaire_frozen();
create trigger frozen_delete before delete on routing_questionnaireversion
  for each row when (old.valid_from is not null) execute function questionnaire_frozen();
create trigger frozen before insert or update or delete on routing_question
  for each row execute function questionnaire_frozen_question();
create trigger frozen before insert or update or delete on routing_questionoption
  for each row execute function questionnaire_frozen_option();
"""

THAWED = """
drop trigger frozen on routing_questionoption;
drop trigger frozen on routing_question;
drop trigger frozen_delete on routing_questionnaireversion;
drop trigger frozen on routing_questionnaireversion;
drop function questionnaire_frozen_option();
drop function questionnaire_frozen_question();
drop function questionnaire_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0003_questionnaire")]

    operations = [
        protect("routing_questionnaire", "routing_answersheet"),
        within_fund("routing_questionnaire", "dossier_id", "dossiers_dossier"),
        within_fund("routing_questionnaire", "version_id", "routing_questionnaireversion"),
        within_fund("routing_answersheet", "dossier_id", "dossiers_dossier"),
        within_fund("routing_answersheet", "version_id", "routing_questionnaireversion"),
        migrations.RunSQL(FROZEN, THAWED),
    ]
