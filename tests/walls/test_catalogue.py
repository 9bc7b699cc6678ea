"""No table about an insured person lacks its wall, and the application role has nothing to climb it with."""

import pytest
from django.apps import apps
from django.db import connection, models

from tests.walls.catalogue import (
    ALSO_OF_NO_FUND,
    OPEN,
    POINTS_NOWHERE,
    ask,
    composite_keys,
    key_columns,
    walled_tables,
)
from tnw.accounts.models import Fund

pytestmark = pytest.mark.django_db

READS_THE_SETTING = (
    "(fund_id = ANY ((string_to_array(current_setting('tnw.funds'::text, true), ','::text))::integer[]))"
)

OR_OF_NO_FUND = f"((fund_id IS NULL) OR {READS_THE_SETTING})"


def test_the_tables_known_to_be_walled_are_found() -> None:
    assert {"dossiers_insuredperson", "dossiers_ledgerentry", "accounts_accesslog"} <= set(walled_tables())
    assert not OPEN & set(walled_tables())


def test_every_walled_table_forces_row_level_security_on_its_owner_too() -> None:
    unforced = "select relname from pg_class where relname = any(%s) and not (relrowsecurity and relforcerowsecurity)"
    assert ask(unforced, [walled_tables()]) == []


def test_every_walled_table_has_one_policy_for_reading_and_writing() -> None:
    found = ask(
        "select tablename, permissive, roles::text, cmd, qual, with_check from pg_policies "
        "where tablename = any(%s) order by 1",
        [walled_tables()],
    )
    seen_when = {
        table: OR_OF_NO_FUND if table in ALSO_OF_NO_FUND else READS_THE_SETTING for table in walled_tables()
    }
    assert found == [
        (table, "PERMISSIVE", "{public}", "ALL", seen, seen) for table, seen in seen_when.items()
    ]


def test_no_row_is_without_a_fund() -> None:
    nullable = (
        "select attrelid::regclass::text from pg_attribute where attname = 'fund_id' and not attnotnull "
        "and attrelid = any(%s::regclass[])"
    )
    assert {table for (table,) in ask(nullable, [walled_tables()])} <= ALSO_OF_NO_FUND


def test_every_key_of_a_walled_table_carries_the_fund() -> None:
    has = {(table, column) for _name, table, column, _target in composite_keys()}
    assert [key for key in key_columns() if key not in has] == []


def test_every_relation_of_the_models_to_something_of_a_fund_carries_the_fund() -> None:
    has = {(table, column) for _name, table, column, _target in composite_keys()}
    missing = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model._meta.db_table in walled_tables()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.column not in POINTS_NOWHERE
        and any(other.name == "fund" for other in field.related_model._meta.concrete_fields)
        and (model._meta.db_table, field.column) not in has
    ]
    assert missing == []


def test_composite_keys_are_validated_and_checked_at_once() -> None:
    names = [name for name, *_rest in composite_keys()]
    assert (
        ask(
            "select conname from pg_constraint where conname = any(%s) and (condeferred or not convalidated)",
            [names],
        )
        == []
    )


def test_a_view_would_look_with_its_readers_eyes() -> None:
    """A view looks with its owner's rights unless it says otherwise."""
    found = "select relname, reloptions from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace"
    assert [name for name, options in ask(found) if "security_invoker=true" not in (options or [])] == []


def test_tests_run_as_the_application_role() -> None:
    ((role, session),) = ask("select current_user, session_user")
    assert role == session == connection.settings_dict["USER"]
    assert ask("select distinct tableowner from pg_tables where schemaname = 'public'") != [(role,)]


@pytest.mark.parametrize(
    "power", ["rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication"]
)
def test_the_application_role_has_no_power(power: str) -> None:
    assert ask(f"select {power} from pg_roles where rolname = current_user") == [(False,)]


def test_the_application_role_is_a_member_of_no_other() -> None:
    assert ask("select roleid::regrole::text from pg_auth_members where member = current_user::regrole") == []


@pytest.mark.parametrize(
    ("catalogue", "owner"),
    [
        ("pg_class", "relowner"),
        ("pg_proc", "proowner"),
        ("pg_namespace", "nspowner"),
        ("pg_database", "datdba"),
        ("pg_type", "typowner"),
    ],
)
def test_the_application_role_owns_nothing(catalogue: str, owner: str) -> None:
    """But its session's own staging tables, which nobody else sees."""
    temporary = {"pg_class": "relnamespace", "pg_type": "typnamespace"}.get(catalogue)
    but = (
        f" and {temporary} <> pg_my_temp_schema()"
        if temporary
        else " and nspname !~ '^pg_temp'" * (catalogue == "pg_namespace")
    )
    assert ask(f"select oid from {catalogue} where {owner} = current_user::regrole{but}") == []


@pytest.mark.parametrize("right", ["TRUNCATE", "REFERENCES", "TRIGGER"])
def test_the_application_role_may_not(right: str) -> None:
    tables = "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    assert len(ask(tables)) > 20
    assert ask(f"{tables} and has_table_privilege(oid, %s)", [right]) == []


def test_the_application_role_makes_nothing_and_leaves_the_migrations_alone() -> None:
    assert ask("select has_schema_privilege('public', 'create')") == [(False,)]
    assert (
        ask(
            "select right_name from unnest(array['insert', 'update', 'delete']) right_name "
            "where has_table_privilege('django_migrations', right_name)"
        )
        == []
    )


def test_the_funds_themselves_are_open(fund: Fund, other_fund: Fund) -> None:
    """Commands name them, and a wall begins with knowing which."""
    assert {one.number for one in Fund.objects.all()} == {"311", "509"}
