"""Many dossiers to sweep, what is there afterwards, and the way back to before."""

from datetime import date, timedelta

from dossiers.law.calendar import ONE_DAY
from dossiers.models import Dossier, Reminder, SweptThrough
from dossiers.reminders import RULE_IDS, sweep
from tests import population
from tnw.accounts import actors, audit
from tnw.accounts.models import DigestSent, Fund

TODAY = date(2026, 6, 17)
Row = tuple[int, str, str, str, str]


def fill(fund: Fund, count: int) -> None:
    """So many dossiers, started on the days of the last year, of people far from pension: nothing is waived by itself."""
    lines = [
        population.line(
            n, start=TODAY - timedelta(days=10 + n * 97 % 355), fund=fund.number, birth_date=date(1980, 5, 5)
        )
        for n in range(count)
    ]
    assert not population.take_in(fund, lines, TODAY - timedelta(days=9))["rejected"]


def rows(fund: Fund) -> list[Row]:
    """All reminders of a fund, in what makes them what they are."""
    with audit.acting_as(actors.system(), fund):
        found = Reminder.objects.order_by("deadline", "falls_on", "step")
        return [(row.deadline_id, f"{row.falls_on}", row.step, row.audience, f"{row.on}") for row in found]


def forget(fund: Fund) -> None:
    """As if no sweep had ever been."""
    with audit.acting_as(actors.system(), fund):
        Reminder.objects.all().delete()
        SweptThrough.objects.all().delete()
        DigestSent.objects.all().delete()
        Dossier.objects.update(unswept=True)


def swept_once(fund: Fund, today: date = TODAY) -> list[Row]:
    """What one undisturbed sweep leaves; and then the way back."""
    with audit.acting_as(actors.system(), fund):
        sweep(fund, today, RULE_IDS)
    expected = rows(fund)
    forget(fund)
    return expected


def daily(fund: Fund, first: date, last: date) -> list[Row]:
    """What daily sweeps leave."""
    with audit.acting_as(actors.system(), fund):
        day = first
        while day <= last:
            sweep(fund, day, RULE_IDS)
            day += ONE_DAY
    return rows(fund)
