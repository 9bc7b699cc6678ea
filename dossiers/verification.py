"""Is the ledger what was recorded? Recomputes every chain in the database, and holds it against a root exported before."""

import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.db import connection, transaction

from tnw.core import staging
from tnw.core.errors import DomainError

FORMAT = "tnw-ledger-root 1"
HEAD = re.compile(r"\d{1,18} \d{1,9} [0-9a-f]{64}\n")

# An entry is right where its number follows, its hash is that of its text after the one before, and its free text
# is the one that its digest was made of. A payload without a row is as wrong as one that was changed.
BROKEN = """
select coalesce(d.public_id::text, x.dossier_id::text), x.seq, x.fault from (
  select dossier_id, seq, case
    when seq <> nth then 'numbering'
    when hash <> sha256(before || ledger_text(dossier_id, seq, fund_id, at, actor_id, trace_id, fact_id, kind, "on", subject,
      payload_digest, "values")) then 'hash'
    when payload_digest is not null and not exists (
      select from dossiers_ledgerpayload p where p.dossier_id = l.dossier_id and p.seq = l.seq and (
        p.erased_at is not null or sha256(p.salt || convert_to(p.body::text, 'UTF8')) = l.payload_digest)) then 'payload'
    end as fault
  from (select *, row_number() over w as nth, lag(hash, 1, ''::bytea) over w as before
    from dossiers_ledgerentry window w as (partition by dossier_id order by seq)) l) x
left join dossiers_dossier d on d.id = x.dossier_id where x.fault is not null order by x.dossier_id, x.seq
"""

# Free text that no entry's digest was made of, or of no entry at all.
LOOSE = """
select coalesce(d.public_id::text, p.dossier_id::text), p.seq, 'payload' from dossiers_ledgerpayload p
left join dossiers_ledgerentry l on l.dossier_id = p.dossier_id and l.seq = p.seq
left join dossiers_dossier d on d.id = p.dossier_id where l.payload_digest is null order by p.dossier_id, p.seq
"""

# A dossier without an entry cannot be: it begins with its recognition.
EMPTY = """
select d.public_id, 1, 'missing' from dossiers_dossier d
where not exists (select from dossiers_ledgerentry l where l.dossier_id = d.id)
"""

HEADS = """
select dossier_id, seq, encode(hash, 'hex') from (
  select distinct on (dossier_id) dossier_id, seq, hash from dossiers_ledgerentry order by dossier_id, seq desc) heads
"""

AGAINST_ROOT = """
select coalesce(d.public_id::text, r.dossier_id::text), r.seq, case when l.seq is null then 'cut off' else 'rewritten' end
from ledger_root r left join dossiers_ledgerentry l on l.dossier_id = r.dossier_id and l.seq = r.seq
left join dossiers_dossier d on d.id = r.dossier_id
where l.hash is distinct from decode(r.hash, 'hex') order by r.dossier_id
"""


class Broken(NamedTuple):
    """An entry that is not as it was recorded, by the dossier's public id and the entry's number."""

    dossier: str
    seq: int
    fault: str


def verify(root: Path | None = None) -> tuple[int, list[Broken]]:
    """The number of entries in scope, and up to 1,000 broken ones. Raises DomainError where the root is no such file."""
    broken = [
        Broken(str(dossier), seq, fault)
        for sql in (BROKEN, LOOSE, EMPTY)
        for dossier, seq, fault in _first(sql)
    ]
    if root is not None:
        staging.stage("ledger_root", "dossier_id bigint,\nseq int,\nhash text", _heads_in(root), keep=True)
        with connection.cursor() as cursor:
            cursor.execute("analyze ledger_root")
        broken += [Broken(*row) for row in _first(AGAINST_ROOT)]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from dossiers_ledgerentry")
        return cursor.fetchone()[0], broken


def export_root(path: Path, now: datetime) -> int:
    """Write the head of every chain in scope to a file that is kept elsewhere; gives the number of heads."""
    heads = 0
    unfinished = path.with_name(f".{path.name}.{uuid4()}")
    with (
        gzip.open(unfinished, "wt", encoding="ascii") as out,
        transaction.atomic(),
        connection.chunked_cursor() as cursor,  # the server's own: there is a head for every dossier
    ):
        out.write(f"{FORMAT} {now.isoformat()}\n")
        cursor.execute(HEADS)
        while rows := cursor.fetchmany(10_000):
            heads += len(rows)
            out.writelines(f"{dossier} {seq} {digest}\n" for dossier, seq, digest in rows)
    unfinished.rename(path)
    return heads


def _first(sql: str) -> list[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} limit 1000")
        return cursor.fetchall()


def _heads_in(root: Path) -> Iterator[str]:
    try:
        with gzip.open(root, "rt", encoding="ascii") as lines:
            if not next(lines, "").startswith(FORMAT):
                raise DomainError("%(file)s is not a ledger root", file=root.name)
            for text in lines:
                if not HEAD.fullmatch(text):
                    raise ValueError
                yield staging.line(*text.split())
    except (OSError, EOFError, ValueError, zlib.error):
        raise DomainError("%(file)s is not a ledger root", file=root.name) from None
