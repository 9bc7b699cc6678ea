"""Dossiers that have come as far as each state of route A, on fixed dates, and how their acts are posted."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse

from dossiers.acts import head_of
from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier, LedgerEntry
from routing.models import RouteA
from tnw.core import clock, scope

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


# What is signed is signed on a page of its own.
SIGNED = ("record-signature", "sign-as-coordinator", "sign-as-doctor")


def address(dossier: Dossier, act: str, subject: str = "") -> str:
    if act in SIGNED:
        return reverse("dossier_declaration", args=[dossier.public_id, subject])
    url = reverse("act", args=[dossier.public_id, act])
    return f"{url}?subject={subject}" if subject else url


def typed(dossier: Dossier, **more: Any) -> dict[str, Any]:
    with scope.funds(dossier.fund_id):
        return {"seen": head_of(dossier), **more}


FIRST_CONTACT = {
    "on": "15/06/2026",
    "how": "in_person",
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
