"""Who may do what with a questionnaire (domain.md section 8), and in which state of its dossier on a day."""

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
SENDERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_send(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Send it, or say that it was posted: for the first time or again (A2, B2)."""
    return _in_route(in_role(actor, *SENDERS), dossier, on, "send")


def may_withdraw(actor: Actor) -> Verdict:
    """Take out what waits: whoever may send, also where nothing can be sent any more."""
    return in_role(actor, *SENDERS)


def may_post(actor: Actor) -> Verdict:
    """Print what goes by post, and say that it went."""
    return in_role(actor, *SENDERS)


def may_enter(actor: Actor) -> Verdict:
    """Type the answers in, from paper or phone."""
    return in_role(actor, Role.COORDINATOR, Role.MEDICAL_TEAM)


def may_receive(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Type in and record answers of this dossier."""
    return _in_route(may_enter(actor), dossier, on, "receive")


def may_read_answers(actor: Actor) -> Verdict:
    return in_role(actor, *READERS)


def may_see_score(actor: Actor) -> Verdict:
    """Those who assess, and nobody else."""
    return in_role(actor, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_offer_support(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    return in_role(actor, Role.COORDINATOR) and is_open(dossier, on)


def reasons_to_waive(actor: Actor) -> tuple[str, ...]:
    """For which reasons somebody may waive: the medical one is the doctor's to write down (A2)."""
    if in_role(actor, Role.ADVISORY_DOCTOR):
        return WAIVERS
    if in_role(actor, Role.COORDINATOR):
        return tuple(reason for reason in WAIVERS if reason != MEDICAL)
    return ()


def may_waive(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Ask nothing, for a reason that this actor may give (A2)."""
    return _in_route(in_role(actor, Role.ADVISORY_DOCTOR, Role.COORDINATOR), dossier, on, "waive")


def may_waive_for(actor: Actor, reason: str) -> Verdict:
    """Whether this reason is this actor's to give."""
    if reason == MEDICAL and reason not in reasons_to_waive(actor):
        return Verdict(False, _("A medical reason is the advisory doctor's to write down."))
    return YES


NOT_NOW = {
    "waive": Verdict(False, _("The questionnaire came back complete already: there is nothing to waive.")),
}
NO_ROUTE = Verdict(False, _("The route of this dossier does not allow this now."))


def _in_route(verdict: Verdict, dossier: Dossier, on: date, transition: str) -> Verdict:
    """The role, then whether the dossier is open on that day, then whether its route allows it."""
    if not (verdict := verdict and is_open(dossier, on)):
        return verdict
    route: RouteA | None = getattr(dossier, "route_a", None)
    if route is None:
        return NO_ROUTE
    return YES if can_proceed(getattr(route, transition)) else NOT_NOW.get(transition, NO_ROUTE)
