"""A dossier in route A that waits for its first contact, and everybody who acts on an absence."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers import ledger
from dossiers.law.facts import fact
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM, Case
from tnw.accounts import actors
from tnw.accounts.models import Fund, Role, Team, User
from tnw.core import clock
from trajects.models import AbsenceProcedure
from trajects.policies.absence import ladder
from trajects.services import absence as services
from trajects.services import contacts

LEAD = "team_lead"
START = date(2026, 1, 5)
DAY = timedelta(1)


class Absent(Case):
    """Route A up to its referral; `absent` misses appointments, the other names are what follows on it."""

    letters = 0

    def referred(self, on: date = date(2026, 4, 20)) -> "Absent":
        self.on(on)
        self.assess(4)
        self.refer()
        return self

    def absent(self, on: date, purpose: str = "first_contact", *, excused: bool = False) -> str:
        """An appointment made for that day, a week before it, and missed."""
        self.on(max(self.day, on - 7 * DAY))
        subject = self.plan(on, purpose=purpose)
        self.on(on)
        by = DOCTOR if purpose == "medical_examination" else COORDINATOR
        self.act(contacts.record_absence, by, subject=subject, excused=excused)
        return subject

    def fact_of_absence(self, on: date, subject: str = "of-before") -> str:
        """An absence of an earlier day that is recorded now, without an appointment."""
        one = fact("absence_recorded", on, f"absent-{on}", subject, purpose="medical_examination")
        with clock.at(self.day):
            entry = ledger.Entry(self.dossier.pk, one)
            ledger.record_many([entry], fund=self.fund, actor=self.people[SYSTEM], in_order=True)
        return subject

    def letter(self, subject: str, by: str = COORDINATOR, *, on: date | None = None, **more: Any) -> None:
        """Told today, of another day where one is named."""
        self.letters += 1
        told = {"subject": subject, "proof": f"RR {self.letters}", **more}
        self.backdated(services.send_letter, by, on or self.day, **told)

    def propose(self, subject: str, by: str = COORDINATOR) -> None:
        self.act(services.propose, by, subject=subject)

    def confirm(self, subject: str, by: str = LEAD) -> None:
        self.act(services.confirm, by, subject=subject)

    def refuse(self, subject: str, by: str = LEAD) -> None:
        self.act(services.refuse, by, subject=subject, note="Not yet.")

    def new_date(self, subject: str) -> None:
        self.act(services.ask_new_date, COORDINATOR, subject=subject)

    def take_back(self, subject: str, by: str = COORDINATOR) -> None:
        self.act(services.withdraw, by, subject=subject, note="The letter went astray.")

    def excuse(self, subject: str, by: str = COORDINATOR) -> None:
        self.act(contacts.excuse, by, subject=subject)

    def row(self, subject: str) -> AbsenceProcedure:
        return AbsenceProcedure.objects.get(dossier=self.dossier, subject=subject)

    @property
    def steps(self) -> dict[str, str]:
        return ladder(type(self.dossier).objects.select_related("incapacity").get(pk=self.dossier.pk))

    def until_proposed(self, on: date = date(2026, 4, 27)) -> str:
        """Absent twice, both letters sent, the reduction proposed; gives the second appointment."""
        first = self.absent(on)
        self.letter(first)
        second = self.absent(on + 14 * DAY)
        self.letter(second)
        self.propose(second)
        return second


@pytest.fixture
def people(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> dict[str, Any]:
    names = (COORDINATOR, DOCTOR, MEDICAL, LEAD)
    found = {role: actors.of_user(make_user(role, fund=in_fund, team=team)) for role in names}
    both = make_user(Role.COORDINATOR, Role.TEAM_LEAD, fund=in_fund, team=team)
    return {**found, "both": actors.of_user(both), SYSTEM: actors.system()}


@pytest.fixture
def begin(in_fund: Fund, people: dict[str, Any]) -> Callable[..., Absent]:
    """`begin(start=…, **columns)`: a case that came in through the feed."""
    return lambda start=START, **columns: Absent(in_fund, people, start, **columns)


@pytest.fixture
def case(begin: Callable[..., Absent]) -> Absent:
    return begin().referred()
