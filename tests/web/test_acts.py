"""Acts as pages: who may in which state, what a preview shows and leaves behind, and two people on one dossier."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.acts import head_of
from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier, LedgerEntry, Reminder
from routing.models import RouteA, RouteAState
from tests import population
from tnw.accounts.models import AuditEntry, Fund, Role, Team, User
from tnw.core import clock, scope
from trajects.models import Appointment, Traject

Browse = Callable[..., Client]
TODAY = date(2026, 6, 15)  # a Monday, in month 6
START = date(2026, 1, 5)
DAY = timedelta(1)
APPOINTMENT = "0190a000-0000-7000-8000-000000000001"


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), clock.BRUSSELS)


def appointment(on: date, purpose: str, made: date = date(2026, 6, 5)) -> Fact:
    return fact(
        "appointment_made", made, "ap-1", APPOINTMENT, purpose=purpose, at=moment(on), form="in_person"
    )


SENT = fact("questionnaire_sent", date(2026, 3, 16), "q-1", channel="post", language="nl")
ASSESSED = {
    category: fact("assessment_made", date(2026, 5, 4), "a-1", category=category) for category in (1, 2, 3, 4)
}
REFERRED = fact("referral_made", date(2026, 6, 1), "r-1")
HELD = fact("first_contact_held", date(2026, 6, 8), "f-1", route="A", form="in_person")
GIVEN = fact("consent_given", date(2026, 6, 8), "c-1", purpose="data_processing")
STEP = fact("first_step_chosen", date(2026, 6, 8), "s-1", step="guidance")
STARTED = fact("traject_started", date(2026, 6, 8), "t-1", route="A")
CLOSED = fact("route_closed", date(2026, 6, 9), "x-1", route="A", reason="declined")

STATES: dict[str, Sequence[Fact]] = {
    "awaiting": (),
    "sent": (SENT,),
    "category 2": (SENT, ASSESSED[2]),
    "category 4": (SENT, ASSESSED[4]),
    "referred": (SENT, ASSESSED[4], REFERRED),
    "contacted": (SENT, ASSESSED[4], REFERRED, HELD),
    "started": (SENT, ASSESSED[4], REFERRED, HELD, GIVEN, STEP, STARTED),
    "closed": (SENT, ASSESSED[4], REFERRED, CLOSED),
}


@pytest.fixture
def in_june(fund: Fund, team: Team) -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def stand(in_june: None, fund: Fund) -> Callable[..., Dossier]:
    """`stand(state or facts)`: a dossier that has come that far."""

    def make(state: str | Sequence[Fact], **columns: Any) -> Dossier:
        facts = STATES[state] if isinstance(state, str) else state
        return population.dossier(fund=fund, start=START, facts=facts, today=TODAY, **columns)

    return make


def address(dossier: Dossier, act: str, subject: str = "") -> str:
    url = reverse("act", args=[dossier.public_id, act])
    return f"{url}?subject={subject}" if subject else url


def typed(dossier: Dossier, **more: Any) -> dict[str, Any]:
    with scope.funds(dossier.fund_id):
        return {"seen": head_of(dossier), **more}


FIRST_CONTACT = {
    "on": "15/06/2026",
    "form": "in_person",
    "report": "Looked at the former job together.",
    "role_explained": "on",
    "consent": "given",
    "first_step": "guidance",
}


def kinds(dossier: Dossier) -> list[str]:
    with scope.funds(dossier.fund_id):
        return list(
            LedgerEntry.objects.filter(dossier=dossier).order_by("seq").values_list("kind", flat=True)
        )


def route_of(dossier: Dossier) -> RouteA:
    with scope.funds(dossier.fund_id):
        return RouteA.objects.get(dossier=dossier)


def test_refer_plan_and_first_contact(browse: Browse, stand: Callable[..., Dossier]) -> None:
    dossier = stand("category 4")
    doctor = browse(Role.ADVISORY_DOCTOR)
    assert doctor.get(address(dossier, "refer")).status_code == 200
    answer = doctor.post(address(dossier, "refer"), typed(dossier, on="15/06/2026"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("dossier", args=[dossier.public_id])
    assert route_of(dossier).state == RouteAState.REFERRED
    coordinator = browse(Role.COORDINATOR)
    planned = {
        "purpose": "first_contact",
        "day": "22/06/2026",
        "time": "10:30",
        "form": "phone",
        "place": "0470",
    }
    answer = coordinator.post(address(dossier, "plan"), typed(dossier, **planned))
    assert answer.status_code == 302
    with scope.funds(dossier.fund_id):
        one = Appointment.objects.get(dossier=dossier)
    assert (one.at, one.form) == (datetime(2026, 6, 22, 10, 30, tzinfo=clock.BRUSSELS), "phone")
    with clock.at(date(2026, 6, 22)):
        held = {**FIRST_CONTACT, "on": "22/06/2026"}
        answer = coordinator.post(address(dossier, "first-contact", one.subject), typed(dossier, **held))
        assert answer.status_code == 302, answer.content.decode()
    with scope.funds(dossier.fund_id):
        assert Traject.objects.get(dossier=dossier).first_step == "guidance"
        assert Appointment.objects.get(dossier=dossier).state == "held"
