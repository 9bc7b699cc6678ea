"""Who may do what with a questionnaire (domain.md section 8), and whether the dossier allows it on a day."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.law.kinds import WAIVERS
from dossiers.models import Dossier
from dossiers.policies import is_open
from routing.models import RouteA
from routing.models.questionnaire import READERS
from tnw.accounts.models import Actor, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict

MEDICAL = "medical"


def may_send(actor: Actor) -> Verdict:
    return in_role(actor, Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_post(actor: Actor) -> Verdict:
    """Print what goes by post, and say that it went."""
    return in_role(actor, Role.COORDINATOR, Role.MEDICAL_TEAM)


def may_enter(actor: Actor) -> Verdict:
    """Type the answers in, from paper or phone."""
    return in_role(actor, Role.COORDINATOR, Role.MEDICAL_TEAM)


def may_read_answers(actor: Actor) -> Verdict:
    return in_role(actor, *READERS)


def may_see_score(actor: Actor) -> Verdict:
    """Those who assess, and nobody else."""
    return in_role(actor, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_offer_support(actor: Actor) -> Verdict:
    return in_role(actor, Role.COORDINATOR)


def reasons_to_waive(actor: Actor) -> tuple[str, ...]:
    """For which reasons somebody may waive: the medical one is the doctor's to write down (A2)."""
    if in_role(actor, Role.ADVISORY_DOCTOR):
        return WAIVERS
    if in_role(actor, Role.COORDINATOR):
        return tuple(reason for reason in WAIVERS if reason != MEDICAL)
    return ()


def may_waive(actor: Actor, reason: str) -> Verdict:
    if reason in reasons_to_waive(actor):
        return YES
    if reason == MEDICAL and reasons_to_waive(actor):
        return Verdict(False, _("A medical reason is the advisory doctor's to write down."))
    return in_role(actor, Role.ADVISORY_DOCTOR, Role.COORDINATOR)


# Whether the dossier allows it on that day.


def can_send(dossier: Dossier, on: date) -> Verdict:
    return is_open(dossier, on) and _route_allows(dossier, "send")


def can_receive(dossier: Dossier, on: date) -> Verdict:
    return is_open(dossier, on) and _route_allows(dossier, "receive")


def can_waive(dossier: Dossier, on: date) -> Verdict:
    return is_open(dossier, on) and _route_allows(dossier, "waive")


def can_offer_support(dossier: Dossier, on: date) -> Verdict:
    return is_open(dossier, on)


NOT_NOW = {
    "waive": Verdict(False, _("The questionnaire came back complete already: there is nothing to waive.")),
}
NO_ROUTE = Verdict(False, _("The route of this dossier does not allow this now."))


def _route_allows(dossier: Dossier, transition: str) -> Verdict:
    route: RouteA | None = getattr(dossier, "route_a", None)
    if route is None:
        return NO_ROUTE
    return YES if can_proceed(getattr(route, transition)) else NOT_NOW.get(transition, NO_ROUTE)
