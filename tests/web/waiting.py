"""Dossiers that wait for a doctor, and the queue as it then is."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from routing.assessments import Line, Queue
from tests import population
from tnw.accounts.models import Actor, Fund
from tnw.core import clock, scope

START = date(2026, 1, 15)
# S + 3 months, and S + 4 months less a day.
SHOWN, LAST = date(2026, 4, 15), date(2026, 5, 14)


def d(text: str) -> date:
    return date.fromisoformat(text)


def dossier(
    fund: Fund, today: date, start: date = START, facts: Iterable[Fact] = (), **columns: Any
) -> Dossier:
    with clock.at(today):
        return population.dossier(fund=fund, start=start, facts=facts, today=today, **columns)


def lines(actor: Actor, today: date, *, everyone: bool = False) -> list[Line]:
    assert actor.user
    with scope.funds(actor.user.fund_id), clock.at(today):
        return list(Queue(actor, today, everyone=everyone).ahead(None))


def assessed(on: str, category: int) -> Fact:
    return fact("assessment_made", d(on), f"a-{on}", category=category)


def trained(on: str) -> Fact:
    return fact("training_completed", d(on), "t-1", "training", success=True)
