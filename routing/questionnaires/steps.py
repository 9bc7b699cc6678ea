"""What can be done next with the questionnaire: by whom, why not, and for which deadlines."""

from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing.models import RouteAState
from routing.questionnaires import policies
from tnw.accounts.models import Actor, Role


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """Sending and waiving carry the dossier on until something was sent; helping does after it (A2, A3)."""
    if not hasattr(dossier, "route_a"):
        return []
    state = dossier.route_a.state
    before = state == RouteAState.AWAITING
    send = policies.may_send(actor, dossier, today)
    waive = policies.may_waive(actor, dossier, today)
    help_ = policies.may_offer_support(actor, dossier, today)
    enter = policies.may_receive(actor, dossier, today)
    return [
        Step("send-questionnaire", send, Role.ADVISORY_DOCTOR, ("T1",), main=before),
        Step("enter-answers", enter, Role.COORDINATOR, main=False),
        Step("waive-questionnaire", waive, Role.ADVISORY_DOCTOR, main=False),
        Step("offer-support", help_, Role.COORDINATOR, ("T3",), main=state == RouteAState.SENT),
    ]
