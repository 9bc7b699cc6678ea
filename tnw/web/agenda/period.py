"""The days that the agenda shows: one, a week or a month, and those before and after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from dossiers.law.calendar import ONE_DAY, add_months, end_of_month

WEEK = timedelta(days=7)
VIEWS = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
DEFAULT = "week"
# Further than that nobody plans, and the holidays are not known.
FIRST, LAST = date(2000, 1, 3), date(2098, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` up to and including `last`; in a month whole weeks, of which `inside` are days of that month.

    `ahead` is the week after that of `on`.
    """

    view: str
    on: date
    ahead: bool = False

    @property
    def first(self) -> date:
        if self.view == "day":
            return self.on
        if self.ahead:
            return _monday(self.on + WEEK)
        return _monday(self.on.replace(day=1) if self.view == "month" else self.on)

    @property
    def shown(self) -> date:
        """A day by which an address finds the same days again."""
        return self.first if self.ahead else self.on

    @property
    def last(self) -> date:
        if self.view == "day":
            return self.on
        return (
            _monday(end_of_month(self.on)) + WEEK - ONE_DAY
            if self.view == "month"
            else self.first + WEEK - ONE_DAY
        )

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days) for days in range((self.last - self.first).days + 1)]

    def inside(self, day: date) -> bool:
        return self.view != "month" or (day.year, day.month) == (self.on.year, self.on.month)

    @property
    def before(self) -> date:
        return max(FIRST, self._step(-1))

    @property
    def after(self) -> date:
        return min(LAST, self._step(1))

    def _step(self, many: int) -> date:
        if self.view == "month":
            return add_months(self.on.replace(day=1), many)
        return self.shown + many * (WEEK if self.view == "week" else ONE_DAY)


def period(view: str, on: str, today: date) -> Period:
    """As an address asks for it; what cannot be read is this week, or today."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = today
    return Period(view if view in VIEWS else DEFAULT, min(max(day, FIRST), LAST))


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
