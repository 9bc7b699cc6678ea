"""SQL of the second wall: forced row-level security by fund, and foreign keys that cannot reach over it.

The policy keeps the indexes: an unset `tnw.funds` sees nothing, all funds are a list, never an `or`.
"""

from django.db.migrations.operations import RunSQL

IN_SCOPE = "fund_id = any(string_to_array(current_setting('tnw.funds', true), ',')::int[])"

OF_NO_FUND = f"(fund_id is null or {IN_SCOPE})"


def protect(*tables: str, seen_when: str = IN_SCOPE) -> RunSQL:
    """Force row-level security by fund on tables that have a `fund_id`; `seen_when` widens it to rows of no fund."""
    return RunSQL(
        [
            f"alter table {table} enable row level security; alter table {table} force row level security; "
            f"create policy fund on {table} using ({seen_when}) with check ({seen_when})"
            for table in tables
        ],
        [
            f"drop policy fund on {table}; alter table {table} no force row level security; "
            f"alter table {table} disable row level security"
            for table in tables
        ],
    )


def within_fund(
    table: str, column: str, to_table: str, to_column: str = "id", *, on_delete: str = ""
) -> RunSQL:
    """A composite foreign key `(fund_id, column)`; a plain one would reach into another fund."""
    name = f"{table}_{column}_within_fund"
    return RunSQL(
        f"alter table {table} add constraint {name} foreign key (fund_id, {column}) "
        f"references {to_table} (fund_id, {to_column}) {on_delete} deferrable initially immediate",
        f"alter table {table} drop constraint {name}",
    )
