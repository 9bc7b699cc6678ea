"""What is due: how much of it, and page after page of it, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet, Value

from dossiers.keyset import ORDER, Place, beyond
from dossiers.models import Deadline
from dossiers.models.deadline import ASSESSED
from dossiers.reminders import Mark, marks, waiting
from tnw.accounts.models import Actor, User
from tnw.web import words
from tnw.web.worklist.filters import Filters

BUCKETS = ("overdue", "today", "week", "later")
SHOWN = 30
COUNTED = 1000
COUNTED_BY_PERSON = 100  # each of these costs a look at the person


class Count(NamedTuple):
    """How many deadlines wait in one bucket; beyond some number it says only that there are more."""

    bucket: str
    number: int
    more: bool
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that waits, as a line of the list."""

    deadline: Deadline
    bucket: str
    mark: Mark | None
    colleague: User | None

    @property
    def title(self) -> str:
        return words.rule_title(self.deadline.rule, self.deadline.occurrence)

    @property
    def whose(self) -> str:
        return words.whose(self.deadline.rule)

    @property
    def to_assess(self) -> bool:
        """Whether it is done on the assessment screen."""
        return self.deadline.rule in ASSESSED


class Page(NamedTuple):
    """A stretch of the list, and after which place it goes on; None where it ends."""

    lines: list[Due]
    last: Place | None

    @property
    def after(self) -> str:
        """The same, as the address names it."""
        return str(self.last or "")

    def groups(self) -> Iterator[tuple[str, list[Due]]]:
        """The lines by bucket."""
        for bucket in BUCKETS:
            if lines := [line for line in self.lines if line.bucket == bucket]:
                yield bucket, lines


def end_of_week(today: date) -> date:
    """The Sunday of this week."""
    return today + timedelta(days=6 - today.weekday())


def in_bucket(bucket: str, today: date) -> Q:
    """Overdue by the legal date (D3); the others by the last working day to act. `soon` is today and this week."""
    sunday = end_of_week(today)
    return {
        "overdue": Q(falls_on__lt=today, act_by__lt=today),
        "today": Q(act_by__lte=today, falls_on__gte=today),
        "week": Q(act_by__gt=today, act_by__lte=sunday),
        "later": Q(act_by__gt=sunday),
        "soon": Q(act_by__lte=sunday, falls_on__gte=today),
    }[bucket]


def bucket_of(deadline: Deadline, today: date) -> str:
    """The bucket in which a waiting deadline stands."""
    if deadline.falls_on < today:
        return "overdue"
    if deadline.act_by <= today:
        return "today"
    return "week" if deadline.act_by <= end_of_week(today) else "later"


def in_view(today: date) -> Q:
    """Deadlines that have come into view."""
    return Q(surfaces_on__isnull=True) | Q(surfaces_on__lte=today)


class Worklist:
    """One person's list on a day, through a choice of filters."""

    def __init__(self, actor: Actor, filters: Filters, today: date) -> None:
        self.actor, self.filters, self.today = actor, filters, today
        self.parts = filters.scope.of(filters.chosen.get("whose", ""))
        self._questions = list(self._asked())

    def counts(self) -> Iterator[Count]:
        """The four numbers at the top; each leads to its own part of the list."""
        most = COUNTED_BY_PERSON if self.filters.by_person else COUNTED
        bucket_now = self.filters.chosen.get("bucket")
        for bucket in BUCKETS:
            pieces = [
                deadlines.filter(in_bucket(bucket, self.today)).values("pk")[: most + 1]
                for deadlines in self._questions
            ]
            # Two parts may hold the same deadline; the two questions of one never do.
            number = pieces[0].union(*pieces[1:], all=len(self.parts) == 1).count()
            chosen = bucket == bucket_now
            query = self.filters.query(bucket="" if chosen else bucket)
            yield Count(bucket, min(number, most), number > most, query, chosen)

    def number(self, most: int) -> int:
        """How many there are, and not beyond `most`."""
        pieces = [deadlines.values("pk")[:most] for deadlines in self._in_chosen_bucket()]
        return min(most, pieces[0].union(*pieces[1:], all=len(self.parts) == 1).count())

    def page(self, after: Place | None, size: int = SHOWN) -> Page:
        """The next lines after a place, or the first ones."""
        pieces = [
            deadlines.filter(beyond(after))
            .annotate(part=Value(number // 2))
            .order_by(*ORDER)
            .values_list(*ORDER, "part")[: size + 1]
            for number, deadlines in enumerate(self._in_chosen_bucket())
        ]
        found: dict[Place, int] = {}
        for *stands, part in pieces[0].union(*pieces[1:], all=True).order_by(*ORDER):
            at = Place(*stands)
            found[at] = min(part, found.get(at, part))
        places = sorted(found)
        shown = places[:size]
        lines = self._lines({at.pk: self.parts[found[at]].colleague for at in shown})
        return Page(lines, shown[-1] if len(places) > size else None)

    def _lines(self, whose: dict[int, User | None]) -> list[Due]:
        deadlines = list(
            Deadline.objects.visible_to(self.actor)
            .filter(pk__in=whose)
            .select_related("dossier__incapacity__person", "dossier__coordinator")
            .order_by(*ORDER)
        )
        told = marks(self.actor, deadlines, self.today) if deadlines else {}
        return [
            Due(deadline, bucket_of(deadline, self.today), told.get(deadline.pk), whose[deadline.pk])
            for deadline in deadlines
        ]

    def _in_chosen_bucket(self) -> Iterator[QuerySet[Deadline]]:
        bucket = self.filters.chosen.get("bucket")
        within = in_bucket(bucket, self.today) if bucket else Q()
        return (deadlines.filter(within) for deadlines in self._questions)

    def _asked(self) -> Iterator[QuerySet[Deadline]]:
        """For each part two questions, because each has an index of its own: what nothing closes, what closes later."""
        chosen = Deadline.objects.visible_to(self.actor).filter(
            in_view(self.today), self.filters.condition(self.today)
        )
        for part in self.parts:
            for question in waiting(self.today):
                yield chosen.filter(question, part.deadlines)
