"""Who may do what on route A (domain.md sections 6 and 8), and in which state."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.law.calendar import add_months
from dossiers.models import Dossier
from dossiers.policies import IN_PERSON_ONLY, in_person
from routing.models import RouteAState
from routing.policies.start import none_runs
from tnw.accounts.models import MEDICAL, Actor, ActorKind, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict


def may_open_assessments(actor: Actor) -> Verdict:
    """Doctors and medical team; it is the work of a person."""
    if actor.kind != ActorKind.USER:
        return IN_PERSON_ONLY
    return in_role(actor, *MEDICAL)


def may_assess(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The advisory doctor, or for him a member of the medical team, at any moment (A4)."""
    return in_person(actor, dossier, on, *MEDICAL)


def category_fits(dossier: Dossier, category: int, on: date) -> Verdict:
    """Category 1 promises a resumption by the end of month 6, and says nothing after it (A5)."""
    if category == 1 and on >= add_months(dossier.incapacity.start, 6):
        return Verdict(False, _("Category 1 is for a resumption by the end of month 6, which is past."))
    return YES


def may_refer(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The advisory doctor, after an assessment that allows it (A5)."""
    if not (verdict := in_person(actor, dossier, on, Role.ADVISORY_DOCTOR)):
        return verdict
    route = dossier.route_a
    if route.state == RouteAState.REFERRED:
        return Verdict(False, _("This person is referred already."))
    if route.category is None:
        return Verdict(False, _("A referral needs an assessment first."))
    if route.category == 2:
        return Verdict(False, _("After category 2 a referral needs a new assessment first."))
    if route.category == 1 and on < add_months(dossier.incapacity.start, 6):
        return Verdict(False, _("After category 1 a referral is possible once six months have passed."))
    if not (free := none_runs(dossier)):
        return free
    if not can_proceed(route.refer):
        return Verdict(False, _("After this step a referral needs a new assessment first."))
    return YES


def may_withdraw_referral(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The advisory doctor takes a referral back before the first contact."""
    if not (verdict := in_person(actor, dossier, on, Role.ADVISORY_DOCTOR)):
        return verdict
    return YES if can_proceed(dossier.route_a.withdraw) else NOT_REFERRED


NOT_REFERRED = Verdict(False, _("There is no referral that waits for its first contact."))


def may_hold_first_contact(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, after the referral (A6)."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if dossier.route_a.state == RouteAState.REFERRED else NOT_REFERRED


def may_decide_on_consent(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator records what the insured decided after thinking it over: the traject starts, or the route closes."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if dossier.route_a.state != RouteAState.CONTACTED:
        return Verdict(False, _("No consent is waited for."))
    return YES


def may_close_route(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator or the advisory doctor, with a reason."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR, Role.ADVISORY_DOCTOR)):
        return verdict
    return YES if can_proceed(dossier.route_a.close) else Verdict(False, _("This route is not open."))


def may_hold_medical_contact(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The doctor or the medical team, by whatever form (T17)."""
    return in_person(actor, dossier, on, *MEDICAL)
