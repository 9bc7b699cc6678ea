"""For which routes a first contact is waited for, and who holds it: one contact can serve two routes at once."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.policies import passed_on
from routing.models import RouteAState
from routing.models.route_b import BEFORE_CONTACT
from routing.policies.route_b import open_route
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict

NOT_WAITED_FOR = Verdict(False, _("No first contact is waited for."))


def waits_in_a(dossier: Dossier) -> bool:
    """Whether a referral waits for its first contact (A6)."""
    return dossier.route_a.state == RouteAState.REFERRED


def waits_in_b(dossier: Dossier) -> bool:
    """Whether a request of the insured waits for its first contact (B3)."""
    route = open_route(dossier)
    return route is not None and route.state in BEFORE_CONTACT


def may_plan(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, or a portal in which the insured chooses a moment, where either route waits for it."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if waits_in_a(dossier) or waits_in_b(dossier) else NOT_WAITED_FOR
