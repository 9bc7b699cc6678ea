"""What PostgreSQL's own catalogue says about the tables, so that a table nobody thought of is asked too."""

from typing import Any

from django.db import connection

# Tables with a fund that hold nobody insured: reference data, users, and how far a sweep came.
OPEN = {
    "accounts_actor",
    "accounts_deputy",
    "accounts_team",
    "accounts_user",
    "dossiers_reminderstep",
    "dossiers_sweptthrough",
    "integration_client_funds",
    "routing_questionnaireversion",
}
# Walled, but for rows of no fund: what a regional service was answered or is told before anybody was found.
ALSO_OF_NO_FUND = {
    "integration_idempotencykey",
    "integration_partnerregistration",
    "integration_webhookdelivery",
    "integration_webhookattempt",
}
# Columns that look like keys and point at nothing that is behind a wall.
POINTS_NOWHERE = {
    "fund_id",
    "actor_id",  # actors and users are of all funds' one installation
    "acting_id",
    "added_by_id",
    "author_id",
    "changed_by_id",
    "client_id",  # an API client is the fund's, or a regional service's that works with several
    "created_by_id",
    "saved_by_id",
    "subscription_id",  # of a client
    "content_type_id",
    "object_id",  # auditlog's own: a number without a key
    "fact_id",  # a name within its dossier
    "public_id",
    "trace_id",
}

WITH_FUND = """
select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'fund_id'
  and not a.attisdropped order by 1
"""
KEY_LIKE = """
select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relname = any(%s) and a.attnum > 0 and not a.attisdropped and a.attname like '%%\\_id' order by 1, 2
"""
COMPOSITE = """
select con.conname, c.relname, (array_agg(a.attname order by k.n))[2], con.confrelid::regclass::text
from pg_constraint con join pg_class c on c.oid = con.conrelid
cross join unnest(con.conkey, con.confkey) with ordinality k (own, their, n)
join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.own
join pg_attribute t on t.attrelid = con.confrelid and t.attnum = k.their
where con.contype = 'f' and c.relnamespace = 'public'::regnamespace
group by con.oid, c.relname
having array_agg(t.attname::text order by k.n) = '{fund_id,id}' and (array_agg(a.attname::text order by k.n))[1] = 'fund_id'
order by 2, 3
"""


def ask(sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def walled_tables() -> list[str]:
    """Every table about an insured person: each that has a fund and is not known to be open."""
    return [table for (table,) in ask(WITH_FUND) if table not in OPEN]


def key_columns() -> list[tuple[str, str]]:
    """Every column of a walled table that could reach into another fund."""
    return [
        (table, column) for table, column in ask(KEY_LIKE, [walled_tables()]) if column not in POINTS_NOWHERE
    ]


def composite_keys() -> list[tuple[str, str, str, str]]:
    """Name, table, column and target of every foreign key `(fund_id, column)`."""
    return ask(COMPOSITE)
