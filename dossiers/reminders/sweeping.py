"""The sweep: one marker row for each step whose day has come, whatever day it runs on (T21).

A step is taken where the deadline was open on the step's day by its own dates, so that a week without runs and
one run leave the rows that seven daily runs would have left. What has to be looked at comes from two sources:

- dossiers that were recorded in since (`Dossier.unswept`): all their deadlines, all steps up to today;
- days that passed (`SweptThrough`): per rule and day the deadlines whose date lies that far off.

Both are rows that a worker locks and others skip. A chunk is one transaction: of a killed worker's chunk nothing
stays, and the next one finds it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import structlog
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg2 import errorcodes

from dossiers.law.calendar import ONE_DAY, legal_holidays
from dossiers.models import Dossier, SweptThrough
from dossiers.reminders.steps import RULE_IDS, Step, steps_of
from tnw.accounts.models import Fund

log = structlog.get_logger(__name__)

CHUNK = 1000
RULES_AT_ONCE = 5
# Shorter than PostgreSQL's deadlock_timeout (1 s): where a page and a sweep stand in each other's way, the sweep gives in.
PATIENCE = "400ms"
ATTEMPTS = 20
# The first key of the advisory lock that a digest takes to wait for chunks at work; the second is the fund.
CHUNKS_AT_WORK = 21

# A pause that moved the date: the steps of the new date lie after it. One that did not: none while it lasts (T18).
TAKE = """
with step (rule, code, audience, counted_from, days, low, high) as (values {steps}),
made as (
  insert into dossiers_reminder (fund_id, deadline_id, falls_on, step, audience, "on")
  select d.fund_id, d.id, d.falls_on, s.code, s.audience, t.day
  from step s
  join dossiers_deadline d on d.fund_id = %(fund)s and d.rule = s.rule and {which}
  cross join lateral (select case s.counted_from
    when 'act_by' then d.act_by + s.days when 'falls_on' then d.falls_on + s.days
    when 'surfaces' then d.surfaces_on + s.days
    else (select d.act_by - n from generate_series(1, 60) n
      where extract(isodow from d.act_by - n) < 6 and d.act_by - n <> all(%(holidays)s::date[])
      order by n limit 1 offset -s.days - 1) end as day) c
  -- What was born late is told on the day it opens; what lies before the opening is passed over.
  cross join lateral (select case when s.days >= 0 then greatest(c.day, d.opens_on) else c.day end as day) t
  where c.day is not null and t.day between %(first)s and %(last)s
    and d.opens_on <= t.day and (d.closed_on is null or d.closed_on > t.day)
    and (d.paused_from is null or not exists (
      select from jsonb_array_elements(d.pauses) p
      where t.day < coalesce((p->>1)::date, 'infinity') and ((p->>2)::int > 0 or t.day >= (p->>0)::date)))
  order by d.id, s.code
  on conflict (deadline_id, falls_on, step) do nothing
  returning audience)
select count(*) filter (where audience = 'owner'), count(*) filter (where audience = 'team_lead') from made
"""
OF_DOSSIERS = "d.dossier_id = any(%(dossiers)s)"
OF_A_DAY = "d.falls_on between s.low and s.high"
COLUMNS = {
    "rule": "",
    "code": "",
    "audience": "",
    "counted_from": "",
    "days": "::int",
    "low": "::date",
    "high": "::date",
}
IN_THE_WAY = (errorcodes.LOCK_NOT_AVAILABLE, errorcodes.DEADLOCK_DETECTED, errorcodes.FOREIGN_KEY_VIOLATION)

T = TypeVar("T")


class Made(NamedTuple):
    """What a sweep did: to whoever acts, and to the team lead."""

    reminders: int = 0
    escalations: int = 0

    def plus(self, other: "Made") -> "Made":
        return Made(self.reminders + other.reminders, self.escalations + other.escalations)


def sweep(fund: Fund, today: date, rules: Iterable[str]) -> Made:
    """Take every step up to `today`: of dossiers recorded in, all rules; of days that passed, these rules.

    Works inside the fund's wall. When it returns, no other worker is still busy with a day of these rules.
    """
    steps = steps_of(fund)
    _first_days(fund, today)
    made, after = Made(), 0
    while chunk := _patiently(lambda: _dossiers(fund, today, steps, after)):  # noqa: B023  # called at once
        made, after = made.plus(chunk[0]), chunk[1]
    wanted = sorted(set(rules))
    while done := _patiently(lambda: _day(fund, today, steps, wanted)):
        made = made.plus(done)
    return made


def _first_days(fund: Fund, today: date) -> None:
    """A rule that was never swept begins today: what was recorded before is found by its dossier."""
    known = set(SweptThrough.objects.filter(fund=fund).values_list("rule", flat=True))
    if missing := [rule for rule in RULE_IDS if rule not in known]:
        SweptThrough.objects.bulk_create(
            [SweptThrough(fund=fund, rule=rule, day=today) for rule in missing], ignore_conflicts=True
        )


def _dossiers(fund: Fund, today: date, steps: Sequence[Step], after: int) -> tuple[Made, int] | None:
    """One chunk of dossiers after this key, and the last key in it; None where none is left."""
    waiting = Dossier.objects.filter(fund=fund, unswept=True, pk__gt=after).order_by("pk")
    keys = list(
        waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).values_list("pk", flat=True)[
            :CHUNK
        ]
    )
    if not keys:
        return None
    _at_work(fund)
    with connection.cursor() as cursor:
        # A day that another worker is just taking may not have seen these dossiers: wait for it, and go as far.
        cursor.execute(
            "select max(day) from (select day from dossiers_sweptthrough where fund_id = %s order by id for share) s",
            [fund.pk],
        )
        swept = cursor.fetchone()[0]
    made = _take(fund, steps, OF_DOSSIERS, last=max(today, swept or today), dossiers=keys)
    Dossier.objects.filter(pk__in=keys).update(unswept=False)
    return made, keys[-1]


def _day(fund: Fund, today: date, steps: Sequence[Step], rules: Sequence[str]) -> Made | None:
    """The next day of some of these rules; None where all of them have come to today."""
    behind = SweptThrough.objects.filter(fund=fund, rule__in=rules, day__lt=today).order_by("day", "rule")
    # Others' rows are skipped first, and waited for last: a killed worker's day must not be left lying.
    rows = list(behind.select_for_update(skip_locked=True, no_key=True)[:RULES_AT_ONCE])
    if not rows:
        rows = list(behind.select_for_update(no_key=True)[:RULES_AT_ONCE])
    if not rows:
        return None
    _at_work(fund)
    taken = {row.rule: row.pk for row in rows if row.day == rows[0].day}
    day = rows[0].day + ONE_DAY
    made = _take(fund, [step for step in steps if step.rule in taken], OF_A_DAY, first=day, last=day)
    SweptThrough.objects.filter(pk__in=taken.values()).update(day=day)
    return made


def _take(
    fund: Fund,
    steps: Sequence[Step],
    which: str,
    *,
    last: date,
    first: date = date.min,
    dossiers: list[int] | None = None,
) -> Made:
    """Insert the markers of the steps that fall from `first` to `last`, and count the new ones."""
    parameters: dict[str, Any] = {
        "fund": fund.pk,
        "first": max(first, fund.live_from),
        "last": last,
        "dossiers": dossiers,
        # Of the years in which a step that is taken now can lie, and of the next: its date comes after it.
        "holidays": sorted(
            day for year in range(fund.live_from.year, last.year + 2) for day in legal_holidays(year)
        ),
    }
    rows = []
    for n, step in enumerate(steps):
        between = step.falls_between(last) if which == OF_A_DAY else (date.min, date.max)
        if between:
            values = (step.rule, step.code, step.audience, step.counted_from, step.days, *between)
            parameters.update((f"{name}{n}", value) for name, value in zip(COLUMNS, values, strict=True))
            rows.append("(" + ", ".join(f"%({name}{n})s{cast}" for name, cast in COLUMNS.items()) + ")")
    if not rows or last < fund.live_from:
        return Made()
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(steps=", ".join(rows), which=which), parameters)
        return Made(*cursor.fetchone())


def _at_work(fund: Fund) -> None:
    """From here on this chunk waits for nobody for long, and a digest waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock_shared(%s, %s), set_config('lock_timeout', %s, true)",
            [CHUNKS_AT_WORK, fund.pk, PATIENCE],
        )


def _patiently(chunk: Callable[[], T]) -> T:
    """One chunk in its transaction; once more where somebody stood in the way, or took a deadline away meanwhile."""
    for attempt in range(1, ATTEMPTS):
        try:
            with transaction.atomic():
                return chunk()
        except (OperationalError, IntegrityError) as error:
            if getattr(error.__cause__, "pgcode", None) not in IN_THE_WAY:
                raise
            log.info("sweep_waits", attempt=attempt)
            time.sleep(0.05 * attempt)
    with transaction.atomic():
        return chunk()
