"""Facts that a correction is about, as they read now or read on a day: by the law itself (F1), never by SQL of its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection

from dossiers.law.facts import corrected
from dossiers.law.kinds import CORRECTIONS
from dossiers.projection import stored_fact

# Those that were corrected and not voided: a void beats a correction, whatever the version.
_TOUCHED = """
with said as materialized (
  select dossier_id, seq, fact_id, kind, "on", subject, "values", "values"->>'fact' as about,
    ("values"->'to'->>'on')::date as moved
  from dossiers_ledgerentry
  where fund_id = %(fund)s and kind in ('fact_corrected', 'fact_voided')
    and (%(known)s::timestamptz is null or at < %(known)s)
    and (%(among)s::bigint[] is null or dossier_id = any(%(among)s::bigint[]))
), theirs as (
  select e.dossier_id, e.seq, e.kind, e."on", e.fact_id, e.subject, e."values" from dossiers_ledgerentry e
  join (
    select dossier_id, about, bool_or(moved >= %(first)s and moved < %(until)s) as moved_in from said
    where kind = 'fact_corrected' group by dossier_id, about
  ) c
    on c.dossier_id = e.dossier_id and c.about = e.fact_id
  where e.fund_id = %(fund)s and e.kind in %(kinds)s and (%(known)s::timestamptz is null or e.at < %(known)s)
    and (%(first)s::date is null or (e."on" >= %(first)s and e."on" < %(until)s) or c.moved_in)
    and not exists (
      select from said v where v.kind = 'fact_voided' and v.dossier_id = e.dossier_id and v.about = e.fact_id)
)
select dossier_id, seq, kind, "on", fact_id, subject, "values"::text from theirs
union all
select s.dossier_id, s.seq, s.kind, s."on", s.fact_id, s.subject, s."values"::text from said s
where s.kind = 'fact_corrected' and exists (
  select from theirs t where t.dossier_id = s.dossier_id and t.fact_id = s.about)
"""


def reread(
    fund: int,
    kinds: Iterable[str],
    known: datetime | None = None,
    among: list[int] | None = None,
    days: tuple[date, date] | None = None,
) -> list[dict[str, Any]]:
    """The facts of these kinds that were corrected, in a fund or some dossiers, as recorded by `known`.

    With `days` only those that were told, or are now, of a day from the first up to, not including, the second.
    """
    first, until = days or (None, None)
    wanted = tuple(kinds)
    if not wanted:
        return []
    ledgers: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "fund": fund,
            "kinds": wanted,
            "known": known,
            "among": among,
            "first": first,
            "until": until,
        }
        cursor.execute(_TOUCHED, asked)
        for dossier_id, *entry in cursor.fetchall():
            ledgers[dossier_id].append(tuple(entry))
    return [one for dossier_id, entries in ledgers.items() for one in _of_one(dossier_id, entries)]


def _of_one(dossier_id: int, entries: list[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    facts = [stored_fact(*stored) for _seq, *stored in sorted(entries)]
    for fact in corrected(facts):
        if fact.kind not in CORRECTIONS:
            yield {
                "dossier_id": dossier_id,
                "fact_id": fact.id,
                "kind": fact.kind,
                "day": fact.on.isoformat(),
                "subject": fact.subject,
                "values": fact.values.plain(),
            }
