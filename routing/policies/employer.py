"""When the coordinator may refer to the occupational physician: inside a traject, or at the contact of route B (A7, B4)."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.policies import may_record
from routing.models.route_b import RouteBState
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models.employer import EmployerState
from trajects.policies.contacts import running_traject
from trajects.policies.employer import has_employer, open_one
from trajects.policies.sharing import OCCUPATIONAL_PHYSICIAN, may_ask

NOT_HERE = Verdict(
    False,
    _(
        "A referral to the occupational physician goes with a running traject, or with the contact of route B."
    ),
)
UNDER_WAY = Verdict(
    False, _("A referral to the occupational physician, or what follows from it, is under way.")
)


def at_contact_of_b(dossier: Dossier) -> bool:
    """Whether route B has come to its contact, where a referral is looked for first (B4)."""
    return any(one.state == RouteBState.CONTACTED for one in dossier.routes_b.all())


def _may_begin(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    verdict = (
        may_record(actor, dossier, on, Role.COORDINATOR)
        and has_employer(dossier)
        and may_ask(dossier, OCCUPATIONAL_PHYSICIAN)
    )
    if not verdict:
        return verdict
    return YES if running_traject(dossier) or at_contact_of_b(dossier) else NOT_HERE


def may_propose(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Where none is under way."""
    return _may_begin(actor, dossier, on) and (UNDER_WAY if open_one(dossier) else YES)


def may_answer(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """What the insured says to a proposal; a change of mind before the referral too."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    one = open_one(dossier)
    if one is None or not can_proceed(one.decline):
        return Verdict(False, _("No proposal of a referral waits for an answer."))
    return YES


def may_refer(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Proposed and agreed before, or in one act with the agreement; the consent itself is the service's to check."""
    if not (verdict := _may_begin(actor, dossier, on)):
        return verdict
    one = open_one(dossier)
    if one is None or can_proceed(one.refer):
        return YES
    if one.state == EmployerState.RUNNING:
        return Verdict(False, _("A traject at the employer is running already."))
    return UNDER_WAY
