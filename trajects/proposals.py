"""Contacts that are due are proposed with a moment and a place, before anybody thinks of them (T7, T8, T12).

Whatever day it runs on, it finds what is open by then and has no appointment (T21); twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dossiers.law.calendar import ONE_DAY, add_working_days, is_working_day
from dossiers.models import Deadline, Dossier
from dossiers.models.case import running_on
from dossiers.reminders.reading import still_open
from tnw.accounts.models import Fund
from tnw.core import clock
from trajects.models import Appointment, Proposal
from trajects.models.appointment import AppointmentState, Form, Purpose

PURPOSE_OF = {"T7": Purpose.FIRST_CONTACT, "T8": Purpose.FIRST_CONTACT, "T12": Purpose.FOLLOW_UP}
# A first contact is looked for at once, a review in its last weeks: it is asked for every three months.
BEFOREHAND = {"T12": timedelta(weeks=4)}
# So many working days ahead: time to write to somebody, and not so much that it is forgotten.
FROM = 5
LASTS = timedelta(minutes=30)
SLOTS = (*(time(hour, minute) for hour in (9, 10, 11, 13, 14, 15) for minute in (0, 30)), time(16))
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
    made: dict[tuple[int, str], Proposal] = {}
    for one in wanted:
        key = one.dossier_id, PURPOSE_OF[one.rule]
        if key not in made and one.for_coordinator:
            at = diary.take(one.for_coordinator, one.act_by)
            made[key] = _proposal(one, at, today)
    Proposal.objects.bulk_create(made.values(), ignore_conflicts=True)
    return Proposed(len(made), withdrawn)


def proposal_of(dossier: Dossier, purpose: str, today: date) -> Proposal | None:
    """The proposal for a contact, as long as it stands. Begin with a dossier that may be seen."""
    mine = Proposal.objects.filter(fund=dossier.fund_id, dossier=dossier, purpose=purpose)
    return _standing(mine, today).first()


def _withdraw(fund: Fund, rules: Collection[str], today: date) -> int:
    mine = Proposal.objects.filter(fund=fund, rule__in=rules)
    there = set(mine.values_list("pk", flat=True))
    if there:
        there -= set(_standing(mine, today).values_list("pk", flat=True))
    if there:
        Proposal.objects.filter(fund=fund, pk__in=there).delete()
    return len(there)


def _standing(proposals: QuerySet[Proposal], today: date) -> QuerySet[Proposal]:
    """Those whose moment is still free and lies ahead, and whose deadline waits without an appointment."""
    due = Deadline.objects.filter(
        still_open(today),
        fund=OuterRef("fund"),
        dossier=OuterRef("dossier"),
        rule=OuterRef("rule"),
        opened_by=OuterRef("opened_by"),
        occurrence=OuterRef("occurrence"),
    )
    planned = _planned(today, purpose=OuterRef("purpose"), dossier=OuterRef("dossier"))
    elsewhere = _planned(
        today,
        dossier__coordinator=OuterRef("dossier__coordinator"),
        at__gt=OuterRef("at") - LASTS,
        at__lt=OuterRef("at") + LASTS,
    )
    return proposals.filter(
        running_on(today, "dossier__"),
        Exists(due),
        ~Exists(planned),
        ~Exists(elsewhere),
        at__gte=clock.midnight(today + ONE_DAY),
    )


def _planned(today: date, **which: object) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        fund=OuterRef("fund"), state=AppointmentState.PLANNED, at__gte=clock.midnight(today), **which
    )


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
        planned = _planned(today, purpose=purpose, dossier=OuterRef("dossier"))
        due = Deadline.objects.filter(still_open(today), running_on(today, "dossier__"), waits, fund=fund)
        due = due.filter(~Exists(there), ~Exists(planned), for_coordinator__isnull=False)
        found += due.select_related("dossier__team", "dossier__fund")
    return sorted(found, key=lambda one: (one.act_by, one.dossier_id))


class _Diary:
    """When coordinators are free, as far as is known here: beside their appointments and what was proposed."""

    def __init__(self, fund: Fund, coordinators: set[int], today: date) -> None:
        self.today = today
        self._taken: dict[tuple[int, date], list[datetime]] = defaultdict(list)
        ahead = {"fund": fund, "at__gte": clock.midnight(today), "dossier__coordinator__in": coordinators}
        planned = Appointment.objects.filter(state=AppointmentState.PLANNED, **ahead)
        for booked in (planned, Proposal.objects.filter(**ahead)):
            for whose, at in booked.annotate(whose=F("dossier__coordinator")).values_list("whose", "at"):
                self._taken[whose, at.astimezone(clock.BRUSSELS).date()].append(at)

    def take(self, coordinator: int, act_by: date) -> datetime:
        """The first free half hour, before a day where that is possible; taken from now on."""
        for day in self._days(act_by):
            taken = self._taken[coordinator, day]
            for hour in SLOTS:
                at = datetime.combine(day, hour, clock.BRUSSELS)
                if all(abs(at - other) >= LASTS for other in taken):
                    taken.append(at)
                    return at
        raise AssertionError("the days have no end")

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


def _proposal(one: Deadline, at: datetime, today: date) -> Proposal:
    dossier = one.dossier
    team = dossier.team
    return Proposal(
        fund_id=one.fund_id,
        dossier_id=one.dossier_id,
        purpose=PURPOSE_OF[one.rule],
        at=at,
        form=Form.IN_PERSON,
        place=(team.place if team else "") or dossier.fund.name,
        made_on=today,
        rule=one.rule,
        opened_by=one.opened_by,
        occurrence=one.occurrence,
    )
