"""What can be done next on route A: by whom, why not, and for which deadlines."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing import policies
from routing.models.route_a import BEFORE_ASSESSMENT, OPEN, RouteA, RouteAState
from tnw.accounts.models import Actor, Role
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Purpose
from trajects.policies import may_contact, running_traject

# Whatever the state: reassessed at any moment (A4), and after training (T14).
ASSESSED_FOR = ("T4", "T5", "T6", "T14")
DOCTOR, COORDINATOR = Role.ADVISORY_DOCTOR, Role.COORDINATOR


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of route A, and of the doctor beside it, in the order in which the route goes."""
    if not hasattr(dossier, "route_a"):
        return []
    route = dossier.route_a
    return [
        *_assessment(dossier, route, actor, today),
        *_first_contact(dossier, route, actor, today),
        *_medical_contact(dossier, actor, today),
        *_closing(dossier, route, actor, today),
    ]


def _assessment(dossier: Dossier, route: RouteA, actor: Actor, today: date) -> Iterator[Step]:
    refer = Step("refer", policies.may_refer(actor, dossier, today), DOCTOR, ("T23",))
    if route.state == RouteAState.ASSESSED and route.category == 4:
        yield refer
    before = route.state in BEFORE_ASSESSMENT
    yield Step("assess", policies.may_assess(actor, dossier, today), DOCTOR, ASSESSED_FOR, main=before)
    ended = route.state == RouteAState.STARTED and not running_traject(dossier)
    if ended or (route.state == RouteAState.ASSESSED and route.category != 4):
        yield refer._replace(rules=(), main=False)
    if route.state == RouteAState.REFERRED:
        may = policies.may_withdraw_referral(actor, dossier, today)
        yield Step("withdraw-referral", may, DOCTOR, main=False)


def _first_contact(dossier: Dossier, route: RouteA, actor: Actor, today: date) -> Iterator[Step]:
    may = policies.may_hold_first_contact(actor, dossier, today)
    if route.state == RouteAState.REFERRED:
        planned = _planned(dossier, Purpose.FIRST_CONTACT)
        if planned is None:
            may_plan = may_contact(actor, dossier, today, Purpose.FIRST_CONTACT)
            yield Step("plan", may_plan, COORDINATOR, ("T7",), subject=Purpose.FIRST_CONTACT)
            yield Step("first-contact", may, COORDINATOR, main=False)
        elif planned.on <= today:
            yield Step("first-contact", may, COORDINATOR, ("T7",), subject=planned.subject)
        # What is planned and lies ahead is waited for: the steps of that appointment are those of trajects.
    elif route.state == RouteAState.CONTACTED:
        decide = policies.may_decide_on_consent(actor, dossier, today)
        yield Step("consent-decision", decide, COORDINATOR)
    elif route.state in (*BEFORE_ASSESSMENT, RouteAState.ASSESSED):
        yield Step("first-contact", may, COORDINATOR, main=False)


def _medical_contact(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    planned = _planned(dossier, Purpose.MEDICAL_EXAMINATION)
    due = planned is not None and planned.on <= today
    may = policies.may_hold_medical_contact(actor, dossier, today)
    yield Step(
        "medical-contact", may, DOCTOR, ("T17",), subject=planned.subject if planned and due else "", main=due
    )


def _closing(dossier: Dossier, route: RouteA, actor: Actor, today: date) -> Iterator[Step]:
    if route.state in OPEN:
        yield Step("close-route", policies.may_close_route(actor, dossier, today), COORDINATOR, main=False)


def _planned(dossier: Dossier, purpose: str) -> Appointment | None:
    """The planned appointment for a purpose, the earliest where there are several."""
    planned = [
        one
        for one in dossier.appointments.all()
        if one.state == AppointmentState.PLANNED and one.purpose == purpose
    ]
    return min(planned, key=lambda one: one.at, default=None)
