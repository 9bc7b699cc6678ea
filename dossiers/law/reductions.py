"""What an absence without a valid reason can cost: the step of the ladder, the percentage and the period (X1, X2).

It computes and proposes; nobody pays or reduces anything by it (X3).
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .rules import EMPLOYEES, SELF_EMPLOYED

FIRST, SECOND, AGAIN = "first", "second", "again"
LADDER = (FIRST, SECOND, AGAIN)
DAY = timedelta(1)


class Percentage(NamedTuple):
    """Of these regimes, for absences from that day on, of incapacities that started from that other day on."""

    regimes: tuple[str, ...]
    absent_from: date
    started_from: date
    percent: Decimal


# The row in force is the latest one of its regime that had begun by the day of the absence.
REDUCED_SINCE = date(2023, 1, 1)
PERCENTAGES: tuple[Percentage, ...] = (
    Percentage(EMPLOYEES, REDUCED_SINCE, REDUCED_SINCE, Decimal("2.5")),
    Percentage(EMPLOYEES, date(2026, 1, 1), REDUCED_SINCE, Decimal("10")),
    Percentage(SELF_EMPLOYED, REDUCED_SINCE, REDUCED_SINCE, Decimal("2.5")),
)


class Span(NamedTuple):
    """From a day up to and including another; an open end is not known yet."""

    since: date
    until: date | None

    @property
    def empty(self) -> bool:
        return self.until is not None and self.until < self.since


def step_of(number: int) -> str:
    """The step of the ladder of the n-th unjustified absence that stands, from 1 on (X1)."""
    return LADDER[min(number, len(LADDER)) - 1]


def percentage(regime: str, *, started_on: date, absent_on: date) -> Decimal | None:
    """By the day of the absence and per regime (X2); None where there is none."""
    rows = [row for row in PERCENTAGES if regime in row.regimes and row.absent_from <= absent_on]
    if not rows:
        return None
    row = max(rows, key=lambda row: row.absent_from)
    return row.percent if started_on >= row.started_from else None


def period(
    step: str,
    absent_on: date,
    *,
    asked_on: date | None = None,
    attended_on: date | None = None,
    last_day: date | None = None,
) -> Span | None:
    """What a step reduces (X1); None for the first, which only warns.

    *Second*: up to and including the day on which a new date is asked, at the latest the day before he attends, where
    he came without asking. *Again*: until the day before he really attends. Neither goes on beyond the last recognized
    day.
    """
    if step == FIRST:
        return None
    ends = [attended_on - DAY] if attended_on else []
    if step == SECOND and asked_on:
        ends.append(asked_on)
    if last_day:
        ends.append(last_day)
    return Span(absent_on, min(ends) if ends else None)
