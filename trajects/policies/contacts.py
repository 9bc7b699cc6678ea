"""Who may do what with contacts and consents (domain.md section 8), and in which state."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.consents import GIVEN, WITHDRAWN
from dossiers.documents.policies import alive
from dossiers.models import Dossier
from dossiers.policies import IN_PERSON_ONLY, may_record
from tnw.accounts.models import MEDICAL, Actor, ActorKind, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict
from trajects.models import Appointment, Traject
from trajects.models.appointment import Purpose
from trajects.models.traject import FirstStep, TrajectState
from trajects.policies.employer import has_employer
from trajects.policies.sharing import consents_of

NO_TRAJECT = Verdict(False, _("No traject is running."))
NO_ADDRESS = Verdict(False, _("There is no e-mail address for this person."))
NOT_PLANNED = Verdict(False, _("This appointment is not planned any more."))
# What the acts of a route do not hold themselves, and what besides a coordinator makes appointments for.
CONTACTS = (Purpose.FOLLOW_UP, Purpose.PLAN_MEETING, Purpose.OTHER)
PLANNED_BY_COORDINATOR = (Purpose.FIRST_CONTACT, *CONTACTS)


def may_contact(actor: Actor, dossier: Dossier, on: date, purpose: str) -> Verdict:
    """Contacts are the coordinator's; the medical examination is the doctor's and the medical team's."""
    if purpose == Purpose.MEDICAL_EXAMINATION:
        return may_record(actor, dossier, on, *MEDICAL)
    return may_record(actor, dossier, on, Role.COORDINATOR)


def may_change(actor: Actor, dossier: Dossier, appointment: Appointment, on: date) -> Verdict:
    """Move, cancel, or record what became of an appointment that is planned."""
    if not (verdict := may_contact(actor, dossier, on, appointment.purpose)):
        return verdict
    return YES if can_proceed(appointment.hold) else NOT_PLANNED


def may_tell_outcome(actor: Actor, dossier: Dossier, appointment: Appointment, on: date) -> Verdict:
    """Held or missed: not before its day."""
    if not (verdict := may_change(actor, dossier, appointment, on)):
        return verdict
    return YES if appointment.on <= on else Verdict(False, _("This appointment still lies ahead."))


def may_report(actor: Actor, purpose: str) -> Verdict:
    """How a contact went; of a first contact and a medical examination only a person tells, each in an act of its own."""
    return IN_PERSON_ONLY if actor.kind == ActorKind.CLIENT and purpose not in CONTACTS else YES


def may_excuse(actor: Actor, dossier: Dossier, appointment: Appointment, on: date) -> Verdict:
    """A valid reason for an absence that was recorded."""
    if not (verdict := may_contact(actor, dossier, on, appointment.purpose)):
        return verdict
    return YES if can_proceed(appointment.excuse) else Verdict(False, _("No absence stands open here."))


def may_record_consent(actor: Actor, dossier: Dossier, on: date, answer: str) -> Verdict:
    """Consents are the coordinator's to ask and to record; a no waits for nothing that is amiss in the dossier (Z5)."""
    if answer != GIVEN:
        return in_role(actor, Role.COORDINATOR)
    return may_record(actor, dossier, on, Role.COORDINATOR)


def may_record_any_consent(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Whether there is an answer to record: where nothing can be given any more, what stands can still be withdrawn."""
    verdict = may_record_consent(actor, dossier, on, GIVEN)
    if verdict or GIVEN not in consents_of(dossier).values():
        return verdict
    return may_record_consent(actor, dossier, on, WITHDRAWN)


def step_fits(dossier: Dossier, step: str) -> Verdict:
    """A7: *employer* needs an employment contract, and is never for the self-employed."""
    return has_employer(dossier) if step == FirstStep.EMPLOYER else YES


def may_choose_step(actor: Actor, dossier: Dossier, on: date, step: str) -> Verdict:
    """The coordinator, with the insured, while the traject runs."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if not running_traject(dossier):
        return NO_TRAJECT
    return step_fits(dossier, step)


def running_traject(dossier: Dossier) -> Traject | None:
    """The traject that runs in a dossier; there is at most one (R1)."""
    return next((one for one in dossier.trajects.all() if one.state == TrajectState.RUNNING), None)


def may_be_mailed(dossier: Dossier) -> Verdict:
    """Whether calendar messages reach the insured: somebody who lives, of whom an e-mail address is known."""
    return alive(dossier) and (YES if dossier.incapacity.person.email else NO_ADDRESS)
