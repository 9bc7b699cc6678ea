"""The presumption of incapacity as bands of dates: after the declaration (Z3, T13), and during a training (H2).

The law gives the first as a row that only informs; a training that was approved has its own first and last day.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from dossiers.law.calendar import ONE_DAY, add_months
from dossiers.models import Incapacity
from trajects.models import TrainingProject
from trajects.models.training import TrainingState

RULE = "T13"
DECLARATION, TRAINING = "declaration", "training"
RAN = (TrainingState.COMPLETED, TrainingState.FAILED, TrainingState.BROKEN_OFF, TrainingState.REASSESSED)


class Counted(Protocol):
    """A deadline, as the law gives it or as it is kept."""

    @property
    def rule(self) -> str: ...
    @property
    def anchor_on(self) -> date: ...
    @property
    def falls_on(self) -> date: ...
    @property
    def surfaces_on(self) -> date | None: ...
    @property
    def closed_on(self) -> date | None: ...


class Band(NamedTuple):
    """From the first up to and including the last day of one presumption; from `warned_on` on its end is near."""

    cause: str
    since: date
    until: date
    warned_on: date

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until

    def ends_soon(self, today: date) -> bool:
        """Whether it runs, and ends within a month."""
        return self.holds(today) and self.warned_on <= today


def bands(
    deadlines: Iterable[Counted], trainings: Iterable[TrainingProject], incapacity: Incapacity
) -> list[Band]:
    """All of one dossier, the earliest first; what never began is none."""
    found = [_after_declaration(row) for row in deadlines if row.rule == RULE]
    if not incapacity.excluded:
        found += [
            _during(one, incapacity.end)
            for one in trainings
            if one.starts_on and one.ends_on and one.state in (TrainingState.APPROVED, *RAN)
        ]
    return sorted(band for band in found if band.since <= band.until)


def presumed(them: Sequence[Band], today: date) -> Band | None:
    """The band that ends last of those that run today or follow these without a day between; None where none runs."""
    last: Band | None = None
    for band in sorted(them, key=lambda band: band.since):
        reach = last.until + ONE_DAY if last else today
        if band.since <= reach and band.until >= today and (last is None or band.until > last.until):
            last = band
    return last


def _after_declaration(row: Counted) -> Band:
    """Up to six months after the last signature; what closes it is the first day without."""
    closed = row.closed_on - ONE_DAY if row.closed_on else row.falls_on
    until = min(row.falls_on, closed)
    whole = row.surfaces_on is not None and until == row.falls_on
    return Band(
        DECLARATION, row.anchor_on, until, row.surfaces_on if whole and row.surfaces_on else _warned(until)
    )


def _during(one: TrainingProject, recognized_until: date | None) -> Band:
    """Up to and including the last day, or the day on which it ended before that."""
    assert one.starts_on
    assert one.ends_on
    until = min(day for day in (one.ends_on, one.ended_on, recognized_until) if day)
    return Band(TRAINING, one.starts_on, until, _warned(until))


def _warned(until: date) -> date:
    return add_months(until, -1)
