"""A file's lines in the session's staging tables: read once, judged as a whole, taken out in chunks by position.

The tables are the session's own (`tnw.core.staging`): a killed import leaves nothing, and the next one reads again.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import Error, connection

from dossiers.feed.facts import FactLine
from dossiers.feed.faults import Rejection
from dossiers.feed.recognitions import Recognition
from dossiers.law.kinds import CORRECTIONS
from tnw.core import staging

RECOGNITIONS = """line int,
fault_column text,
fault_code text,
reference text collate "C",
version int,
ssin text collate "C",
replaced_ssin text collate "C",
last_name text,
first_name text,
birth_date date,
language text,
street text,
postal_code text,
city text,
email text,
phone text,
regime text,
cause text,
employer_number text,
employment_contract boolean,
start date,
ends date,
end_reason text,
invalidity_from date,
excluded text,
person text collate "C",
position int"""

FACTS = """line int,
fault_column text,
fault_code text,
reference text collate "C",
fact_id text collate "C",
kind text,
"on" date,
subject text,
details jsonb,
correction boolean,
position int"""

REJECTED = """
insert into dossiers_importrejection (fund_id, run_id, line, "column", code)
select %(fund)s, %(run)s, line, fault_column, fault_code from lines_refused
"""


class Table(NamedTuple):
    """One kind of file: its staging table, and the order in which its lines are taken."""

    name: str
    columns: str
    order: str


RECOGNITION_TABLE = Table("feed_recognitions", RECOGNITIONS, "line")
# All of one dossier's facts together, what corrects after what it corrects.
FACT_TABLE = Table("feed_facts", FACTS, "reference, correction, line")


def fill(table: Table, lines: Iterator[str]) -> int:
    """Stage the lines, number them in the order of taking, and give how many there are."""
    staging.stage(table.name, table.columns, lines, keep=True)
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {table.name}")
        if table.order == "line":
            cursor.execute(f"create index if not exists {table.name}_position on {table.name} (line)")
        else:
            cursor.execute(
                f"update {table.name} f set position = o.position from (select line, row_number() over "  # noqa: S608
                f"(order by {table.order}) as position from {table.name} where fault_code = '') o where o.line = f.line"
            )
        cursor.execute(f"select count(*) from {table.name}")  # noqa: S608
        return cursor.fetchone()[0]


def of_recognition(item: Recognition | Rejection) -> str:
    """A line of the feed as a row of its staging table; its person and position are found later."""
    if isinstance(item, Rejection):
        return staging.line(item.line, item.column, item.code, *[None] * 24)
    return staging.line(
        item.line, "", "", item.reference, item.version, item.ssin, item.replaced_ssin, item.last_name,
        item.first_name, item.birth_date, item.language, item.street, item.postal_code, item.city, item.email,
        item.phone, item.regime, item.cause, item.employer_number, item.employment_contract, item.start, item.end,
        item.end_reason, item.invalidity_from, item.excluded, item.ssin, item.line,
    )  # fmt: skip


def rows(sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """The rows of a query over the staging tables."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def run(sql: str, parameters: Any = None) -> int:
    """Run a statement; gives the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def of_fact(item: FactLine | Rejection) -> str:
    """A line of history as a row of its staging table."""
    if isinstance(item, Rejection):
        return staging.line(item.line, item.column, item.code, *[None] * 8)
    fact = item.fact
    values = json.dumps(fact.values.plain(), ensure_ascii=False)
    return staging.line(
        item.line, "", "", item.reference, fact.id, fact.kind, fact.on, fact.subject, values,
        fact.kind in CORRECTIONS, None,
    )  # fmt: skip


def refuse(lines: list[str], fund_id: int, run_id: int) -> int:
    """Refuse lines that showed their fault only beside their dossier; gives their number, and empties the list."""
    if count := len(lines):
        staging.stage("lines_refused", "line int,\nfault_column text,\nfault_code text", lines)
        run(REJECTED, {"fund": fund_id, "run": run_id})
        lines.clear()
    return count


def drop() -> None:
    """Leave nothing of a file in the session, which goes on to serve others."""
    with contextlib.suppress(Error):  # a lost connection, or a broken transaction, has nothing left
        run(f"drop table if exists {RECOGNITION_TABLE.name}, {FACT_TABLE.name}, feed_renamed")
