"""The ledger's text, its chain, and the triggers that refuse to change it."""

from django.db import migrations

FUNCTIONS = """
-- The text that is hashed: no field before the last two can hold U+001F, and jsonb's own text is canonical.
create function ledger_text(
  dossier_id bigint, seq int, fund_id bigint, at timestamptz, actor_id bigint, trace_id uuid,
  fact_id text, kind text, "on" date, subject text, payload_digest bytea, "values" jsonb
) returns bytea language sql stable parallel safe return convert_to(concat_ws(chr(31),
  dossier_id, seq, fund_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor_id, trace_id,
  fact_id, kind, to_char("on", 'YYYY-MM-DD'), subject, coalesce(encode(payload_digest, 'hex'), ''), "values"::text), 'UTF8');

create function ledger_step(state bytea, head bytea, entry bytea) returns bytea
  language sql immutable parallel safe return sha256(coalesce(state, head, ''::bytea) || entry);

create aggregate ledger_chain(bytea, bytea) (sfunc = ledger_step, stype = bytea);  -- running, as a window

create function ledger_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'ledger is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;

create trigger append_only before update or delete on dossiers_ledgerentry
  for each statement execute function ledger_refuse();
create trigger no_truncate before truncate on dossiers_ledgerentry
  for each statement execute function ledger_refuse();
alter table dossiers_ledgerentry enable always trigger append_only, enable always trigger no_truncate;

alter table dossiers_ledgerentry add constraint ledger_text_unambiguous check (
  fact_id !~ '[[:cntrl:]]' and subject !~ '[[:cntrl:]]' and kind ~ '^[a-z_]+$' and octet_length(hash) = 32);
"""

REVERSE = """
drop trigger no_truncate on dossiers_ledgerentry;
drop trigger append_only on dossiers_ledgerentry;
drop function ledger_refuse();
alter table dossiers_ledgerentry drop constraint ledger_text_unambiguous;
drop aggregate ledger_chain(bytea, bytea);
drop function ledger_step(bytea, bytea, bytea);
drop function ledger_text(bigint, int, bigint, timestamptz, bigint, uuid, text, text, date, text, bytea, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_walls")]

    operations = [migrations.RunSQL(FUNCTIONS, REVERSE)]
