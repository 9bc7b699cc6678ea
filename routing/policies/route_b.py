"""Who may do what on route B (domain.md sections 6 and 8), and in which state."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.policies import IN_PERSON_ONLY, in_person, passed_on
from routing.models import RouteB
from routing.models.route_b import BEFORE_CONTACT, OPEN, RouteBState
from routing.policies.closings import closed_on
from routing.policies.start import may_start_traject, none_runs, not_said_no
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.core.policies import YES, Verdict

OPEN_ALREADY = Verdict(False, _("A request of this person is open already."))
CLOSED_THEN = Verdict(
    False, _("The previous request was closed on this day or later: choose a day after it.")
)
NOT_WAITED_FOR = Verdict(False, _("There is no request that waits for its first contact."))
NOT_OPEN = Verdict(False, _("This route is not open."))
NOT_ASKED = Verdict(False, _("No permission is asked for now."))
NOT_GRANTED = Verdict(False, _("No permission is granted that waits for its traject."))
CONTACT_FIRST = Verdict(False, _("Permission is asked for after the first contact."))
AFTER_A_NEW_CONTACT = Verdict(
    False, _("Permission was refused: it can be asked for again after a new contact with the insured person.")
)
AT_THE_PHYSICIAN = Verdict(
    False, _("The occupational physician comes first: the route waits for what comes of it.")
)
ASKED_ALREADY = Verdict(False, _("Permission is asked for already."))
# What the insured says of his own request, and a portal passes on; for another reason it is a person who closes it.
TAKEN_BACK = ("declined", "no_need", "other")


def open_route(dossier: Dossier) -> RouteB | None:
    """The route B that is open in a dossier; there is at most one."""
    return next((one for one in dossier.routes_b.all() if one.state in OPEN), None)


def may_request(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, or a portal, records that the insured asked for contact, at any moment of the incapacity (B1)."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if open_route(dossier):
        return OPEN_ALREADY
    if not (free := none_runs(dossier)):
        return free
    closed = closed_on(dossier, "B") if any(dossier.routes_b.all()) else None
    return CLOSED_THEN if closed and closed >= on else YES


def may_hold_first_contact(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, whether or not the questionnaire came back (B3)."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    route = open_route(dossier)
    return YES if route and route.state in BEFORE_CONTACT else NOT_WAITED_FOR


def may_ask(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator asks the advisory doctor's permission after the first contact; refused, after a new one (B5)."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if (route := open_route(dossier)) is None:
        return NOT_OPEN
    if can_proceed(route.ask):
        return none_runs(dossier)
    if route.state in BEFORE_CONTACT:
        return CONTACT_FIRST
    reasons = {
        RouteBState.WITH_PHYSICIAN: AT_THE_PHYSICIAN,
        RouteBState.REFUSED: AFTER_A_NEW_CONTACT,
    }
    return reasons.get(RouteBState(route.state), ASKED_ALREADY)


def may_decide(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The advisory doctor grants or refuses what was asked for (B5); one that is granted finds that health allows it."""
    if not (verdict := in_person(actor, dossier, on, Role.ADVISORY_DOCTOR)):
        return verdict
    route = open_route(dossier)
    return none_runs(dossier) and not_said_no(dossier) if route and can_proceed(route.grant) else NOT_ASKED


def may_start(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, where permission was granted and no traject started with it: so it can be in imported history."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    route = open_route(dossier)
    if not route or not can_proceed(route.start_traject):
        return NOT_GRANTED
    return may_start_traject(dossier) and not_said_no(dossier)


def may_close(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator or the advisory doctor, with a reason; a portal where the insured takes his request back."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR, Role.ADVISORY_DOCTOR)):
        return verdict
    return YES if open_route(dossier) else NOT_OPEN


def may_close_for(actor: Actor, reason: str) -> Verdict:
    """Whether this reason is this actor's to give."""
    return IN_PERSON_ONLY if actor.kind == ActorKind.CLIENT and reason not in TAKEN_BACK else YES
