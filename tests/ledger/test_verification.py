"""What a superuser did to the ledger is found, from within or against a root that was kept elsewhere."""

import gzip
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from dossiers import verification
from dossiers.models import Dossier
from tests import population
from tests.ledger.conftest import START, TODAY, Record, asked
from tnw.accounts.models import Actor, Fund
from tnw.core import clock, scope

# What was done, to dossier %(a)s of four entries (the second with a note), and which entries are told of it.
TAMPERED = {
    "another value": ("""update dossiers_ledgerentry set "values" = '{"a": 1}' where seq = 2""", ["2: hash"]),
    "another kind": ("update dossiers_ledgerentry set kind = 'contact_held' where seq = 2", ["2: hash"]),
    "another day": ("""update dossiers_ledgerentry set "on" = "on" + 1 where seq = 2""", ["2: hash"]),
    "another id": ("update dossiers_ledgerentry set fact_id = 'x' where seq = 2", ["2: hash"]),
    "another subject": ("update dossiers_ledgerentry set subject = 'x' where seq = 2", ["2: hash"]),
    "another moment": ("update dossiers_ledgerentry set at = at + interval '1 microsecond' where seq = 2", ["2: hash"]),
    "another actor": (
        "update dossiers_ledgerentry set actor_id = (select max(id) + 1 from accounts_actor) where seq = 2", ["2: hash"],
    ),
    "another trace": ("update dossiers_ledgerentry set trace_id = gen_random_uuid() where seq = 2", ["2: hash"]),
    "another fund": ("update dossiers_ledgerentry set fund_id = %(other)s where seq = 2", ["2: hash"]),
    "another digest": (
        "update dossiers_ledgerentry set payload_digest = sha256('x') where seq = 2", ["2: hash"],
    ),
    "another hash": ("update dossiers_ledgerentry set hash = sha256('x') where seq = 3", ["3: hash", "4: hash"]),
    "one more": (
        """insert into dossiers_ledgerentry (dossier_id, seq, fund_id, at, actor_id, trace_id, fact_id, kind, "on", subject,
        "values", payload_digest, hash) select dossier_id, 5, fund_id, at, actor_id, trace_id, 'x', kind, "on", subject,
        "values", null, hash from dossiers_ledgerentry where seq = 4""", ["5: hash"],
    ),
    "one in between": (
        """update dossiers_ledgerentry set seq = seq + 100 where seq > 2;
        update dossiers_ledgerentry set seq = seq - 99 where seq > 100;
        insert into dossiers_ledgerentry (dossier_id, seq, fund_id, at, actor_id, trace_id, fact_id, kind, "on", subject,
        "values", payload_digest, hash) select dossier_id, 3, fund_id, at, actor_id, trace_id, 'x', kind, "on", subject,
        "values", null, hash from dossiers_ledgerentry where seq = 2""", ["3: hash", "4: hash", "5: hash"],
    ),
    "one missing": ("delete from dossiers_ledgerentry where seq = 3", ["4: numbering"]),
    "the first missing": (
        "delete from dossiers_ledgerentry where seq = 1", ["2: numbering", "3: numbering", "4: numbering"],
    ),
    "one missing and renumbered": (
        """delete from dossiers_ledgerentry where seq = 3; update dossiers_ledgerentry set seq = 3 where seq = 4""",
        ["3: hash"],
    ),
    "two exchanged": (
        """update dossiers_ledgerentry set seq = 9 where seq = 3; update dossiers_ledgerentry set seq = 3 where seq = 4;
        update dossiers_ledgerentry set seq = 4 where seq = 9""", ["3: hash", "4: hash"],
    ),
    "all missing": ("delete from dossiers_ledgerentry; delete from dossiers_ledgerpayload", ["1: missing"]),
    "the dossier missing": (
        "delete from dossiers_dossier; update dossiers_ledgerentry set kind = 'x' where seq = 2", ["2: hash"],
    ),
    "other words": ("""update dossiers_ledgerpayload set body = '{"text": "other"}'""", ["2: payload"]),
    "another salt": ("update dossiers_ledgerpayload set salt = 'x'", ["2: payload"]),
    "words gone": ("delete from dossiers_ledgerpayload", ["2: payload"]),
    "words put in": (
        """insert into dossiers_ledgerpayload (dossier_id, seq, fund_id, salt, body, erased_because)
        select dossier_id, 3, fund_id, salt, body, '' from dossiers_ledgerpayload""",
        ["3: payload"],
    ),
    "words of nothing": (
        """insert into dossiers_ledgerpayload (dossier_id, seq, fund_id, salt, body, erased_because)
        select dossier_id, 9, fund_id, salt, body, '' from dossiers_ledgerpayload""",
        ["9: payload"],
    ),
    "nothing at all": ("select 1", []),
}  # fmt: skip
# What only a root shows: the chain is whole again, or nothing of it is left.
REWRITE = """
update dossiers_ledgerentry l set "values" = '{"a": 1}' where seq = 4;
update dossiers_ledgerentry l set hash = (select sha256(p.hash || ledger_text(l.dossier_id, l.seq, l.fund_id, l.at,
  l.actor_id, l.trace_id, l.fact_id, l.kind, l."on", l.subject, l.payload_digest, l."values"))
  from dossiers_ledgerentry p where p.dossier_id = l.dossier_id and p.seq = 3) where seq = 4
"""
AGAINST_ROOT = {
    "a tail rewritten": (REWRITE, "4: rewritten"),
    "a tail cut off": ("delete from dossiers_ledgerentry where seq = 4", "4: cut off"),
    "a dossier wholly removed": (
        "delete from dossiers_ledgerpayload; delete from dossiers_ledgerentry; delete from dossiers_dossier", "4: cut off",
    ),
}  # fmt: skip


def run(**options: object) -> tuple[int, list[str]]:
    """Exit code, and the lines that name an entry, without their dossier."""
    out = io.StringIO()
    try:
        call_command("verify_ledger", stdout=out, **options)
    except SystemExit as exit:
        return int(str(exit.code)), _told(out)
    return 0, _told(out)


def _told(out: io.StringIO) -> list[str]:
    return [line.split(" entry ")[1] for line in out.getvalue().splitlines() if " entry " in line]


class Superuser:
    """Does what no one may, with triggers asleep, and brings all back."""

    TABLES = ("dossiers_ledgerentry", "dossiers_ledgerpayload", "dossiers_dossier")

    def __init__(self, *funds: int) -> None:
        self.funds = funds
        self.do(
            "".join(f"create temporary table kept_{table} as select * from {table};" for table in self.TABLES)
        )

    def do(self, sql: str) -> None:
        owner = connections["owner"]
        with scope.funds(*self.funds), transaction.atomic(using="owner"), owner.cursor() as cursor:
            cursor.execute("alter table dossiers_ledgerentry disable trigger append_only")
            cursor.execute("set local session_replication_role = replica")
            cursor.execute(sql.replace("%(other)s", str(self.funds[-1])))
            cursor.execute("alter table dossiers_ledgerentry enable always trigger append_only")

    def restore(self) -> None:
        self.do(
            "".join(
                f"delete from {table}; insert into {table} select * from kept_{table};"
                for table in self.TABLES
            )
        )


@pytest.fixture
def four(dossier: Dossier, record: Record) -> Dossier:
    record(dossier, asked(1), note={"text": "words"})
    record(dossier, asked(2), asked(3))
    return dossier


@pytest.mark.django_db(transaction=True)
def test_what_was_done_to_the_ledger_is_found(
    fund: Fund, other_fund: Fund, four: Dossier, record: Record, tmp_path: Path
) -> None:
    superuser = Superuser(fund.pk, other_fund.pk)
    assert run() == (0, [])
    for name, (sql, told) in TAMPERED.items():
        superuser.do(sql)
        assert run() == (1 if told else 0, told), name
        superuser.restore()
    root = tmp_path / "root.gz"
    with scope.funds(fund.pk), clock.at(TODAY):
        assert verification.export_root(root, clock.now()) == 1
    assert run(root=root) == (0, [])
    for name, (sql, fault) in AGAINST_ROOT.items():
        superuser.do(sql)
        assert run() == (0, []), f"{name}: found without the root too"
        assert run(root=root) == (1, [fault]), name
        superuser.restore()
    record(four, asked(4))
    assert run(root=root) == (0, []), "what was recorded since then"
    connections["owner"].close()


@pytest.fixture
def root(four: Dossier, in_fund: Fund, tmp_path: Path) -> Path:
    path = tmp_path / "root.gz"
    verification.export_root(path, clock.now())
    return path


@pytest.mark.django_db
def test_a_root_names_each_head_once_and_leaves_no_half_file(root: Path, four: Dossier) -> None:
    head, line = gzip.decompress(root.read_bytes()).decode().splitlines()
    assert head.startswith("tnw-ledger-root 1 ")
    assert line.split()[:2] == [str(four.pk), "4"]
    assert [path.name for path in root.parent.iterdir()] == ["root.gz"]


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


HEADER = "tnw-ledger-root 1 2026-11-20\n"
HASH = "0" * 64
NO_ROOTS = {
    "empty": b"",
    "text": b"tnw-ledger-root 1\n",
    "a zip": b"PK\x03\x04" + bytes(100),
    "another gzip": packed("reference;version\n1;2\n"),
    "an empty gzip": packed(""),
    "cut off": packed(HEADER + f"1 1 {HASH}\n" * 1000)[:-12],
    "bits turned over": (lambda raw: raw[:14] + bytes(byte ^ 255 for byte in raw[14:]))(
        packed(HEADER + f"1 1 {HASH}\n")
    ),
    "too few fields": packed(HEADER + "1 1\n"),
    "too many fields": packed(HEADER + f"1 1 {HASH} x\n"),
    "no number": packed(HEADER + f"a 1 {HASH}\n"),
    "too great a number": packed(HEADER + f"{10**20} 1 {HASH}\n"),
    "no hash": packed(HEADER + "1 1 xyz\n"),
    "half a last line": packed(HEADER + "1 1 00"),
    "not ASCII": packed(HEADER + "é"),
    "another version": packed(HEADER.replace(" 1 ", " 2 ") + f"1 1 {HASH}\n"),
}


def verify(root: Path) -> None:
    with transaction.atomic():  # the test's own goes on after a COPY that failed
        call_command("verify_ledger", root=root, stdout=io.StringIO())


@pytest.mark.django_db
def test_a_file_that_is_no_root_is_told_in_one_sentence(four: Dossier, tmp_path: Path) -> None:
    for name, content in NO_ROOTS.items():
        path = tmp_path / "other.gz"
        path.write_bytes(content)
        with pytest.raises(CommandError, match=r"^other\.gz is not a ledger root$") as refused:
            verify(path)
        assert refused.value.returncode == 2, name
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(CommandError, match="is not a ledger root"):
            verify(path)


@pytest.mark.django_db
def test_all_funds_are_verified(fund: Fund, other_fund: Fund, four: Dossier) -> None:
    population.dossier(fund=other_fund, start=START, today=TODAY)
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == "5 entries, 0 broken\n"


@pytest.mark.django_db
def test_verifying_twice_in_one_session_reads_the_root_anew(root: Path, four: Dossier, job: Actor) -> None:
    for _ in range(2):
        assert run(root=root) == (0, [])
