"""Who may do what with contacts and consents (domain.md section 8), and in which state."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.models.case import Regime
from dossiers.policies import is_open
from tnw.accounts.models import MEDICAL, Actor, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict
from trajects.models import Appointment, Traject
from trajects.models.appointment import Purpose
from trajects.models.traject import FirstStep, TrajectState

NOT_PLANNED = Verdict(False, _("This appointment is not planned any more."))


def may_contact(actor: Actor, dossier: Dossier, on: date, purpose: str) -> Verdict:
    """Contacts are the coordinator's; the medical examination is the doctor's and the medical team's."""
    if purpose == Purpose.MEDICAL_EXAMINATION:
        return in_role(actor, *MEDICAL) and is_open(dossier, on)
    return in_role(actor, Role.COORDINATOR) and is_open(dossier, on)


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


def may_excuse(actor: Actor, dossier: Dossier, appointment: Appointment, on: date) -> Verdict:
    """A valid reason for an absence that was recorded."""
    if not (verdict := may_contact(actor, dossier, on, appointment.purpose)):
        return verdict
    return YES if can_proceed(appointment.excuse) else Verdict(False, _("No absence stands open here."))


def may_record_consent(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Consents are the coordinator's to ask and to record."""
    return in_role(actor, Role.COORDINATOR) and is_open(dossier, on)


def step_fits(dossier: Dossier, step: str) -> Verdict:
    """A7: *employer* needs an employment contract, and is never for the self-employed."""
    incapacity = dossier.incapacity
    if step != FirstStep.EMPLOYER:
        return YES
    if incapacity.regime == Regime.SELF_EMPLOYED:
        return Verdict(False, _("A self-employed person has no employer to go to."))
    return YES if incapacity.employment_contract else Verdict(False, _("There is no employment contract."))


def may_choose_step(actor: Actor, dossier: Dossier, on: date, step: str) -> Verdict:
    """The coordinator, with the insured, while the traject runs."""
    if not (verdict := in_role(actor, Role.COORDINATOR) and is_open(dossier, on)):
        return verdict
    if not running_traject(dossier):
        return Verdict(False, _("No traject is running."))
    return step_fits(dossier, step)


def running_traject(dossier: Dossier) -> Traject | None:
    """The traject that runs in a dossier; there is at most one (R1)."""
    return next((one for one in dossier.trajects.all() if one.state == TrajectState.RUNNING), None)
