"""A life with the fund while it is being written: what the feed says of it, and what people do."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar

from dossiers.law.calendar import (
    ONE_DAY,
    add_months,
    add_working_days,
    is_working_day,
    last_working_day_before,
)
from dossiers.law.facts import Fact, check
from tnw.core import clock
from tnw.web.demo.notes import NOTES
from tnw.web.demo.people import Person, weighed

# Who does something. The insured and the employer do not record; what they do is recorded by the coordinator.
SYSTEM, COORDINATOR, DOCTOR, MEDICAL_TEAM = "system", "coordinator", "advisory_doctor", "medical_team"
LEAD = "team_lead"
STAFF = (COORDINATOR, DOCTOR, MEDICAL_TEAM, LEAD)
# What carries a route other than A on; a traject that starts by another supersedes it (R1).
OF_ANOTHER_ROUTE = frozenset(
    {"contact_requested", "permission_requested", "permission_granted", "permission_refused"}
)
# What the beat does by itself: it is in the script so that what follows it can be told.
JOB = "job"
# What may be written down some days later without anything else waiting for it.
LATE = frozenset({"medical_contact_held", "contact_held", "support_offered", "action_taken", "service_step"})

# What is part of the same act when it follows another on its day.
ALONG = {
    "consent_given": {"first_contact_held"},
    "consent_refused": {"first_contact_held"},
    "traject_started": {"permission_granted", "consent_given"},
    "occupational_referral_made": {"consent_given"},
    "declaration_completed": {"declaration_signed"},
    "traject_ended": {"consent_withdrawn"},
    "plan_agreed": {"plan_reviewed"},
}
PROCESSING = "data_processing"

T = TypeVar("T")


class Act(NamedTuple):
    """Something that was done: the fact, the day on which it is recorded, by whom, and free text.

    `also` are the facts of the same act: a first contact is held, consent given, a traject started. `at` is the moment
    of the appointment that it is about, `of` the fact that it corrects.
    """

    day: date
    by: str
    fact: Fact
    note: str = ""
    also: tuple[Fact, ...] = ()
    at: datetime | None = None
    of: Fact | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.fact, *self.also


class Line(NamedTuple):
    """What the feed of a day says: columns that differ from the line before."""

    day: date
    says: dict[str, str]


class Life(NamedTuple):
    """Everything that the feed and people will do about one incapacity, in the order of the days."""

    person: Person
    lines: tuple[Line, ...]
    acts: tuple[Act, ...]


class Course:
    """Writes one life; the script in `behaviour` says what happens, this says how it is put down."""

    def __init__(self, person: Person, rng: Random) -> None:
        self.person = person
        self.rng = rng
        self.start = person.start
        self.lines: list[Line] = []
        self.acts: list[Act] = []
        # The day from which on nobody does anything any more: the incapacity has ended or is excluded.
        self.over_on = date.max
        self.prompt = False  # whether everything is recorded on its day
        self.traject_on: date | None = None
        # Days on which nobody records, the first and the one after the last: the incapacity is excluded.
        self.closed: tuple[date, date] | None = None
        self._end: Line | None = None
        self._moments: dict[str, datetime] = {}
        self._numbers: dict[str, int] = {}

    # --- chance

    def maybe(self, percent: float) -> bool:
        return self.rng.random() * 100 < percent

    def pick(self, weights: dict[T, int]) -> T:
        return weighed(self.rng, weights)

    def between(self, first: int, last: int) -> timedelta:
        """So many days."""
        return timedelta(days=self.rng.randint(first, last))

    def working_days(self, day: date, first: int, last: int) -> date:
        """A day so many working days later."""
        return add_working_days(day, self.rng.randint(first, last))

    def month(self, count: int) -> date:
        """The day on which so many months are full (D1)."""
        return add_months(self.start, count)

    # --- what happens

    def say(self, day: date, **columns: object) -> None:
        """The feed of this day says something new."""
        told = {name: "" if value is None else str(value) for name, value in columns.items()}
        self.lines.append(Line(day, told))

    def do(self, on: date, kind: str, by: str, subject: str = "", /, **values: Any) -> date:
        """Something is done, by staff on the next working day; gives the day. Now and then it is recorded later."""
        if by in STAFF:
            on = working_day(on)
        if self._goes_along(on, kind, values):
            self.along(kind, subject, **values)
            return on
        while kind == "assessment_made" and any(there == (kind, on) for there in self._kinds()):
            on = add_working_days(on, 1)  # a second one of a day would replace the first
        note = self.rng.choice(NOTES.get(kind, {}).get(self.person.language, ("",))) if self.maybe(70) else ""
        recorded = on
        if kind == "absence_recorded":  # nobody knows before the hour has passed
            recorded = add_working_days(on, 1)
        if kind in LATE and by in STAFF and not subject and not self.prompt and self.maybe(15):
            recorded = add_working_days(on, self.rng.randint(1, 3))
        self._note_down(on, recorded, kind, by, subject, note, values)
        return on

    def along(self, kind: str, subject: str = "", /, **values: Any) -> None:
        """The last act did this too."""
        last = self.acts[-1]
        said = self._fact(kind, last.fact.on, last.day, subject, values)
        self.acts[-1] = last._replace(also=(*last.also, said))

    def _goes_along(self, on: date, kind: str, values: dict[str, Any]) -> bool:
        last = self.acts[-1] if self.acts else None
        if last is None or last.fact.kind not in ALONG.get(kind, ()) or last.fact.on != on:
            return False
        asked_there = kind not in ("consent_given", "consent_refused") or values["purpose"] == PROCESSING
        referred = kind != "occupational_referral_made" or last.fact.get("purpose") == "employer_referral"
        return asked_there and referred

    def appoint(
        self, day: date, subject: str, purpose: str, by: str = COORDINATOR, *, before: int = 9
    ) -> date:
        """An appointment is made, up to so many days before; gives its day."""
        made = working_day(day - self.between(4, before))
        day = working_day(max(day, made + ONE_DAY))
        at = datetime.combine(day, time(self.rng.randint(9, 16)), clock.BRUSSELS)
        self._moments[subject] = at
        form = self.pick({"in_person": 70, "phone": 15, "video": 15})
        self.do(made, "appointment_made", by, subject, purpose=purpose, at=at, form=form)
        return day

    def invite(self, made: date, subject: str, day: date, by: str, **values: Any) -> None:
        """An appointment is made on a day, for another."""
        at = self._moments[subject] = datetime.combine(working_day(day), time(10), clock.BRUSSELS)
        self.do(made, "appointment_made", by, subject, at=at, **values)

    def superseded(self, day: date) -> None:
        """A traject of route A starts: what the others would still have done is not done."""
        self.acts = [
            act
            for act in self.acts
            if act.fact.on < day
            or not (act.fact.kind in OF_ANOTHER_ROUTE or act.fact.get("route") in ("B", "C"))
        ]

    def postpone(self, subject: str, day: date) -> date:
        """The appointment of a day is moved some days further; gives the new day."""
        told = last_working_day_before(day)
        at = self._moments[subject] + timedelta(days=self.rng.choice([5, 7, 8]))
        later = working_day(at.date())
        self.do(
            told,
            "appointment_moved",
            COORDINATOR,
            subject,
            at=at.replace(day=later.day, month=later.month, year=later.year),
        )
        self._moments[subject] = self.acts[-1].fact.values["at"]
        return later

    def void(self, kind: str, on: date, by: str, reason: str) -> None:
        """The last fact of a kind was a mistake."""
        last = self.last(kind)
        day = max(working_day(on), self._recorded(last))
        self._note_down(day, day, "fact_voided", by, "", "", {"fact": last.id, "reason": reason}, last)

    def correct(self, kind: str, on: date, by: str, **to: Any) -> None:
        """The last fact of a kind reads otherwise."""
        last = self.last(kind)
        day = max(working_day(on), self._recorded(last))
        self._note_down(day, day, "fact_corrected", by, "", "", {"fact": last.id, "to": to}, last)

    def last(self, kind: str) -> Fact:
        return next(act.fact for act in reversed(self.acts) if act.fact.kind == kind)

    def over(self, last_day: date, reason: str, *, told: date) -> None:
        """The incapacity ends, unless it has before; the feed of `told` says so, maybe beforehand."""
        if self._end is None or last_day < date.fromisoformat(self._end.says["end"]):
            self._end = Line(max(told, self.first_told), {"end": str(last_day), "end_reason": reason})
            self.over_on = min(self.over_on, last_day + ONE_DAY)

    def traject_until(self, day: date) -> None:
        """The traject ends: no talks after it."""
        self.acts = [act for act in self.acts if act.fact.kind != "contact_held" or act.fact.on <= day]

    @property
    def first_told(self) -> date:
        return self.lines[0].day

    def life(self) -> Life:
        """The life as written, without what would come after its end, or before the fund knew of it."""
        told = self._end.day if self._end else date.max
        lines = [
            line
            for line in self.lines
            if line.day < self.over_on and ("end" not in line.says or line.day < told)
        ]
        if self._end:
            lines.append(self._end)
        acts = [act for act in self.acts if self.start <= act.fact.on < self.over_on and self._open(act.day)]
        there = {act.fact.id for act in acts}
        acts = [
            act._replace(day=max(act.day, self.first_told))
            for act in acts
            if act.fact.get("fact", act.fact.id) in there
        ]
        return Life(
            self.person,
            (self.lines[0], *sorted(lines[1:], key=lambda line: line.day)),
            tuple(sorted(acts, key=lambda act: act.day)),
        )

    def _recorded(self, fact: Fact) -> date:
        return next(act.day for act in self.acts if act.fact is fact)

    def _open(self, day: date) -> bool:
        return not self.closed or not self.closed[0] <= day < self.closed[1]

    def _kinds(self) -> Iterator[tuple[str, date]]:
        return ((act.fact.kind, act.fact.on) for act in self.acts)

    def _note_down(
        self,
        on: date,
        day: date,
        kind: str,
        by: str,
        subject: str,
        note: str,
        values: dict[str, Any],
        of: Fact | None = None,
    ) -> None:
        made = self._fact(kind, on, day, subject, values)
        self.acts.append(Act(day, by, made, note, at=self._moments.get(subject), of=of))

    def _fact(self, kind: str, on: date, day: date, subject: str, values: dict[str, Any]) -> Fact:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return check(kind, on=on, id=f"{kind}-{number}", subject=subject, values=values, today=day)


def working_day(day: date) -> date:
    """The day itself or the next working day."""
    while not is_working_day(day):
        day += ONE_DAY
    return day
