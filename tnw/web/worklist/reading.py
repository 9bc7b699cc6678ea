"""What is due: how much of it, and page after page of it, the most urgent first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils import formats
from django.utils.translation import ngettext

from dossiers.explanations import Explanation, explain
from dossiers.keyset import ORDER, Place, beyond
from dossiers.law.rules import RULES
from dossiers.models import Deadline
from dossiers.models.deadline import ASSESSED
from dossiers.reminders import OF_DOCTORS, Mark, marks, waiting
from routing.assessments import REFER
from routing.policies.route_a import may_open_assessments
from tnw.accounts.models import MEDICAL, Actor, Role, User
from tnw.web import words
from tnw.web.worklist.filters import Filters
from trajects.models import Appointment, Traject
from trajects.models.appointment import AppointmentState, Purpose
from trajects.models.traject import TrajectState

BUCKETS = ("overdue", "today", "week", "later")
SATURDAY = 5
SHOWN = 30
COUNTED = 1000
COUNTED_BY_PERSON = 100  # each of these costs a look at the person
# By which contact a deadline is met: where one is planned, the list says when.
MET_BY: dict[str, str] = {
    "T7": Purpose.FIRST_CONTACT,
    "T8": Purpose.FIRST_CONTACT,
    "T10": Purpose.FOLLOW_UP,
    "T11": Purpose.PLAN_MEETING,
    "T12": Purpose.FOLLOW_UP,
    "T17": Purpose.MEDICAL_EXAMINATION,
}
# Appointments by dossier and purpose.
Planned = dict[tuple[int, str], Appointment]
# The others are a doctor's or the insured person's to meet.
OF_COORDINATORS = frozenset(rule.id for rule in RULES if rule.whose == Role.COORDINATOR)


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
    planned: Appointment | None = None
    step: str = ""  # the address of the next step, where it is this person's to take
    late: int = 0  # days after the legal date
    ahead: int = 0  # days until the last one to act
    untold: Appointment | None = None  # one of the past of which nobody said what came of it
    own: bool = False  # whether this person's role has to meet it
    held_up: bool = False  # nobody can meet it now: it waits until the traject ends that runs

    @property
    def day(self) -> date:
        """The day from which `near` counts: once late the legal date, before that the last working day to act."""
        return self.deadline.falls_on if self.bucket == "overdue" else self.deadline.act_by

    @property
    def near(self) -> str:
        """How near its day is."""
        match self.bucket:
            case "overdue":
                return ngettext("%(n)d day late", "%(n)d days late", self.late) % {"n": self.late}
            case "week":
                return formats.date_format(self.deadline.act_by, "l").capitalize()
            case "later":
                return ngettext("in %(n)d day", "in %(n)d days", self.ahead) % {"n": self.ahead}
            case bucket:
                return str(words.STATES[bucket])

    @property
    def why(self) -> Explanation | None:
        """Why on that day."""
        try:
            return explain(self.deadline, regime=self.deadline.dossier.incapacity.regime)
        except KeyError:  # the rules know this version no more: the dates stand all the same
            return None

    @property
    def title(self) -> str:
        return words.rule_title(self.deadline.rule, self.deadline.occurrence)

    @property
    def whose(self) -> str:
        return words.whose(self.deadline.rule)


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
    """The Sunday of this week; on a weekend, when its work is over, that of the week that comes."""
    sunday = today + timedelta(days=6 - today.weekday())
    return sunday + timedelta(weeks=1) if today.weekday() >= SATURDAY else sunday


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
    return "overdue" if deadline.falls_on < today else bucket_on(deadline.act_by, today)


def bucket_on(act_by: date, today: date) -> str:
    """The same for a day that is not past."""
    if act_by <= today:
        return "today"
    return "week" if act_by <= end_of_week(today) else "later"


def in_view(today: date) -> Q:
    """Deadlines that have come into view."""
    return Q(surfaces_on__isnull=True) | Q(surfaces_on__lte=today)


class Worklist:
    """One person's list on a day, through a choice of filters."""

    def __init__(self, actor: Actor, filters: Filters, today: date) -> None:
        self.actor, self.filters, self.today = actor, filters, today
        self.parts = filters.scope.of(filters.chosen.get("whose", ""))
        self._questions = list(self._asked())
        user = actor.user
        self._coordinates = bool(user and user.has_role(Role.COORDINATOR))
        self._is_doctor = bool(user and user.has_role(*MEDICAL))
        self._assesses = bool(may_open_assessments(actor))

    def counts(self) -> Iterator[Count]:
        """The four numbers at the top; each leads to its own part of the list."""
        return (self.count(bucket) for bucket in BUCKETS)

    def count(self, bucket: str) -> Count:
        """How much of one of them."""
        most = COUNTED_BY_PERSON if self.filters.by_person else COUNTED
        pieces = [
            deadlines.filter(in_bucket(bucket, self.today)).values("pk")[: most + 1]
            for deadlines in self._questions
        ]
        # Two parts may hold the same deadline; the two questions of one never do.
        number = pieces[0].union(*pieces[1:], all=len(self.parts) == 1).count()
        chosen = bucket == self.filters.chosen.get("bucket")
        query = self.filters.query(bucket="" if chosen else bucket)
        return Count(bucket, min(number, most), number > most, query, chosen)

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
        ahead, past = self._planned(deadlines)
        held_up = self._held_up(deadlines)
        return [
            Due(
                deadline,
                bucket_of(deadline, self.today),
                told.get(deadline.pk),
                whose[deadline.pk],
                ahead.get(met_by := (deadline.dossier_id, MET_BY.get(deadline.rule, ""))),
                "" if deadline.pk in held_up else self._step(deadline),
                (self.today - deadline.falls_on).days,
                (deadline.act_by - self.today).days,
                past.get(met_by),
                self._own(deadline.rule),
                deadline.pk in held_up,
            )
            for deadline in deadlines
        ]

    def _held_up(self, deadlines: Iterable[Deadline]) -> set[int]:
        """The referrals that wait for the end of a traject."""
        asked = {one.dossier_id: one.pk for one in deadlines if one.rule == REFER}
        if not asked:
            return set()
        running = Traject.objects.visible_to(self.actor).filter(dossier__in=asked, state=TrajectState.RUNNING)
        return {asked[dossier] for dossier in running.values_list("dossier", flat=True)}

    def _own(self, rule: str) -> bool:
        return self._is_doctor if rule in OF_DOCTORS else self._coordinates and rule in OF_COORDINATORS

    def _planned(self, deadlines: Iterable[Deadline]) -> tuple[Planned, Planned]:
        """The first appointment planned for what a deadline asks from today on, and the first without an outcome."""
        ahead: Planned = {}
        past: Planned = {}
        if dossiers := {deadline.dossier_id for deadline in deadlines if deadline.rule in MET_BY}:
            found = Appointment.objects.visible_to(self.actor).filter(
                dossier__in=dossiers, state=AppointmentState.PLANNED
            )
            for one in found.order_by("-at"):
                (past if one.on < self.today else ahead)[one.dossier_id, one.purpose] = one
        return ahead, past

    def _step(self, deadline: Deadline) -> str:
        """Where this person takes the next step of a deadline; empty where it is somebody else's."""
        of_doctors = deadline.rule in OF_DOCTORS
        if not (self._is_doctor if of_doctors else self._coordinates):
            return ""
        of_one = "assess" if deadline.rule in ASSESSED and self._assesses else "dossier_step"
        args = [deadline.dossier.public_id, *([] if of_one == "assess" else [deadline.rule])]
        return reverse(of_one, args=args)

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
