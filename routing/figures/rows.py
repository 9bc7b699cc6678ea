"""The list behind a number: the rows that it counts, the latest first, a page at a time."""

# ruff: noqa: S608  # put together from the table of figures; what is asked for are parameters

from datetime import date
from typing import Any, NamedTuple, Self

from django.db import connection
from django.db.models import QuerySet

from dossiers.models import ClosedQuarter, Dossier, LedgerEntry
from routing.figures.counting import CUT, parameters
from routing.figures.quarter import Quarter
from routing.figures.sources import PREAMBLE, source_of
from routing.figures.table import Figure
from routing.policies.figures import FUND, Whose
from tnw.accounts.models import Actor

SHOWN = 50
_CLOSED = """
select f.dossier_id, f."on" as day, '' as part, f.fact_id, null::int as days from dossiers_closedfact f
join dossiers_closedquarter q on q.id = f.closing_id
where q.fund_id = %(fund)s and q.figure = %(figure)s and q.quarter = %(first)s"""


class Mark(NamedTuple):
    """The place of a row, after which the next page begins."""

    day: date
    dossier: int
    fact: str

    def __str__(self) -> str:
        return f"{self.day}_{self.dossier}_{self.fact}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """A place as an address names it; None for anything else."""
        day, _sep, rest = text.partition("_")
        dossier, _sep, fact = rest.partition("_")
        try:
            return cls(date.fromisoformat(day), int(dossier), fact)
        except ValueError:
            return None


class Line(NamedTuple):
    """A row that counts: its dossier, its day, its part, and for durations the days it took."""

    dossier: Dossier
    day: date
    part: str
    fact_id: str
    days: int | None


class Listed(NamedTuple):
    """Which rows: of which quarter and part, of whose dossiers, of which value of a dimension; `closed` as it was closed."""

    figure: Figure
    quarter: Quarter
    whose: Whose
    part: str | None = None
    dimension: str = ""
    value: str | int = ""
    closed: bool = False


class Found(NamedTuple):
    """A page of them, how many there are in all, and where the next one begins."""

    lines: list[Line]
    number: int
    after: Mark | None


def rows(actor: Actor, listed: Listed, today: date, after: Mark | None = None, size: int = SHOWN) -> Found:
    """The rows behind a number, as of now, as far as the actor may see their dossiers."""
    fund = actor.user.fund_id if actor.user else 0
    sql, asked = _asked(fund, listed, today)
    beyond = "where (day, dossier_id, fact_id) < (%(day)s, %(dossier)s, %(fact)s)" if after else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql} select dossier_id, day, part, fact_id, days, (select count(*) from behind) from behind "
            f"{beyond} order by day desc, dossier_id desc, fact_id desc limit %(size)s",
            {**asked, **(after._asdict() if after else {}), "size": size + 1},
        )
        told = cursor.fetchall()
    number = told[0][-1] if told else 0
    found = Dossier.objects.visible_to(actor).filter(pk__in=[row[0] for row in told])
    dossiers = {
        one.pk: one for one in found.select_related("incapacity__person", "coordinator", "team", "fund")
    }
    lines = [Line(dossiers[row[0]], *row[1:5]) for row in told[:size] if row[0] in dossiers]
    last = told[size - 1] if len(told) > size else None
    return Found(lines, number, Mark(last[1], last[0], last[3]) if last else None)


def _asked(fund: int, listed: Listed, today: date) -> tuple[str, dict[str, Any]]:
    """The rows of a number as `behind`, and what they ask for."""
    asked = parameters(fund, [listed.figure], [listed.quarter], today)
    wanted = []
    if listed.whose.kind != FUND:
        wanted.append(f"{listed.whose.kind} = %(whose)s")
        asked["whose"] = listed.whose.key
    if listed.dimension:
        wanted.append(f"{listed.dimension} = %(value)s")
        asked["value"] = listed.value
    if listed.part is not None:
        wanted.append("part = %(part)s")
        asked["part"] = listed.part
    where = f"where {' and '.join(wanted)}" if wanted else ""
    asked["figure"] = listed.figure.code
    source = _CLOSED if listed.closed else source_of(listed.figure)
    # Whoever's, of whatever value: then nothing has to be known of the dossiers.
    plain = listed.whose.kind == FUND and not listed.dimension
    cut = source if plain else CUT.format(source=source)
    return f"{PREAMBLE}, behind as materialized (select * from ({cut}) c {where})", asked


def facts(actor: Actor, figure: Figure, quarter: Quarter, today: date) -> QuerySet[LedgerEntry]:
    """The facts behind a count of the funding, as it was closed or as it is now."""
    entries = LedgerEntry.objects.visible_to(actor)
    closed = ClosedQuarter.objects.visible_to(actor).filter(figure=figure.code, quarter=quarter.first).first()
    with connection.cursor() as cursor:
        if closed:
            sql = "select dossier_id, fact_id from dossiers_closedfact where closing_id = %(closing)s"
            asked: dict[str, Any] = {"closing": closed.pk}
        else:
            sql = f"{PREAMBLE} select dossier_id, fact_id from ({source_of(figure)}) r"
            fund = actor.fund_id or (actor.user.fund_id if actor.user else 0)
            asked = parameters(fund, [figure], [quarter], today)
        behind = cursor.mogrify(sql, asked).decode().replace("%", "%%")
    return entries.extra(  # noqa: S610  # as the driver put it together
        where=[f"(dossiers_ledgerentry.dossier_id, dossiers_ledgerentry.fact_id) in ({behind})"]
    )
