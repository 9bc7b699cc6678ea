"""A dossier on its way through route A: every step through its service, on a fixed day, by whom it belongs to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any, Self

import pytest

from dossiers import ledger, machines
from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from dossiers.projection import facts_of
from routing.services import route_a as services
from tests import population
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund
from tnw.core import clock
from tnw.core.errors import DomainError
from trajects.services import contacts

COORDINATOR, DOCTOR, MEDICAL, SYSTEM = "coordinator", "advisory_doctor", "medical_team", "system"


def refused(code: str) -> AbstractContextManager[pytest.ExceptionInfo[DomainError]]:
    """The act inside is refused for this reason."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


class Case:
    """One insured person in a fund whose wall is open; `on` moves the clock, the other names are what happens."""

    def __init__(self, fund: Fund, people: dict[str, Actor], start: date, **columns: Any) -> None:
        self.fund, self.people = fund, people
        self.day = start
        self.line = population.line(fund=fund.number, start=start, **columns)
        self.fed(start)
        self.dossier = Dossier.objects.get(fund=fund, incapacity__reference=self.line["reference"])

    # --- what is said

    def on(self, day: date) -> Self:
        assert day >= self.day, "time goes on"
        self.day = day
        return self

    def fed(self, day: date, **columns: Any) -> Self:
        """The feed of a day says this of the incapacity."""
        version = int(self.line["version"]) + bool(columns)
        told = {name: str(value) for name, value in columns.items()}
        self.line = {**self.line, **told, "version": str(version)}
        self.on(day)
        with clock.at(day):
            assert not population.take_in(self.fund, [self.line], day)["rejected"]
        return self

    def act(self, service: Callable[..., Any], role: str, /, **values: Any) -> Any:
        actor = self.people[role]
        with audit.acting_as(actor, self.fund), clock.at(self.day, hour=17):
            return service(dossier_id=self.dossier.public_id, actor=actor, on=self.day, **values)

    def backdated(self, service: Callable[..., Any], role: str, on: date, /, **values: Any) -> None:
        """Recorded today, of another day."""
        actor = self.people[role]
        with audit.acting_as(actor, self.fund), clock.at(self.day, hour=17):
            service(dossier_id=self.dossier.public_id, actor=actor, on=on, **values)

    @staticmethod
    def moment(day: date, hour: int = 10) -> datetime:
        return datetime.combine(day, time(hour), clock.BRUSSELS)

    def record(self, kind: str, subject: str = "", /, *, in_order: bool = True, **values: Any) -> str:
        """A fact whose service is not of this test; gives its id."""
        one = fact(kind, self.day, f"{kind}-{self.day}{subject}", subject, **values)
        with clock.at(self.day):
            entries = [ledger.Entry(self.dossier.pk, one)]
            ledger.record_many(entries, fund=self.fund, actor=self.people[SYSTEM], in_order=in_order)
        return one.id

    # --- what people do

    def sent(self) -> None:
        self.record("questionnaire_sent", channel="post", language="nl")

    def returned(self, *, complete: bool = True) -> None:
        self.record("questionnaire_received", complete=complete, channel="post")

    def assess(self, category: int, *, by: str = DOCTOR, refer: bool = False, contact: str = "") -> None:
        reason = "diagnosis first" if category in (2, 3) else ""
        self.act(services.assess, by, category=category, reason=reason, refer=refer, contact=contact)

    def refer(self) -> None:
        self.act(services.refer, DOCTOR)

    def withdraw(self) -> None:
        self.act(services.withdraw_referral, DOCTOR, note="not now")

    def plan(self, day: date, hour: int = 10, purpose: str = "first_contact") -> str:
        at = self.moment(day, hour)
        by = DOCTOR if purpose == "medical_examination" else COORDINATOR
        return str(self.act(contacts.plan, by, purpose=purpose, at=at, form="in_person", place="Gent"))

    def missed(self, subject: str, *, excused: bool = False) -> None:
        self.act(contacts.record_absence, COORDINATOR, subject=subject, excused=excused, note="")

    def meet(self, consent: str = "given", step: str = "guidance", subject: str = "") -> None:
        self.act(
            services.hold_first_contact, COORDINATOR, form="in_person", report="", role_explained=True,
            consent=consent, first_step=step, subject=subject,
        )  # fmt: skip

    def decide(self, consent: str, step: str = "") -> None:
        self.act(services.decide_on_consent, COORDINATOR, consent=consent, first_step=step)

    def close(self, reason: str = "declined", by: str = COORDINATOR) -> None:
        self.act(services.close_route, by, reason=reason)

    # --- what there is then

    @property
    def facts(self) -> tuple[Fact, ...]:
        return facts_of([self.dossier.pk]).get(self.dossier.pk, ())

    @property
    def kinds(self) -> list[str]:
        """What was recorded, in its order, after the recognition."""
        return [one.kind for one in self.facts[1:]]

    @property
    def state(self) -> str:
        return self.states["route_a"]

    @property
    def states(self) -> dict[str, str]:
        """By machine and what tells it apart: `route_a`, `traject 1`."""
        return machines.states_of(self.dossier)

    @property
    def flag(self) -> str:
        return Dossier.objects.get(pk=self.dossier.pk).out_of_order

    def due(self, rule: str, month: int = 0) -> tuple[date, str]:
        """The legal date of the newest deadline of a rule, or of its month (T17), and what it is today."""
        rows = [row for row in self.rows if row.rule == rule and month in (0, row.occurrence)]
        newest = max(rows, key=lambda row: row.opens_on)
        return newest.falls_on, newest.state(self.day)

    @property
    def open(self) -> set[str]:
        """The rules that wait for somebody today."""
        return {row.rule for row in self.rows if row.state(self.day) in ("open", "overdue", "paused")}

    @property
    def rows(self) -> Any:
        return deadlines(self.facts, self.fund.live_from)
