"""From which day to which a timeline is drawn, and where a day lies in the drawing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from dossiers.law.calendar import add_months
from tnw.web.timeline.items import DEADLINE, FACT, FALLEN, MILESTONE, PLANNED, TODAY, YEAR, Item
from tnw.web.timeline.measure import BOLD, REGULAR, width

WHOLE, TRAJECT, LAST = "whole", "traject", "last"
ZOOMS = (WHOLE, TRAJECT, LAST)
# The last months: so many before today, and after it.
BEFORE, AFTER = 3, 4
# A presumption or a deadline of years ahead does not press all the rest together.
FARTHEST = 12
SMALL = 11
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
# From a tick to its words, and from one tick to the next.
INSET, FEWEST_APART = 4, 8


@dataclass(frozen=True, slots=True)
class Scale:
    """From the first day on the left to the last on the right, with as much room as there is between."""

    first: date
    last: date
    left: int
    right: int

    def x(self, day: date) -> int:
        """Where a day begins, also of a day outside."""
        days = (self.last - self.first).days
        return round(self.left + (day - self.first).days * (self.right - self.left) / days)

    def holds(self, item: Item) -> bool:
        return self.first <= (item.until or (self.last if item.lasts else item.day)) and item.day <= self.last

    def clamped(self, day: date) -> int:
        return min(max(self.x(day), self.left), self.right)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the axis, with what stands at its right; `label` is empty where there is no room."""

    x: int
    label: str
    text_x: int


def spans(
    start: date, items: Sequence[Item], today: date, ended_on: date | None, led: date | None
) -> dict[str, tuple[date, date]]:
    """The windows that tell something of their own, by name: the first day and the last."""
    over = ended_on is not None and ended_on <= today
    first = min([start, *(item.day for item in items if item.sort == FACT)])
    ahead = [
        _reach(item, today)
        for item in items
        if item.sort not in (TODAY, YEAR) and (item.waits or not item.line)
    ]
    done = [item.day for item in items if item.sort == DEADLINE and item.tone != FALLEN]
    far = add_months(today, FARTHEST)
    here = ended_on if over and ended_on else today
    last = max([here, *(min(day, far) for day in (*ahead, *done)), add_months(first, 1)])
    found = {WHOLE: (first, last)}
    if led and first < (since := add_months(led, -1)):
        found[TRAJECT] = (since, last)
    if first < (since := add_months(here, -BEFORE)):
        found[LAST] = (since, min(last, add_months(here, AFTER)))
    return {zoom: (since, _with_room(since, until, items)) for zoom, (since, until) in found.items()}


def _with_room(first: date, last: date, items: Sequence[Item]) -> date:
    """Some days more: for the words of what waits or weighs near the end, else for what stands on its last day."""
    days = (last - first).days
    late = last - timedelta(days // 5)
    said = (item for item in items if item.waits or item.sort == PLANNED or item.tone == MILESTONE)
    return last + timedelta(
        max(days // 4 if any(late < item.day <= last for item in said) else days // 24, 7)
    )


def _reach(item: Item, today: date) -> date:
    """The last day that an item needs; what nobody ended runs on today."""
    return (item.until or max(item.day, today)) if item.lasts else item.day


def months(scale: Scale, start: date, end: date | None = None) -> tuple[Tick, ...]:
    """The months of the incapacity up to its last day, each where it begins (D1)."""
    last = min(scale.last, end) if end else scale.last
    found = [(day, number) for number, day in enumerate(_begins(start, last)) if day >= scale.first]
    return _ticks(scale, found, lambda _day, number, _first: _("month %(n)s") % {"n": number + 1}, BOLD)


def calendar(scale: Scale) -> tuple[Tick, ...]:
    """The months of the calendar; a January, and the first of all, with its year."""
    first = scale.first.replace(day=1)
    found = [(day, day.month - 1) for day in _begins(first, scale.last) if day >= scale.first]
    return _ticks(scale, found, _month_of_year, REGULAR)


def _month_of_year(day: date, _number: int, first: bool) -> str:
    name = formats.date_format(day, "N")
    return f"{name} {day.year}" if first or day.month == 1 else name


def _begins(start: date, last: date) -> Iterator[date]:
    """The day, and so many months later, as long as it lasts."""
    number = 0
    while (day := add_months(start, number)) < last:
        yield day
        number += 1


def _ticks(
    scale: Scale, days: Sequence[tuple[date, int]], text: Callable[[date, int, bool], str], weight: int
) -> tuple[Tick, ...]:
    """A tick for each; of the words every one, or every second, third … as far apart as they fit."""
    for step in STEPS:
        named = [(day, number) for day, number in days if number % step == 0]
        labels = [text(day, number, place == 0) for place, (day, number) in enumerate(named)]
        xs = [scale.x(day) + INSET for day, _number in named]
        ends = [x + round(width(label, weight, SMALL)) for x, label in zip(xs, labels, strict=True)]
        if all(
            end + INSET < following
            for end, following in zip(ends, [*xs[1:], scale.right + 2 * INSET], strict=True)
        ):
            break
        if ends and ends[-1] > scale.right:  # the last one only lacks the edge
            labels[-1] = ""
            if all(end + INSET < following for end, following in zip(ends, xs[1:], strict=False)):
                break
    said = {day: label for (day, _number), label in zip(named, labels, strict=True)}
    crowded = len(days) * FEWEST_APART > scale.right - scale.left
    return tuple(
        Tick(scale.x(day), said.get(day, ""), scale.x(day) + INSET)
        for day, _number in days
        if day in said or not crowded
    )
