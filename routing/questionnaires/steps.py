"""What can be done next with the questionnaire: by whom, why not, and for which deadlines."""

from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing.models import RouteAState
from routing.models.route_b import RouteBState
from routing.questionnaires import policies
from routing.questionnaires.returned import came_back
from tnw.accounts.models import Actor, Role


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """Sending and waiving carry the dossier on until something was sent; helping does after it (A2, A3).

    Once it came back complete nothing of it is left to do; what comes in all the same is entered on its own page.
    """
    if not hasattr(dossier, "route_a") or came_back(dossier):
        return []
    state = dossier.route_a.state
    # Where a request of the insured waits for it, route B tells that it has to go (B2).
    by_request = any(one.state == RouteBState.REQUESTED for one in dossier.routes_b.all())
    before = state == RouteAState.AWAITING
    send = policies.may_send(actor, dossier, today)
    waive = policies.may_waive(actor, dossier, today)
    help_ = policies.may_offer_support(actor, dossier, today)
    enter = policies.may_receive(actor, dossier, today)
    sending = (
        [] if by_request else [Step("send-questionnaire", send, Role.ADVISORY_DOCTOR, ("T1",), main=before)]
    )
    return [
        *sending,
        Step("enter-answers", enter, Role.COORDINATOR, main=False),
        Step("waive-questionnaire", waive, Role.ADVISORY_DOCTOR, main=False),
        Step("offer-support", help_, Role.COORDINATOR, ("T3",), main=state == RouteAState.SENT),
    ]
