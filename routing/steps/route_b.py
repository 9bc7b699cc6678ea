"""What can be done next on route B: by whom, why not, and for which deadlines."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing.models import RouteB
from routing.models.route_b import BEFORE_CONTACT, RouteBState
from routing.policies import first_contact
from routing.policies import route_b as policies
from routing.questionnaires.policies import may_send
from tnw.accounts.models import Actor, Role
from trajects.models.appointment import Purpose
from trajects.policies.contacts import may_contact
from trajects.reading import planned

DOCTOR, COORDINATOR = Role.ADVISORY_DOCTOR, Role.COORDINATOR


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The request where none is open; otherwise the steps of the open route, in the order in which it goes."""
    if not hasattr(dossier, "route_a"):
        return []
    route = policies.open_route(dossier)
    if route is None:
        may = policies.may_request(actor, dossier, today)
        return [Step("request-contact", may, COORDINATOR, main=False, of=RouteB.NAME)]
    steps = [
        *_before_contact(dossier, route, actor, today),
        *_permission(dossier, route, actor, today),
        Step("close-route-b", policies.may_close(actor, dossier, today), COORDINATOR, main=False),
    ]
    return [step._replace(of=RouteB.NAME) for step in steps]


def _before_contact(dossier: Dossier, route: RouteB, actor: Actor, today: date) -> Iterator[Step]:
    if route.state not in BEFORE_CONTACT:
        return
    unasked = route.state == RouteBState.REQUESTED
    if unasked:
        yield Step("send-questionnaire", may_send(actor, dossier, today), COORDINATOR)
    if first_contact.waits_in_a(dossier):  # held for both: its steps are those of route A
        return
    may = policies.may_hold_first_contact(actor, dossier, today)
    waited_for = planned(dossier, Purpose.FIRST_CONTACT)
    if not waited_for:
        may_plan = first_contact.may_plan(actor, dossier, today)
        yield Step("plan", may_plan, COORDINATOR, ("T8",), subject=Purpose.FIRST_CONTACT, main=not unasked)
        yield Step("first-contact-b", may, COORDINATOR, main=False)
    elif waited_for[0].on <= today:
        yield Step("first-contact-b", may, COORDINATOR, ("T8",), subject=waited_for[0].subject)
    else:
        yield Step("first-contact-b", may, COORDINATOR, main=False)


def _permission(dossier: Dossier, route: RouteB, actor: Actor, today: date) -> Iterator[Step]:
    if route.state == RouteBState.CONTACTED:
        yield Step("ask-permission", policies.may_ask(actor, dossier, today), COORDINATOR)
    elif route.state == RouteBState.ASKED:
        may = policies.may_decide(actor, dossier, today)
        yield Step("decide-permission", may, DOCTOR, ("T9",))
    elif route.state == RouteBState.REFUSED:
        # Whatever contact is held then meets it (T10); without one planned, one has to be.
        may = may_contact(actor, dossier, today, Purpose.FOLLOW_UP)
        if not planned(dossier, Purpose.FOLLOW_UP, Purpose.OTHER):
            yield Step("plan", may, COORDINATOR, ("T10",), subject=Purpose.FOLLOW_UP)
        ask = policies.may_ask(actor, dossier, today)
        yield Step("ask-permission", ask, COORDINATOR, main=False)
    elif route.state == RouteBState.GRANTED:
        start = policies.may_start(actor, dossier, today)
        yield Step("start-traject-b", start, COORDINATOR)
