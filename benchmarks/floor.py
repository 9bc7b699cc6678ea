"""The floor under a figure: the finished rows, by COPY and insert-select, into tables just like those they came from.

The tables are the product's own, in a second database of the same server: same indexes, triggers, policies and keys.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812  # a class, whatever its case
from psycopg2.extras import Json

REFERENCE = ("accounts_fund", "accounts_team", "accounts_user", "accounts_actor", "dossiers_importrun")
IMPORTED = (
    "dossiers_insuredperson",
    "dossiers_incapacity",
    "dossiers_dossier",
    "dossiers_ledgerentry",
    "dossiers_outbox",
    "routing_routea",
    "dossiers_deadline",
)


def columns(source: Connection, table: str) -> str:
    """The columns of a table that are written, as a list in SQL."""
    with source.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
            "where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
            [table],
        )
        return cursor.fetchone()[0]


def copy(source: Connection, target: Connection, table: str, folder: Path, rows: str = "true") -> float:
    """Seconds that the finished rows of a table cost the target; which of them says `rows`."""
    path = folder / f"{table}.copy"
    with path.open("w", encoding="utf-8") as out, source.cursor() as cursor:
        cursor.copy_expert(f"copy (select * from {table} where {rows}) to stdout", out)
    seconds = load(target, table, path)
    path.unlink()
    return seconds


def load(target: Connection, table: str, path: Path) -> float:
    """Seconds to stage the rows by COPY and to insert them into the protected table."""
    names = columns(target, table)
    started = time.perf_counter()
    with target.cursor() as cursor:
        cursor.execute(f"create temporary table staged on commit drop as select * from {table} limit 0")
        with path.open(encoding="utf-8") as rows:
            cursor.copy_expert(f"copy staged ({names}) from stdin", rows)
        cursor.execute(f"insert into {table} ({names}) select {names} from staged")
    target.commit()
    return time.perf_counter() - started


def insert(source: Connection, target: Connection, table: str, rows: str) -> float:
    """Seconds that these rows cost the target one by one, by plain INSERT, in one transaction."""
    names = columns(source, table)
    with source.cursor() as cursor:
        cursor.execute(f"select {names} from {table} where {rows}")
        told = [tuple(map(_plain, row)) for row in cursor]
        places = ", ".join(["%s"] * len(cursor.description or ()))
    started = time.perf_counter()
    with target.cursor() as cursor:
        for row in told:
            cursor.execute(f"insert into {table} ({names}) overriding system value values ({places})", row)
    target.commit()
    return time.perf_counter() - started


def _plain(value: object) -> object:
    return Json(value) if isinstance(value, dict) else value


@contextlib.contextmanager
def connected(dsn: str, scope: str = "") -> Iterator[Connection]:
    """A connection of its own, inside the wall of the funds given by key."""
    connection = psycopg2.connect(dsn)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select set_config('tnw.funds', %s, false)", [scope])
        connection.commit()
        yield connection
    finally:
        connection.close()
