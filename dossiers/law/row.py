"""One deadline, as the law gives it: dates only, and what they say on a day (F3)."""

from datetime import date
from typing import NamedTuple

from .calendar import act_by
from .pauses import Pause

# Every code that `anchor` can hold: the day that the period is counted from.
ANCHORS = (
    "start", "sending", "return_date", "assessment", "referral", "request", "receipt", "asked",
    "last_contact", "refusal", "last_signature", "agreed", "review", "completion", "planned_start", "reported",
)  # fmt: skip
# Every code that `closed_by` can hold besides the kind of the fact that met or closed it.
CLOSED_BY = (
    "asked_again", "not_category_4", "planned_again", "superseded", "day_past", "before_the_law",
    "before_the_start",
)  # fmt: skip
OUTCOMES = ("met", "met_late", "fallen_away", "missed")
STATES = ("not_open", "open", "overdue", "paused", *OUTCOMES)


class Row(NamedTuple):
    """One deadline; its key (rule, opened_by, occurrence) survives a recomputation (F3)."""

    rule: str
    version: date
    opened_by: str
    occurrence: int
    opens_on: date
    falls_on: date
    act_by: date
    # The day before its date on which it comes into view, where it has one: T4 in the queue, T13 warned of.
    surfaces_on: date | None
    anchor: str
    anchor_on: date
    closed_on: date | None
    outcome: str | None
    closed_by: str
    closed_by_fact: str
    pauses: tuple[Pause, ...]

    @property
    def key(self) -> tuple[str, str, int]:
        return (self.rule, self.opened_by, self.occurrence)

    def falls_on_at(self, day: date) -> date:
        """The legal date as it stood on a day: moved by the pauses that had ended by then (T18)."""
        for pause in self.pauses:
            if pause.until is None or pause.until > day:
                return pause.old_date
        return self.falls_on

    def act_by_at(self, day: date) -> date:
        """The last working day on or before that date (D3)."""
        return act_by(self.falls_on_at(day))

    def state(self, today: date) -> str:
        """What the deadline is on a day (domain section 4); `not_open` before the day it opens."""
        if today < self.opens_on:
            return "not_open"
        if self.closed_on is not None and today >= self.closed_on:
            return self.outcome or "met"
        for pause in self.pauses:
            if pause.since <= today and (pause.until is None or today < pause.until):
                return "paused"
        return "overdue" if today > self.falls_on_at(today) else "open"
