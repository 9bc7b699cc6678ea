"""Counting: all figures of a fund into the table that pages read, by the beat; or some of them at once, for clients."""

# ruff: noqa: S608  # put together from the table of figures; what is asked for are parameters

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from dossiers.models import FiguresCounted
from routing.figures.corrections import reread
from routing.figures.quarter import Quarter, up_to
from routing.figures.sources import PREAMBLE, kinds_of, read_of_all_days, source_of
from routing.figures.table import FIGURES, Figure
from tnw.accounts.models import Actor, Fund
from tnw.core import clock

# So many quarters are kept counted, the one that runs among them (own).
KEPT = 12
# One count of a fund after the other: a second would not see the lines of the first, and leave both.
LOCK = 7_050_051

# Each row with whose dossier it is, as it is assigned today; 0 where it is nobody's.
CUT = """
select r.*, date_trunc('quarter', r.day)::date as quarter, coalesce(d.team_id, 0) as team,
  coalesce(d.coordinator_id, 0) as coordinator, i.regime, p.language
from ({source}) r join dossiers_dossier d on d.id = r.dossier_id join dossiers_incapacity i on i.id = d.incapacity_id
join dossiers_insuredperson p on p.id = i.person_id where d.fund_id = %(fund)s
"""

# The cuts that pages ask for: a whole, by one dimension, and of a team or a coordinator by one more.
_SETS = {
    "": (),
    "team": ("team",),
    "coordinator": ("coordinator",),
    "regime": ("regime",),
    "language": ("language",),
    "team/coordinator": ("team", "coordinator"),
    "team/regime": ("team", "regime"),
    "team/language": ("team", "language"),
    "coordinator/regime": ("coordinator", "regime"),
    "coordinator/language": ("coordinator", "language"),
}
_NAMES = ("team", "coordinator", "regime", "language")
# PostgreSQL's `grouping`: a bit for each name that is left open, the first name the highest.
_CUT_BY_BITS = {
    sum(2 ** (3 - place) for place, name in enumerate(_NAMES) if name not in names): cut
    for cut, names in _SETS.items()
}
_GROUPED = ", ".join(f"({', '.join(('quarter', 'part', *names))})" for names in _SETS.values())
_CASES = " ".join(f"when {bits} then '{cut}'" for bits, cut in _CUT_BY_BITS.items())
_WRITE = f"""
insert into dossiers_figurecount
  (fund_id, figure, cut, quarter, part, for_team, for_coordinator, regime, language, number, median, ninetieth)
select %(fund)s, %(figure)s, case grouping({", ".join(_NAMES)}) {_CASES} end, quarter, part, team, coordinator, regime,
  language, count(*), {{median}}, {{ninetieth}}
from counted group by grouping sets ({_GROUPED})
"""


class Counted(NamedTuple):
    """How many lines the figures of a fund came to."""

    lines: int


@transaction.atomic
def count(fund: Fund, today: date) -> Counted:
    """Count all figures of a fund anew, inside its wall: what pages then show is as of this moment."""
    started, at, lines = time.monotonic(), clock.now(), 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, fund.pk])
        asked = parameters(fund.pk, list(FIGURES.values()), up_to(Quarter.of(today), KEPT), today)
        cursor.execute("delete from dossiers_figurecount where fund_id = %s", [fund.pk])
        for figure in FIGURES.values():
            cursor.execute(_writing(figure), {**asked, "figure": figure.code})
            lines += cursor.rowcount
    FiguresCounted.objects.update_or_create(
        fund=fund, defaults={"at": at, "seconds": time.monotonic() - started}
    )
    return Counted(lines)


def _writing(figure: Figure) -> str:
    told = {"median": "null", "ninetieth": "null"}
    if figure.in_days:
        told = {
            name: f"percentile_disc({share}) within group (order by days)"
            for name, share in (("median", 0.5), ("ninetieth", 0.9))
        }
    counted = CUT.format(source=source_of(figure))
    return f"{PREAMBLE}, counted as ({counted}) {_WRITE.format(**told)}"


def parameters(
    fund: int,
    figures: Sequence[Figure],
    quarters: Sequence[Quarter],
    today: date,
    known: datetime | None = None,
    among: list[int] | None = None,
) -> dict[str, Any]:
    """What the sources ask for; with `known`, only what was recorded before that moment, with `among`, of these dossiers."""
    first, until = quarters[0].first, after(quarters[-1])
    days = None if any(read_of_all_days(one) for one in figures) else (first, until)
    return {
        "fund": fund,
        "first": first,
        "until": until,
        "today": today,
        "known": known,
        "among": among,
        "again": json.dumps(reread(fund, kinds_of(figures), known, among, days)),
    }


def after(quarter: Quarter) -> date:
    """The first day after it."""
    return quarter.back(-1).first


def numbers(
    actor: Actor, figures: Iterable[Figure], quarters: Sequence[Quarter], today: date
) -> dict[str, dict[date, dict[str, int]]]:
    """These figures of the whole fund, as of now: by code, first day of the quarter, and part."""
    fund = actor.user.fund_id if actor.user else actor.fund_id
    wanted = list(figures)
    found: dict[str, dict[date, dict[str, int]]] = {one.code: {} for one in wanted}
    if fund is None:
        return found
    asked = parameters(fund, wanted, quarters, today)
    with connection.cursor() as cursor:
        for one in wanted:
            for quarter, part, number in _counted(cursor, one, asked):
                found[one.code].setdefault(quarter, {})[part] = number
    return found


def _counted(cursor: Any, figure: Figure, asked: dict[str, Any]) -> Iterator[tuple[date, str, int]]:
    cursor.execute(
        f"{PREAMBLE} select date_trunc('quarter', day)::date, part, count(*) from ({source_of(figure)}) r group by 1, 2",
        asked,
    )
    yield from cursor.fetchall()
