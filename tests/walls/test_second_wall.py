"""A forgotten filter leaks nothing: what PostgreSQL shows and refuses, whatever the query."""

import json
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, ProgrammingError, transaction

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, Incapacity, InsuredPerson, LedgerEntry
from tests.walls.catalogue import ask, composite_keys, walled_tables
from tests.walls.conftest import START, Case
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund
from tnw.core import scope
from tnw.core.errors import DomainError

pytestmark = pytest.mark.django_db


# Not more than one such row for each dossier.
ONE_A_DOSSIER = {
    "dossiers_batchrow",
    "integration_incapacityfeed",  # of an import
    "trajects_outsidesigning",
    "routing_claim",
    "routing_pendingdecision",  # that is still to come
    "routing_routea",
    "routing_routeb",
    "trajects_employertraject",
    "trajects_plandraft",
    "trajects_proposal",
    "trajects_reintegrationplan",
    "trajects_reintegrationtraject",
    "trajects_traject",
}


def rows_of(table: str) -> int:
    return ask(f"select count(*) from {table}")[0][0]


def funds_in(table: str) -> set[int]:
    return {fund for (fund,) in ask(f"select distinct fund_id from {table}")}


def copy_of(table: str, where: int, **changed: Any) -> None:
    """Insert a copy of a fund's row, new in all that is unique, with `changed` in it."""
    fresh = {
        "id": 10**9, "public_id": str(uuid.uuid4()), "seq": 999, "fact_id": "copy", "reference": "copy",
        "ssin": "copy", "line": 999, "opened_by": "copy", "step": "copy", "token": "copy", "subject": "copy", "fact": "copy",
        "event": str(uuid.uuid4()), "key": "copy", **changed,
    }  # fmt: skip
    if table == "dossiers_healthnotetext":
        fresh.setdefault("version", 999)  # elsewhere a version is a day, or counts nothing
    # What the database works out itself is not inserted.
    columns = (
        "select quote_ident(attname), attname from pg_attribute where attrelid = %s::regclass and attnum > 0 "
        "and not attisdropped and attgenerated = '' order by attnum"
    )
    known = dict(ask(columns, [table]))
    values = json.dumps({name: value for name, value in fresh.items() if name in known.values()})
    ask(
        f"insert into {table} ({', '.join(known)}) select {', '.join(f'c.{name}' for name in known)} from {table} r, "
        "lateral jsonb_populate_record(r, %s::jsonb) c where r.fund_id = %s limit 1",
        [values, where],
    )


def reach_over(table: str, where: int, column: str, over: int, reaching: dict[str, Any]) -> None:
    """By a row more, or where a dossier has no room for one, by the row that is there."""
    if table in ONE_A_DOSSIER and column != "dossier_id":
        ask(f"update {table} set {column} = %s where fund_id = %s", [over, where])
    else:
        copy_of(table, where, **reaching)


def test_without_a_scope_every_table_is_empty(ours: Case) -> None:
    with scope.funds(ours.fund.pk):
        assert [table for table in walled_tables() if not rows_of(table)] == [], "nothing there to hide"
    assert {table: rows_of(table) for table in walled_tables()} == dict.fromkeys(walled_tables(), 0)


def test_in_one_funds_scope_the_other_is_not_there(ours: Case, theirs: Case) -> None:
    for inside in (ours.fund.pk, theirs.fund.pk):
        with scope.funds(inside):
            for table in walled_tables():
                assert funds_in(table) == {inside}, table


def test_a_query_set_that_forgot_visible_to_shows_one_fund(ours: Case, theirs: Case) -> None:
    walled = [model for model in apps.get_models() if model._meta.db_table in walled_tables()]
    assert len(walled) >= 12
    for model in walled:
        assert model._default_manager.count() == 0
        with scope.funds(ours.fund.pk):
            assert {row.fund_id for row in model._default_manager.all()} == {ours.fund.pk}  # type: ignore[attr-defined]


QUERIES = [
    "select max(ssin) from dossiers_insuredperson where fund_id = %s having count(*) > 0",
    "select p.ssin from dossiers_insuredperson p join dossiers_incapacity i on i.person_id = p.id where i.fund_id = %s",
    "with every as (select * from dossiers_dossier) select id from every where fund_id = %s",
    "select 1 where exists (select from dossiers_ledgerentry where fund_id = %s)",
    "select ssin from dossiers_insuredperson where fund_id = %s for update",
    "update dossiers_insuredperson set city = 'X' where fund_id = %s returning id",
    "delete from dossiers_reminder where fund_id = %s returning id",
    "select id from dossiers_dossier where fund_id = %s or public_id is null",
]


def test_no_form_of_query_reaches_the_other_fund(ours: Case, theirs: Case) -> None:
    for sql in QUERIES:
        assert ask(sql, [theirs.fund.pk]) == [], sql
        with scope.funds(theirs.fund.pk):
            assert ask(sql, [theirs.fund.pk]), f"finds nothing at home either: {sql}"
        with scope.funds(ours.fund.pk):
            assert ask(sql.replace("fund_id = %s", "fund_id <> %s"), [ours.fund.pk]) == [], sql


def test_a_leaky_function_is_not_asked_about_hidden_rows(ours: Case, theirs: Case) -> None:
    """A cast that fails would tell what stands in a row: the policy is asked first."""
    with scope.funds(ours.fund.pk):
        ask("update dossiers_insuredperson set city = '1'")
    with scope.funds(theirs.fund.pk):
        ask("update dossiers_insuredperson set city = 'no number'")
    with scope.funds(ours.fund.pk):
        assert ask("select count(*) from dossiers_insuredperson where city::int = 1") == [(1,)]


def test_a_setting_that_names_no_fund_sees_nothing(ours: Case) -> None:
    for text in ("", "0", "-1", "999999999"):
        ask("select set_config('tnw.funds', %s, true)", [text])
        assert ask("select count(*) from dossiers_dossier") == [(0,)], text


def test_a_setting_that_is_no_list_is_an_error(ours: Case) -> None:
    for text in (",", " ", "*", "1 or true"):
        ask("select set_config('tnw.funds', %s, true)", [text])
        with pytest.raises(DataError, match="invalid input syntax"), transaction.atomic():
            ask("select count(*) from dossiers_dossier")


def test_inserting_a_row_of_another_fund_is_refused(ours: Case, theirs: Case) -> None:
    for table in walled_tables():
        with (
            scope.funds(ours.fund.pk),
            pytest.raises(ProgrammingError, match="row-level security policy"),
            transaction.atomic(),
        ):
            copy_of(table, ours.fund.pk, fund_id=theirs.fund.pk)


def test_the_same_copy_at_home_is_no_matter_of_the_wall(ours: Case) -> None:
    """Else the refusals above would prove nothing."""
    for table in (
        "dossiers_insuredperson",
        "dossiers_deadline",
        "dossiers_ledgerentry",
        "accounts_accesslog",
    ):
        with scope.funds(ours.fund.pk):
            before = rows_of(table)
            copy_of(table, ours.fund.pk)
            assert rows_of(table) == before + 1


def test_without_a_scope_nothing_is_inserted(fund: Fund) -> None:
    with pytest.raises(ProgrammingError, match="row-level security policy"), transaction.atomic():
        AccessLog.objects.create(
            fund=fund,
            actor=actors.system(),
            dossier_id=1,
            at="2026-11-20T09:00Z",
            through="x",
            trace_id=uuid.uuid4(),
        )


def test_a_row_cannot_be_moved_into_another_fund(ours: Case, theirs: Case) -> None:
    # Ledger, logs, documents, scans, signatures and closed quarters are for adding to only: nothing can be changed there.
    kept = {
        "dossiers_ledgerentry",
        "dossiers_document",
        "dossiers_scan",
        "dossiers_closedquarter",
        "dossiers_closedfact",
        "trajects_signature",
        "accounts_accesslog",
        "accounts_auditentry",
    }
    movable = [table for table in walled_tables() if table not in kept]
    for table in movable:
        with (
            scope.funds(ours.fund.pk),
            pytest.raises(ProgrammingError, match="row-level security policy"),
            transaction.atomic(),
        ):
            ask(f"update {table} set fund_id = %s", [theirs.fund.pk])


def test_updating_and_deleting_without_a_filter_stays_inside(ours: Case, theirs: Case) -> None:
    with scope.funds(ours.fund.pk):
        InsuredPerson.objects.update(city="Elders")
        Deadline.objects.all().delete()
    with scope.funds(theirs.fund.pk):
        assert not InsuredPerson.objects.filter(city="Elders").exists()
        assert Deadline.objects.exists()


def test_a_foreign_key_over_the_wall_is_refused(ours: Case, theirs: Case) -> None:
    """Even to who sees both funds: a row of one that points to a row of the other."""
    spare = {}
    for case in (ours, theirs):
        with scope.funds(case.fund.pk):
            at_home = Incapacity.objects.get(pk=case.dossier.incapacity_id)
            at_home.pk, at_home.reference = None, "spare"
            at_home.save(force_insert=True)
            spare[case] = at_home.pk
    for name, table, column, target in composite_keys():
        if table not in walled_tables():
            continue
        with scope.funds(ours.fund.pk):
            over = ask(f"select max(id) from {target} where fund_id = %s", [ours.fund.pk])[0][0]
            assert over is not None, f"nothing in {target} to reach for"
            if table in ONE_A_DOSSIER:  # its place there must be free, or that is what refuses
                ask(f"delete from {table} where fund_id = %s", [ours.fund.pk])
        own = {"incapacity_id": spare[theirs]} if table == "dossiers_dossier" else {}
        reaching = {**own, column: spare[ours] if column == "incapacity_id" else over}
        with (
            scope.funds(ours.fund.pk, theirs.fund.pk),
            pytest.raises(IntegrityError, match=name),
            transaction.atomic(),
        ):
            reach_over(table, theirs.fund.pk, column, over, reaching)


def test_recording_on_another_funds_dossier_is_refused(ours: Case, theirs: Case) -> None:
    actor = actors.system()
    said = Entry(theirs.dossier.pk, fact("contact_requested", START, "asked-2"))
    with audit.acting_as(actor, ours.fund), pytest.raises(DomainError) as refused:
        record_many([said], fund=ours.fund, actor=actor)
    assert refused.value.code == "dossier_unknown"
    with scope.funds(theirs.fund.pk):
        assert not LedgerEntry.objects.filter(fact_id="asked-2").exists()


def test_recording_under_the_wrong_fund_is_refused(ours: Case, theirs: Case) -> None:
    actor = actors.system()
    said = Entry(theirs.dossier.pk, fact("contact_requested", START, "asked-2"))
    with (
        scope.funds(ours.fund.pk, theirs.fund.pk),
        pytest.raises((IntegrityError, DomainError)),
        transaction.atomic(),
    ):
        record_many([said], fund=ours.fund, actor=actor)
    with scope.funds(ours.fund.pk, theirs.fund.pk):
        assert not LedgerEntry.objects.filter(fact_id="asked-2").exists()
        assert Dossier.objects.count() == 2


@pytest.mark.parametrize("table", ["accounts_accesslog", "accounts_auditentry"])
@pytest.mark.parametrize("statement", ["update {} set fund_id = fund_id", "delete from {}"])
def test_what_was_logged_cannot_be_changed(ours: Case, table: str, statement: str) -> None:
    with (
        scope.funds(ours.fund.pk),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        ask(statement.format(table))
