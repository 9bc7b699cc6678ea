"""What can be done next on route A: by whom, why not, and for which deadlines."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing.models.route_a import BEFORE_ASSESSMENT, OPEN, RouteA, RouteAState
from routing.policies import first_contact
from routing.policies import route_a as policies
from routing.reading import finding_awaited
from tnw.accounts.models import Actor, Role
from trajects.models.appointment import Purpose
from trajects.policies.contacts import running_traject
from trajects.reading import planned

# Whatever the state: reassessed at any moment (A4), and after training (T14).
ASSESSED_FOR = ("T4", "T5", "T6", "T14")
# Where a request of the insured waits too, one contact is held for both.
FOR = ("T7", "T8")
DOCTOR, COORDINATOR = Role.ADVISORY_DOCTOR, Role.COORDINATOR


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of route A, and of the doctor beside it, in the order in which the route goes."""
    if not hasattr(dossier, "route_a"):
        return []
    route = dossier.route_a
    of_route = [
        *_assessment(dossier, route, actor, today),
        *_first_contact(dossier, route, actor, today),
        *_closing(dossier, route, actor, today),
    ]
    return [*(step._replace(of=RouteA.NAME) for step in of_route), *_medical_contact(dossier, actor, today)]


def _assessment(dossier: Dossier, route: RouteA, actor: Actor, today: date) -> Iterator[Step]:
    refer = Step("refer", policies.may_refer(actor, dossier, today), DOCTOR, ("T23",))
    if route.state == RouteAState.ASSESSED and route.category == 4:
        yield refer
    before = route.state in BEFORE_ASSESSMENT
    # A registration that is confirmed waits for it now, whatever deadline waits for it later.
    awaited = not before and finding_awaited(dossier)
    may = policies.may_assess(actor, dossier, today)
    yield Step("assess", may, DOCTOR, () if awaited else ASSESSED_FOR, main=before or awaited)
    ended = route.state == RouteAState.STARTED and not running_traject(dossier)
    if ended or (route.state == RouteAState.ASSESSED and route.category != 4):
        yield refer._replace(rules=(), main=False)
    if route.state == RouteAState.REFERRED:
        may = policies.may_withdraw_referral(actor, dossier, today)
        yield Step("withdraw-referral", may, DOCTOR, main=False)


def _first_contact(dossier: Dossier, route: RouteA, actor: Actor, today: date) -> Iterator[Step]:
    may = policies.may_hold_first_contact(actor, dossier, today)
    if route.state == RouteAState.REFERRED:
        waited_for = planned(dossier, Purpose.FIRST_CONTACT)
        if not waited_for:
            may_plan = first_contact.may_plan(actor, dossier, today)
            yield Step("plan", may_plan, COORDINATOR, FOR, subject=Purpose.FIRST_CONTACT)
            yield Step("first-contact", may, COORDINATOR, main=False)
        elif waited_for[0].on <= today:
            yield Step("first-contact", may, COORDINATOR, FOR, subject=waited_for[0].subject)
        else:  # it is waited for; but who comes or calls earlier has been met
            yield Step("first-contact", may, COORDINATOR, main=False)
    elif route.state == RouteAState.CONTACTED:
        decide = policies.may_decide_on_consent(actor, dossier, today)
        yield Step("consent-decision", decide, COORDINATOR)
    elif route.state in (*BEFORE_ASSESSMENT, RouteAState.ASSESSED) and not first_contact.waits_in_b(dossier):
        yield Step("first-contact", may, COORDINATOR, main=False)


def _medical_contact(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    due = [one.subject for one in planned(dossier, Purpose.MEDICAL_EXAMINATION) if one.on <= today]
    may = policies.may_hold_medical_contact(actor, dossier, today)
    yield Step("medical-contact", may, DOCTOR, ("T17",), subject=due[0] if due else "", main=bool(due))


def _closing(dossier: Dossier, route: RouteA, actor: Actor, today: date) -> Iterator[Step]:
    if route.state in OPEN:
        yield Step("close-route", policies.may_close_route(actor, dossier, today), COORDINATOR, main=False)
