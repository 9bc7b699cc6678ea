"""The two counts of the funding, closed at the end of each quarter: what is recorded later shows as a correction.

A quarter is closed as it was recorded by the first moment after it, however late the job runs: what it closes is the
ledger's own, which never changes, so that running late or twice makes no difference.
"""

# put together from the table of figures; what is asked for are parameters

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from dossiers.models import ClosedQuarter, Dossier
from routing.figures.counting import after, numbers, parameters
from routing.figures.quarter import Quarter
from routing.figures.sources import PREAMBLE, source_of
from routing.figures.table import FUNDING, Figure
from tnw.accounts.models import Actor, Fund
from tnw.core import clock

# A quarter is closed on the day after its last one (own): in one place, should the funding allow for late entries.
DAYS_AFTER = 1

# All in one statement: of two jobs at once the second finds the quarter closed, and does nothing.
_CLOSE = """
, facts as materialized (select r.dossier_id, r.fact_id, r.day from ({source}) r
), closing as (
  insert into dossiers_closedquarter (fund_id, figure, quarter, closed_at, number)
  select %(fund)s, %(figure)s, %(first)s, %(known)s, (select count(*) from facts)
  on conflict (fund_id, figure, quarter) do nothing returning id
), kept as (
  insert into dossiers_closedfact (fund_id, closing_id, dossier_id, fact_id, "on")
  select %(fund)s, closing.id, f.dossier_id, f.fact_id, f.day from closing, facts f
)
select count(*) from closing
"""

# Where anything may have changed: what was recorded since of the quarter, or corrects or undoes whatever there was.
_TOUCHED_SINCE = """
select dossier_id from dossiers_ledgerentry where fund_id = %(fund)s and kind in %(kinds)s and "on" >= %(first)s
  and "on" < %(until)s and at >= %(closed)s
union
select dossier_id from dossiers_ledgerentry
where fund_id = %(fund)s and kind in ('fact_corrected', 'fact_voided', 'declaration_voided') and at >= %(closed)s
"""

# What counts now and was not closed, and what was closed and does not count now, each with what changed it: the latest
# entry that is the fact or is about it, or that declared its declaration void.
_CHANGED = """
, now as materialized (select r.dossier_id, r.fact_id, r.day from ({source}) r),
was as materialized (
  select f.dossier_id, f.fact_id, f."on" as day from dossiers_closedfact f
  where f.closing_id = %(closing)s and f.dossier_id = any(%(among)s::bigint[])
), changed as (
  select 1 as by, n.* from now n where not exists (
    select from was w where w.dossier_id = n.dossier_id and w.fact_id = n.fact_id)
  union all
  select -1, w.* from was w where not exists (
    select from now n where n.dossier_id = w.dossier_id and n.fact_id = w.fact_id)
)
select c.by, c.dossier_id, c.fact_id, c.day, cause.at, cause.kind, cause.actor_id from changed c, lateral (
  select e.at, e.kind, e.actor_id from dossiers_ledgerentry e
  where e.dossier_id = c.dossier_id and (e.fact_id = c.fact_id or e."values"->>'fact' = c.fact_id
    or e.kind = 'declaration_voided' and e.subject <> '' and e.subject = (
      select o.subject from dossiers_ledgerentry o where o.dossier_id = c.dossier_id and o.fact_id = c.fact_id))
  order by e.seq desc limit 1) cause
order by cause.at, c.dossier_id, c.fact_id
"""


class Change(NamedTuple):
    """One more, or one fewer, than was closed: which fact, and what changed it, recorded when and by whom."""

    by: int
    dossier: Dossier
    fact_id: str
    day: date
    at: datetime
    kind: str
    actor: Actor


class QuarterCount(NamedTuple):
    """A quarter of a count: as it was closed, or as it is counted now while it is open; and what came after the closing."""

    figure: Figure
    quarter: Quarter
    number: int
    closed_at: datetime | None = None
    changes: tuple[Change, ...] = ()

    @property
    def now(self) -> int:
        """As it reads today, corrections counted."""
        return self.number + sum(change.by for change in self.changes)

    @property
    def added(self) -> int:
        return sum(change.by > 0 for change in self.changes)

    @property
    def taken_off(self) -> int:
        return sum(change.by < 0 for change in self.changes)


class Closed(NamedTuple):
    """How many counts were closed."""

    quarters: int


def closes_at(quarter: Quarter) -> datetime:
    """The moment up to which a quarter counts what is recorded."""
    return clock.midnight(quarter.last + timedelta(days=DAYS_AFTER))


def close(fund: Fund, today: date) -> Closed:
    """Close every count of a quarter that has ended since the fund began and is not closed, inside its wall."""
    done = set(ClosedQuarter.objects.filter(fund=fund).values_list("figure", "quarter"))
    number = 0
    for quarter in _ended(fund, today):
        for figure in FUNDING:
            if (figure.code, quarter.first) not in done:
                number += _close(fund, figure, quarter)
    return Closed(number)


def _ended(fund: Fund, today: date) -> Iterable[Quarter]:
    quarter = Quarter.of(fund.live_from)
    while quarter.last + timedelta(days=DAYS_AFTER) <= today:
        yield quarter
        quarter = quarter.back(-1)


@transaction.atomic
def _close(fund: Fund, figure: Figure, quarter: Quarter) -> int:
    asked = parameters(fund.pk, [figure], [quarter], quarter.last, known=closes_at(quarter))
    with connection.cursor() as cursor:
        cursor.execute(PREAMBLE + _CLOSE.format(source=source_of(figure)), {**asked, "figure": figure.code})
        return int(cursor.fetchone()[0])


def told(actor: Actor, figure: Figure, quarters: Sequence[Quarter], today: date) -> list[QuarterCount]:
    """A count of the funding in these quarters, as closed where they are, with what came after; the fund's own."""
    closed = {
        one.quarter: one
        for one in ClosedQuarter.objects.visible_to(actor).filter(
            figure=figure.code, quarter__in=[quarter.first for quarter in quarters]
        )
    }
    open_ones = [quarter for quarter in quarters if quarter.first not in closed]
    counted = numbers(actor, [figure], open_ones, today)[figure.code] if open_ones else {}
    return [
        QuarterCount(figure, quarter, one.number, one.closed_at, _changes(actor, one, figure, quarter, today))
        if (one := closed.get(quarter.first))
        else QuarterCount(figure, quarter, sum(counted.get(quarter.first, {}).values()))
        for quarter in quarters
    ]


def _changes(
    actor: Actor, closing: ClosedQuarter, figure: Figure, quarter: Quarter, today: date
) -> tuple[Change, ...]:
    since: dict[str, Any] = {"fund": closing.fund_id, "kinds": figure.kinds, "closed": closing.closed_at}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED_SINCE, {**since, "first": quarter.first, "until": after(quarter)})
        among = [dossier for (dossier,) in cursor.fetchall()]
    if not among:
        return ()
    asked = parameters(closing.fund_id, [figure], [quarter], today, among=among)
    with connection.cursor() as cursor:
        cursor.execute(PREAMBLE + _CHANGED.format(source=source_of(figure)), {**asked, "closing": closing.pk})
        rows = cursor.fetchall()
    if not rows:
        return ()
    people = Actor.objects.in_bulk({row[6] for row in rows})
    dossiers = Dossier.objects.visible_to(actor).select_related("incapacity__person")
    seen = dossiers.in_bulk({row[1] for row in rows})
    return tuple(
        Change(by, seen[dossier], fact, day, at, kind, people[who])
        for by, dossier, fact, day, at, kind, who in rows
        if dossier in seen
    )
