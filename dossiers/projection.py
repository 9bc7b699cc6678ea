"""What follows from the ledger and is kept beside it: the rows of deadlines and the incapacity's summary.

The law decides (`dossiers.law`); here its answer is only written down, in bulk, where it differs from what stands.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from dossiers import machines
from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact, from_plain
from dossiers.law.reading import read
from dossiers.models import Dossier
from dossiers.rows import Rows
from dossiers.sharing import shared
from tnw.accounts.models import Fund
from tnw.core import staging

REBUILD_CHUNK = 5_000
Facts = Mapping[int, tuple[Fact, ...]]

DEADLINES = Rows(
    "dossiers_deadline",
    ("dossier_id", "rule", "opened_by", "occurrence"),
    {
        "dossier_id": "bigint",
        "rule": "text",
        "opened_by": "text",
        "occurrence": "smallint",
        "version": "date",
        "opens_on": "date",
        "falls_on": "date",
        "act_by": "date",
        "surfaces_on": "date",
        "anchor": "text",
        "anchor_on": "date",
        "closed_on": "date",
        "outcome": "text",
        "closed_by": "text",
        "closed_by_fact": "text",
        "paused_from": "date",
        "paused_until": "date",
        "pauses": "jsonb",
    },
)

SUMMARY = """
update dossiers_incapacity i set start = n.start, "end" = n.ends, end_reason = n.end_reason, regime = n.regime,
  cause = n.cause, employment_contract = n.employment_contract, excluded = n.excluded,
  invalidity_from = n.invalidity_from
from incapacity_new n, dossiers_dossier d where d.id = n.dossier_id and i.id = d.incapacity_id
  and (i.start, i."end", i.end_reason, i.regime, i.cause, i.employment_contract, i.excluded, i.invalidity_from)
  is distinct from (n.start, n.ends, n.end_reason, n.regime, n.cause, n.employment_contract, n.excluded, n.invalidity_from)
"""
SUMMARY_COLUMNS = """dossier_id bigint,
start date,
ends date,
end_reason text,
regime text,
cause text,
employment_contract boolean,
excluded text,
invalidity_from date"""


def facts_of(dossier_ids: Sequence[int]) -> dict[int, tuple[Fact, ...]]:
    """All facts of these dossiers, in the order of recording; a dossier without any is left out."""
    grown: dict[int, list[Fact]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            'select dossier_id, kind, "on", fact_id, subject, "values"::text from dossiers_ledgerentry '
            "where dossier_id = any(%s) order by dossier_id, seq",
            [list(dossier_ids)],
        )
        for dossier_id, *stored in cursor.fetchall():
            grown.setdefault(dossier_id, []).append(stored_fact(*stored))
    return {dossier_id: tuple(facts) for dossier_id, facts in grown.items()}


@lru_cache(maxsize=50_000)
def stored_fact(kind: str, on: date, fact_id: str, subject: str, values: str) -> Fact:
    """A fact from the columns of its entry, the values as the text that stands there."""
    return from_plain(kind, on, fact_id, subject, json.loads(values))


def project(fund: Fund, facts: Facts, *, fresh: bool = False) -> int:
    """Write down what the law makes of these dossiers' facts; gives the number of rows that were not so already.

    `fresh` dossiers have no rows yet and were made with their summary.
    """
    changed = DEADLINES.write(_lines(facts, fund.live_from), fund=fund.pk, dossiers=list(facts), fresh=fresh)
    changed += machines.write(facts, fund=fund.pk, fresh=fresh)
    if not fresh:
        staging.stage("incapacity_new", SUMMARY_COLUMNS, _summaries(facts))
        with connection.cursor() as cursor:
            cursor.execute(SUMMARY)
            changed += cursor.rowcount
    return changed


def _lines(facts: Facts, live_from: date) -> Iterator[str]:
    for dossier_id, set_of_facts in facts.items():
        for tail in _tails(set_of_facts, live_from):
            yield f"{dossier_id}\t{tail}"


@shared
def _tails(facts: tuple[Fact, ...], live_from: date) -> tuple[str, ...]:
    """The staged rows of one dossier, without its id: dossiers of the same facts share them."""
    return tuple(staging.line(*list(as_columns(row).values())) for row in deadlines(facts, live_from))


def as_columns(row: Any) -> dict[str, Any]:
    """A row of the law as the columns of its table, without the dossier."""
    last = row.pauses[-1] if row.pauses else None
    return {
        "rule": row.rule,
        "opened_by": row.opened_by,
        "occurrence": row.occurrence,
        "version": row.version,
        "opens_on": row.opens_on,
        "falls_on": row.falls_on,
        "act_by": row.act_by,
        "surfaces_on": row.surfaces_on,
        "anchor": row.anchor,
        "anchor_on": row.anchor_on,
        "closed_on": row.closed_on,
        "outcome": row.outcome or "",
        "closed_by": row.closed_by,
        "closed_by_fact": row.closed_by_fact,
        "paused_from": last and last.since,
        "paused_until": last and last.until,
        "pauses": json.dumps(
            [
                [
                    pause.since.isoformat(),
                    pause.until and pause.until.isoformat(),
                    pause.days,
                    pause.old_date.isoformat(),
                    pause.reason,
                ]
                for pause in row.pauses
            ]
        ),
    }


def _summaries(facts: Facts) -> Iterable[str]:
    for dossier_id, set_of_facts in facts.items():
        if line := _summary(set_of_facts):
            yield f"{dossier_id}\t{line}"


@shared
def _summary(facts: tuple[Fact, ...]) -> str:
    seen = read(facts)
    if seen is None:
        return ""
    return staging.line(
        seen.start,
        seen.end,
        seen.end_reason or "",
        seen.regime,
        seen.cause,
        seen.contract,
        seen.excluded or "",
        seen.invalidity_from,
    )


def states(fund: Fund, facts: Facts) -> int:
    """The state machines alone; gives the number of rows that were not so already."""
    return machines.write(facts, fund=fund.pk)


def rebuild(
    fund: Fund, *, check: bool = False, what: Callable[[Fund, Facts], int] = project
) -> tuple[int, int]:
    """Recompute a fund's projections in chunks; gives the dossiers and the rows that differed. `check` undoes it."""
    dossiers = differing = last = 0
    while True:
        with transaction.atomic():
            ids = list(
                Dossier.objects.filter(fund=fund, pk__gt=last)
                .order_by("pk")
                .select_for_update(no_key=True)
                .values_list("pk", flat=True)[:REBUILD_CHUNK]
            )
            if not ids:
                return dossiers, differing
            facts = facts_of(ids)
            if changed := what(fund, {pk: facts.get(pk, ()) for pk in ids}):
                differing += changed
                Dossier.objects.filter(pk__in=ids, unswept=False).update(unswept=True)
            dossiers += len(ids)
            last = ids[-1]
            transaction.set_rollback(check)
