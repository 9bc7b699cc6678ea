"""Timelines without a database: the law makes the deadlines of invented facts, as the ledger would."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact, Values, fact
from dossiers.law.kinds import KINDS
from dossiers.models import Deadline, Dossier, Incapacity
from tnw.core import clock
from tnw.web import dossier as page_of
from tnw.web.timeline.items import Item, items_of
from trajects.models import Appointment, TrainingProject

START = date(2025, 1, 6)
OWN = {
    "fact_corrected",
    "fact_voided",
    "incapacity_recognized",
    "incapacity_corrected",
    "incapacity_end_withdrawn",
}


def recognized(start: date = START) -> Fact:
    return fact(
        "incapacity_recognized",
        start,
        "i-1",
        start=start,
        regime="employee",
        cause="illness",
        contract=False,
        version=1,
    )


def dossier_of(
    start: date = START,
    *,
    end: date | None = None,
    appointments: Sequence[Appointment] = (),
    trainings: Sequence[TrainingProject] = (),
) -> Dossier:
    """A dossier whose machines are loaded."""
    incapacity = Incapacity(pk=1, start=start, end=end, regime="employee", reference="ref-1")
    dossier = Dossier(pk=1, incapacity=incapacity)
    dossier._prefetched_objects_cache = {  # type: ignore[attr-defined]  # as Django keeps it
        "appointments": list(appointments), "trainings": list(trainings),
    }  # fmt: skip
    return dossier


def lines_of(facts: Sequence[Fact], today: date) -> list[page_of.Line]:
    rows = [row for row in deadlines(tuple(facts), date(2022, 1, 1)) if row.opens_on <= today]
    return page_of.lines(
        [(Deadline(), row) for row in sorted(rows, key=lambda row: row.act_by)],
        regime="employee",
        moves=(),
        reminded={},
        today=today,
    )


def items(facts: Sequence[Fact], today: date, dossier: Dossier | None = None) -> tuple[Item, ...]:
    facts = [recognized(), *facts]
    return items_of(dossier or dossier_of(), facts, lines_of(facts, today), today)


def appointment(on: date, purpose: str = "first_contact") -> Appointment:
    at = datetime.combine(on, time(10), clock.BRUSSELS)
    return Appointment(purpose=purpose, at=at, form="in_person", state="planned")


def random_facts(seed: int, many: int = 60, days: int = 540) -> list[Fact]:
    """So many facts of whatever kind on whatever days, as many in one week as in a year."""
    dice = random.Random(seed)
    kinds = sorted(set(KINDS) - OWN)
    weeks = [dice.randrange(days) for _ in range(6)]
    found = []
    for number in range(many):
        kind = KINDS[dice.choice(kinds)]
        offset = dice.choice(weeks) + dice.randrange(7) if dice.random() < 0.5 else dice.randrange(days)
        on = START + timedelta(offset)
        values = {
            value.name: _value(value.type, value.codes, on, dice) for value in kind.values if value.required
        }
        found.append(Fact(kind.name, on, f"f-{number}", f"s-{dice.randrange(4)}", Values.of(values)))
    return found


def _value(type_: str, codes: tuple[object, ...], on: date, dice: random.Random) -> object:
    if codes:
        return dice.choice(codes)
    made = {"int": 1, "bool": dice.random() < 0.5, "date": on, "decimal": 10, "text": "x", "slug": "other"}
    return datetime.combine(on, time(9), clock.BRUSSELS) if type_ == "moment" else made[type_]
