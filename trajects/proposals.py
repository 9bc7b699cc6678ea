"""Contacts that are due are proposed with a moment and a place, before anybody thinks of them (T7, T8, T12).

A review is proposed as the last interview was: on its weekday, at its hour, in its form. Where that was held is text
that no job reads: the page fills it in.

Whatever day it runs on, it finds what is open by then and has no appointment (T21); twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dossiers.law.calendar import ONE_DAY, act_by, add_working_days, is_working_day
from dossiers.models import Deadline, Dossier
from dossiers.models.case import running_on
from dossiers.reminders.reading import still_open
from tnw.accounts.models import Fund
from tnw.core import clock
from trajects.calendar.lasting import DISTANT, lasting, lasts, overlaps
from trajects.models import Appointment, Proposal
from trajects.models.appointment import AppointmentState, Form, Purpose
from trajects.reading import planned

# A moment, and how long it is taken.
Taken = tuple[datetime, timedelta]

PURPOSE_OF = {"T7": Purpose.FIRST_CONTACT, "T8": Purpose.FIRST_CONTACT, "T12": Purpose.FOLLOW_UP}
# A first contact is looked for at once, a review in its last weeks: it is asked for every three months.
BEFOREHAND = {"T12": timedelta(weeks=4)}
# What is looked for as somebody plans it, beside what the beat proposes.
ON_THE_SPOT = {"T7": Purpose.FIRST_CONTACT, "T8": Purpose.FIRST_CONTACT, "T11": Purpose.PLAN_MEETING}
# So many working days ahead: time to write to somebody, and not so much that it is forgotten.
FROM = 5
# So many working days a letter is on its way: whoever has to come sooner would read of it too late. Bpost delivers
# ordinary post within three.
POST = 3
SLOTS = (*(time(hour, minute) for hour in (9, 10, 11, 13, 14, 15) for minute in (0, 30)), time(16))
NOON = time(12), timedelta(hours=1)
LOCK = 311_510  # the class of advisory locks by which the proposals of a fund wait for each other


class Proposed(NamedTuple):
    """What one run did: proposals made, and withdrawn."""

    proposed: int = 0
    withdrawn: int = 0


@transaction.atomic
def propose(fund: Fund, rules: Collection[str], today: date) -> Proposed:
    """Propose what is open by these rules, and withdraw what is no longer needed. Works inside the fund's wall."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, fund.pk])
    withdrawn = _withdraw(fund, rules, today)
    wanted = _wanted(fund, rules, today)
    if not wanted:
        return Proposed(0, withdrawn)
    diary = _Diary(fund, {one.for_coordinator for one in wanted if one.for_coordinator}, today)
    before = _last_interviews(fund, {one.dossier_id for one in wanted if one.rule in BEFOREHAND})
    made: dict[tuple[int, str], Proposal] = {}
    for one in wanted:
        key = one.dossier_id, PURPOSE_OF[one.rule]
        if key not in made and one.for_coordinator:
            last = before.get(one.dossier_id) if one.rule in BEFOREHAND else None
            at = diary.take(one.for_coordinator, one.act_by, _lasts(one, last), last.at if last else None)
            made[key] = _proposal(one.dossier, PURPOSE_OF[one.rule], at, today, last)
            made[key].rule, made[key].opened_by, made[key].occurrence = (
                one.rule,
                one.opened_by,
                one.occurrence,
            )
    Proposal.objects.bulk_create(made.values(), ignore_conflicts=True)
    return Proposed(len(made), withdrawn)


def like_last(last: datetime, by: date) -> datetime:
    """On or before a day, on the weekday and at the hour of the last one, where that is a working day."""
    at = last.astimezone(clock.BRUSSELS)
    back = (by - timedelta(days)) if (days := (by.weekday() - at.weekday()) % 7) else by
    day = back if is_working_day(back) else act_by(by)
    return datetime.combine(day, at.time(), clock.BRUSSELS)


def _last_interviews(fund: Fund, dossiers: Collection[int]) -> dict[int, Appointment]:
    """Of each dossier the follow-up interview, or else the interview for the plan, that was held last."""
    held = Appointment.objects.filter(
        fund=fund,
        dossier__in=dossiers,
        purpose__in=[Purpose.FOLLOW_UP, Purpose.PLAN_MEETING],
        state=AppointmentState.HELD,
    )
    return {one.dossier_id: one for one in held.order_by("at")} if dossiers else {}


def proposal_of(dossier: Dossier, purpose: str, today: date) -> Proposal | None:
    """The proposal for a contact, as long as it stands. Begin with a dossier that may be seen."""
    mine = Proposal.objects.filter(fund=dossier.fund_id, dossier=dossier, purpose=purpose)
    return standing(mine, today).first()


def awaited(dossier: Dossier, purpose: str, today: date) -> bool:
    """Whether a deadline waits for this contact."""
    return _due(dossier, today, [rule for rule, its in PURPOSE_OF.items() if its == purpose]).exists()


def proposed_for(dossier: Dossier, purpose: str, today: date) -> Proposal | None:
    """The same; where no job came by yet, a free moment that is looked for now and kept nowhere."""
    if purpose in PURPOSE_OF.values() and (there := proposal_of(dossier, purpose, today)):
        return there
    rules = [rule for rule, its in ON_THE_SPOT.items() if its == purpose]
    if not rules or dossier.coordinator_id is None or planned(dossier, purpose):
        return None
    due = _due(dossier, today, rules).order_by("act_by")
    act_by = due.values_list("act_by", flat=True).first() or date.max
    diary = _Diary(dossier.fund, {dossier.coordinator_id}, today)
    at = diary.take(dossier.coordinator_id, act_by, lasts(purpose))
    return _proposal(dossier, purpose, at, today, None)


def _due(dossier: Dossier, today: date, rules: Collection[str]) -> QuerySet[Deadline]:
    return Deadline.objects.filter(still_open(today), fund=dossier.fund_id, dossier=dossier, rule__in=rules)


def _withdraw(fund: Fund, rules: Collection[str], today: date) -> int:
    mine = Proposal.objects.filter(fund=fund, rule__in=rules)
    there = set(mine.values_list("pk", flat=True))
    if there:
        too_near = Q(purpose=Purpose.FIRST_CONTACT, at__lt=clock.midnight(add_working_days(today, POST)))
        stays = standing(mine, today).exclude(too_near & ~Q(form__in=DISTANT))
        there -= set(stays.values_list("pk", flat=True))
    if there:
        Proposal.objects.filter(fund=fund, pk__in=there).delete()
    return len(there)


def standing(proposals: QuerySet[Proposal], today: date) -> QuerySet[Proposal]:
    """Those whose moment is still free and lies ahead, and whose deadline waits without an appointment.

    Asked wherever one is shown or counted: what was planned or held meanwhile, in whatever way, no run has seen yet.
    """
    due = Deadline.objects.filter(
        still_open(today),
        fund=OuterRef("fund"),
        dossier=OuterRef("dossier"),
        rule=OuterRef("rule"),
        opened_by=OuterRef("opened_by"),
        occurrence=OuterRef("occurrence"),
    )
    its = _planned(purpose=OuterRef("purpose"), dossier=OuterRef("dossier"))
    elsewhere = _planned(
        dossier__coordinator=OuterRef("dossier__coordinator"),
        at__gt=OuterRef("at") - lasting(),
        at__lt=OuterRef("until"),
    )
    return proposals.annotate(until=F("at") + lasting()).filter(
        running_on(today, "dossier__"),
        Exists(due),
        ~Exists(its),
        ~Exists(elsewhere),
        at__gte=clock.midnight(today + ONE_DAY),
    )


def _planned(**which: object) -> QuerySet[Appointment]:
    """Also one that is past, until it is told what came of it."""
    return Appointment.objects.filter(fund=OuterRef("fund"), state=AppointmentState.PLANNED, **which)


def _wanted(fund: Fund, rules: Collection[str], today: date) -> list[Deadline]:
    """The deadlines that wait for a contact for which nothing is planned or proposed, the most urgent first."""
    found: list[Deadline] = []
    for purpose, its_rules in groupby(
        sorted(rules, key=lambda rule: PURPOSE_OF[rule]), PURPOSE_OF.__getitem__
    ):
        waits = Q()
        for rule in its_rules:
            soon = {"act_by__lte": today + BEFOREHAND[rule]} if rule in BEFOREHAND else {}
            waits |= Q(rule=rule, **soon)
        there = Proposal.objects.filter(fund=OuterRef("fund"), dossier=OuterRef("dossier"), purpose=purpose)
        made = _planned(purpose=purpose, dossier=OuterRef("dossier"))
        due = Deadline.objects.filter(still_open(today), running_on(today, "dossier__"), waits, fund=fund)
        due = due.filter(~Exists(there), ~Exists(made), for_coordinator__isnull=False)
        found += due.select_related("dossier__team", "dossier__fund")
    return sorted(found, key=lambda one: (one.act_by, one.dossier_id))


class _Diary:
    """When coordinators are free, as far as is known here: beside their appointments and what was proposed."""

    def __init__(self, fund: Fund, coordinators: set[int], today: date) -> None:
        self.today = today
        self._taken: dict[tuple[int, date], list[Taken]] = defaultdict(list)
        ahead = {"fund": fund, "at__gte": clock.midnight(today), "dossier__coordinator__in": coordinators}
        made = Appointment.objects.filter(state=AppointmentState.PLANNED, **ahead)
        for booked in (made, standing(Proposal.objects.filter(**ahead), today)):
            told = booked.annotate(whose=F("dossier__coordinator"))
            for whose, at, purpose, form in told.values_list("whose", "at", "purpose", "form"):
                self._taken[whose, at.astimezone(clock.BRUSSELS).date()].append((at, lasts(purpose, form)))

    def take(
        self, coordinator: int, act_by: date, lasting: timedelta, last: datetime | None = None
    ) -> datetime:
        """The first free moment, before a day where that is possible, and as the last one was; taken from now on."""
        if last and (at := self._like(coordinator, act_by, lasting, last.astimezone(clock.BRUSSELS))):
            self._taken[coordinator, at.date()].append((at, lasting))
            return at
        for day in self._days(act_by):
            taken = self._taken[coordinator, day]
            noon = datetime.combine(day, NOON[0], clock.BRUSSELS), NOON[1]
            for hour in SLOTS:
                at = datetime.combine(day, hour, clock.BRUSSELS)
                if not any(overlaps(at, lasting, *other) for other in (*taken, noon)):
                    taken.append((at, lasting))
                    return at
        raise AssertionError("the days have no end")

    def _like(self, coordinator: int, act_by: date, lasting: timedelta, last: datetime) -> datetime | None:
        """The last free one in time that is on the same weekday and at the same hour; none where there is none."""
        day = act_by
        while day >= add_working_days(self.today, FROM):
            at = datetime.combine(day, last.time(), clock.BRUSSELS)
            free = not any(overlaps(at, lasting, *other) for other in self._taken[coordinator, day])
            if day.weekday() == last.weekday() and is_working_day(day) and free:
                return at
            day -= ONE_DAY
        return None

    def _days(self, act_by: date) -> Iterator[date]:
        """Some working days ahead; sooner where the date would be past; and then ever later."""
        first = add_working_days(self.today, FROM)
        if act_by < first:
            day = self.today + ONE_DAY
            while day <= act_by:
                if is_working_day(day):
                    yield day
                day += ONE_DAY
        day = first
        while True:
            yield day
            day = add_working_days(day, 1)


def _lasts(one: Deadline, last: Appointment | None) -> timedelta:
    return lasts(PURPOSE_OF[one.rule], last.form if last else "")


def _proposal(
    dossier: Dossier, purpose: str, at: datetime, today: date, last: Appointment | None
) -> Proposal:
    """As the last one was held; else in person, and by phone where a letter would come too late for that."""
    team = dossier.team
    near = at < clock.midnight(add_working_days(today, POST))
    called = last is None and near
    return Proposal(
        fund_id=dossier.fund_id,
        dossier_id=dossier.pk,
        purpose=purpose,
        at=at,
        form=Form.PHONE if called else (last.form if last else "") or Form.IN_PERSON,
        place="" if called else (team.place if team else "") or dossier.fund.name,
        made_on=today,
    )
