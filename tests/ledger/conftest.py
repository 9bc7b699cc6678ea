"""A dossier in an open wall, and short ways to record on it."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.law.facts import Fact, fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, LedgerEntry
from tests import population
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund
from tnw.core import clock

START = date(2026, 3, 2)
TODAY = date(2026, 11, 20)
Record = Callable[..., None]


def asked(number: int, on: date = START, **more: object) -> Fact:
    return fact("contact_requested", on, f"asked-{number}", **more)


def assessed(number: int, category: int, on: date) -> Fact:
    return fact("assessment_made", on, f"assessed-{number}", category=category)


@pytest.fixture
def job(db: None) -> Actor:
    return actors.system()


@pytest.fixture
def dossier(fund: Fund) -> Dossier:
    return population.dossier(fund=fund, start=START, today=TODAY)


@pytest.fixture
def record(fund: Fund, job: Actor) -> Record:
    """`record(dossier, *facts, note=…)` in one transaction, on TODAY."""

    def record(dossier: Dossier, *facts: Fact, note: dict[str, object] | None = None) -> None:
        with audit.acting_as(job, fund), clock.at(TODAY):
            record_many([Entry(dossier.pk, item, note) for item in facts], fund=fund, actor=job)

    return record


def chain(dossier: Dossier) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(dossier=dossier).order_by("seq"))


def rows(dossier: Dossier) -> list[tuple[object, ...]]:
    """The rows of its deadlines, without the keys that any other dossier would have otherwise."""
    names = [
        field.attname
        for field in Deadline._meta.concrete_fields
        if field.attname not in ("id", "fund_id", "dossier_id")
    ]
    return sorted(map(_comparable, Deadline.objects.filter(dossier=dossier).values_list(*names)))


def _comparable(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple("" if value is None else str(value) for value in row)
