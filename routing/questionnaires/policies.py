"""Who may do what with a questionnaire (domain.md section 8), and in which state of its dossier on a day."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.law.kinds import WAIVERS
from dossiers.models import Dossier
from dossiers.policies import IN_PERSON_ONLY, is_open, may_record
from routing.models import Questionnaire, RouteA
from routing.models.questionnaire import READERS, Sending
from routing.questionnaires.returned import came_back
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict

MEDICAL = "medical"
SENDERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_send(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Send it, for the first time or again, until it came back complete (A2, B2)."""
    if not (verdict := may_say_sent(actor, dossier, on)):
        return verdict
    return CAME_BACK if came_back(dossier) else YES


# Handing it over is done in person.
BY_A_MACHINE = ("post", "email")


def may_send_by(actor: Actor, channel: str) -> Verdict:
    """Whether it can leave the house this way by this actor."""
    return IN_PERSON_ONLY if actor.kind == ActorKind.CLIENT and channel not in BY_A_MACHINE else YES


def may_say_sent(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Say that what was made ready was posted, whatever came in since."""
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


def may_answer(actor: Actor, dossier: Dossier, one: Questionnaire, on: date) -> Verdict:
    """Fill in, for the insured, what was sent to him and did not come back complete yet."""
    if not (verdict := may_receive(actor, dossier, on)):
        return verdict
    if one.state != Sending.SENT:
        return NOT_SENT
    return CAME_BACK if came_back(dossier) else YES


def may_read_answers(actor: Actor) -> Verdict:
    return in_role(actor, *READERS)


def may_see_score(actor: Actor) -> Verdict:
    """Those who assess, and nobody else."""
    return in_role(actor, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_offer_support(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """At any moment before it came back complete (A3)."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return CAME_BACK if came_back(dossier) else YES


def reasons_to_waive(actor: Actor) -> tuple[str, ...]:
    """For which reasons somebody may waive: the medical one is the doctor's to write down (A2)."""
    if in_role(actor, Role.ADVISORY_DOCTOR):
        return WAIVERS
    if in_role(actor, Role.COORDINATOR):
        return tuple(reason for reason in WAIVERS if reason != MEDICAL)
    return ()


def may_waive(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Ask nothing, for a reason that this actor may give (A2)."""
    verdict = _in_route(in_role(actor, Role.ADVISORY_DOCTOR, Role.COORDINATOR), dossier, on, "waive")
    return NOT_NOW["waive"] if verdict and came_back(dossier) else verdict


def may_waive_for(actor: Actor, reason: str) -> Verdict:
    """Whether this reason is this actor's to give."""
    if reason == MEDICAL and reason not in reasons_to_waive(actor):
        return Verdict(False, _("A medical reason is the advisory doctor's to write down."))
    return YES


NOT_NOW = {
    "waive": Verdict(False, _("The questionnaire came back complete already: there is nothing to waive.")),
}
CAME_BACK = Verdict(False, _("The questionnaire came back complete already."))
NOT_SENT = Verdict(False, _("This questionnaire was not sent: it is not the one to fill in."))
NO_ROUTE = Verdict(False, _("The route of this dossier does not allow this now."))


def _in_route(verdict: Verdict, dossier: Dossier, on: date, transition: str) -> Verdict:
    """The role, then whether the dossier is open on that day, then whether its route allows it."""
    if not (verdict := verdict and is_open(dossier, on)):
        return verdict
    route: RouteA | None = getattr(dossier, "route_a", None)
    if route is None:
        return NO_ROUTE
    return YES if can_proceed(getattr(route, transition)) else NOT_NOW.get(transition, NO_ROUTE)
