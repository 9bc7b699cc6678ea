"""Append-only, numbered and chained: the entry's hash computed a second time, outside the database."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, connections, transaction

from dossiers import verification
from dossiers.law.facts import fact
from dossiers.ledger import erase
from dossiers.models import Dossier, LedgerEntry, LedgerPayload
from tests.ledger import independent
from tests.ledger.conftest import START, Record, asked, assessed, chain
from tnw.accounts.models import Actor, Fund
from tnw.core import scope
from tnw.core.errors import DomainError

pytestmark = pytest.mark.django_db

CHANGES = {
    "update": "update dossiers_ledgerentry set kind = kind",
    "update of nothing": "update dossiers_ledgerentry set kind = kind where false",
    "delete": "delete from dossiers_ledgerentry",
    "upsert": "insert into dossiers_ledgerentry select * from dossiers_ledgerentry "
    "on conflict (dossier_id, seq) do update set kind = 'x'",
    "merge": "merge into dossiers_ledgerentry l using (values (1)) v (x) on true when matched then delete",
}


def attempt(alias: str, sql: str) -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(sql)


def test_the_application_cannot_change_what_is_recorded(dossier: Dossier, in_fund: Fund) -> None:
    before = chain(dossier)
    for sql in CHANGES.values():
        with pytest.raises((ProgrammingError, InternalError), match="append-only"):
            attempt("default", sql)
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt("default", "truncate dossiers_ledgerentry")
    assert chain(dossier) == before


def test_the_application_cannot_put_the_trigger_to_sleep() -> None:
    for sql in (
        "alter table dossiers_ledgerentry disable trigger all",
        "set session_replication_role = replica",
        "drop trigger append_only on dossiers_ledgerentry",
        "create or replace function ledger_refuse() returns trigger language plpgsql as 'begin return null; end'",
    ):
        with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
            attempt("default", sql)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_the_owner_cannot_change_it_either(role: str) -> None:
    """Not even a session that replays without triggers: these two fire always."""
    attempt("owner", "alter table dossiers_ledgerentry enable always trigger no_truncate")
    attempt("owner", f"set local session_replication_role = {role}")
    for sql in (*CHANGES.values(), "truncate dossiers_ledgerentry", "truncate dossiers_dossier cascade"):
        with pytest.raises((ProgrammingError, InternalError), match="append-only"):
            attempt("owner", sql)


def test_entries_are_numbered_from_one_in_the_order_handed_over(
    dossier: Dossier, record: Record, in_fund: Fund
) -> None:
    record(dossier, asked(3), asked(1), asked(2))
    record(dossier, asked(4))
    assert [(entry.seq, entry.fact_id) for entry in chain(dossier)] == [
        (1, "recognized-1"), (2, "asked-3"), (3, "asked-1"), (4, "asked-2"), (5, "asked-4"),
    ]  # fmt: skip


def test_python_computes_the_same_hashes(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    record(
        dossier,
        asked(1)._replace(subject="Zoë \"x\" \\ 名 🙂"),
        assessed(1, 4, START + timedelta(90)),
        fact("appointment_made", START, "a", "1", purpose="first_contact", at="2026-03-09T09:30:00+01:00"),
        fact("fact_corrected", START, "c", fact="asked-1", version=2, to={"on": date(2026, 3, 3)}),
        note={"text": "Zoë \"x\" \\ \n\t 名 🙂 \u2028", "b": [1, None, True], "aa": {}},
    )  # fmt: skip
    record(dossier, asked(2))
    entries = chain(dossier)
    assert len(entries) == 6
    assert [bytes(entry.hash) for entry in entries] == independent.hashes(entries)
    assert len({bytes(entry.hash) for entry in entries}) == 6


def test_every_field_counts_in_the_hash(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    record(dossier, asked(1), note={"text": "x"})
    entry = chain(dossier)[-1]
    true = independent.text(entry)
    for field, other in [
        ("dossier_id", 0), ("seq", 9), ("fund_id", 0), ("at", entry.at + timedelta(microseconds=1)), ("actor_id", 0),
        ("trace_id", "0"), ("fact_id", "y"), ("kind", "contact_held"), ("on", START + timedelta(1)), ("subject", "s"),
        ("payload_digest", b"0"), ("values", {"a": 1}),
    ]:  # fmt: skip
        kept = getattr(entry, field)
        setattr(entry, field, other)
        assert independent.text(entry) != true, field
        setattr(entry, field, kept)
    hashed = {"hash"}  # the hash itself, and the pair that is the key
    assert {one.attname for one in LedgerEntry._meta.concrete_fields} - hashed == {
        "dossier_id", "seq", "fund_id", "at", "actor_id", "trace_id", "fact_id", "kind", "on", "subject",
        "payload_digest", "values",
    }  # fmt: skip


def test_chains_that_are_recorded_together_stay_apart(
    fund: Fund, record: Record, in_fund: Fund, dossier_of: object
) -> None:
    several = [dossier_of(start=START, today=date(2026, 11, 20)) for _ in range(3)]  # type: ignore[operator]
    for dossier in several:
        record(dossier, asked(1), asked(2))
    for dossier in several:
        entries = chain(dossier)
        assert [bytes(entry.hash) for entry in entries] == independent.hashes(entries)


def test_a_payload_counts_by_its_salted_digest(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    record(dossier, asked(1), asked(2), note={"text": "the same words"})
    payloads = list(LedgerPayload.objects.order_by("seq"))
    for payload in payloads:
        entry = LedgerEntry.objects.get(dossier=dossier, seq=payload.seq)
        assert payload.salt is not None
        assert bytes(entry.payload_digest or b"") == independent.payload_digest(payload.salt, payload.body)
        assert len(payload.salt) == 16
    assert payloads[0].salt != payloads[1].salt


def test_an_entry_without_a_note_has_no_payload(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    record(dossier, asked(1))
    assert not LedgerPayload.objects.exists()
    assert chain(dossier)[-1].payload_digest is None


def test_erasing_takes_the_words_and_leaves_the_chain(
    dossier: Dossier, record: Record, in_fund: Fund, job: Actor
) -> None:
    record(dossier, asked(1), note={"text": "a secret"})
    before = chain(dossier)
    erase(dossier_id=dossier.pk, seq=2, because="asked by the insured", actor=job)
    payload = LedgerPayload.objects.get()
    assert (payload.salt, payload.body) == (None, None)
    assert payload.erased_at is not None
    assert payload.erased_because == "TNW: asked by the insured"
    assert chain(dossier) == before
    assert verification.verify() == (2, [])
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from dossiers_ledgerpayload p where p::text like '%%secret%%'")
        assert cursor.fetchone() == (0,)


def test_erasing_says_why_and_only_once(dossier: Dossier, record: Record, in_fund: Fund, job: Actor) -> None:
    record(dossier, asked(1), note={"text": "a secret"})
    for because in ("", "  \n"):
        with pytest.raises(DomainError) as refused:
            erase(dossier_id=dossier.pk, seq=2, because=because, actor=job)
        assert (refused.value.field, refused.value.code) == ("because", "required")
    assert LedgerPayload.objects.get().body == {"text": "a secret"}
    erase(dossier_id=dossier.pk, seq=2, because="x" * 300, actor=job)
    for seq in (1, 2, 3):
        with pytest.raises(DomainError) as refused:
            erase(dossier_id=dossier.pk, seq=seq, because="again", actor=job)
        assert refused.value.code == "nothing_to_erase"


def test_another_funds_words_are_not_erased(
    dossier: Dossier, record: Record, other_fund: Fund, in_fund: Fund, job: Actor
) -> None:
    record(dossier, asked(1), note={"text": "a secret"})
    with scope.funds(other_fund.pk), pytest.raises(DomainError):
        erase(dossier_id=dossier.pk, seq=2, because="curious", actor=job)
    assert LedgerPayload.objects.get().body == {"text": "a secret"}
