"""What can be done next with contacts: by whom, why not, and for which deadlines."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Purpose
from trajects.policies import contacts as policies
from trajects.policies import plan as plan_policies
from trajects.reading import planned

# Held with an act of their own, which an upper floor tells.
_ELSEWHERE = (Purpose.FIRST_CONTACT, Purpose.MEDICAL_EXAMINATION)


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of the appointments, the earliest first; then what can always be recorded."""
    appointments = sorted(dossier.appointments.all(), key=lambda one: one.at)
    return [
        *(step for one in appointments for step in of_appointment(dossier, one, actor, today)),
        *_always(dossier, actor, today),
    ]


def of_appointment(dossier: Dossier, one: Appointment, actor: Actor, today: date) -> Iterator[Step]:
    """What can become of one appointment."""
    whose = _whose(one.purpose)
    if one.state == AppointmentState.PLANNED:
        outcome = policies.may_tell_outcome(actor, dossier, one, today)
        past = one.on <= today
        if one.purpose == Purpose.PLAN_MEETING and plan_policies.may_hold_meeting(actor, dossier, today):
            # Before its day it is the appointment that is waited for, whoever may come sooner.
            yield Step("hold-meeting", outcome, whose, ("T11",) * past, subject=one.subject, main=past)
        elif one.purpose not in _ELSEWHERE:
            yield Step("hold-contact", outcome, whose, subject=one.subject, main=past)
        yield Step("absence", outcome, whose, subject=one.subject, main=False)
        may = policies.may_change(actor, dossier, one, today)
        yield Step("move", may, whose, subject=one.subject, main=False)
        yield Step("cancel", may, whose, subject=one.subject, main=False)
    if one.state == AppointmentState.MISSED:
        may = policies.may_excuse(actor, dossier, one, today)
        yield Step("excuse", may, whose, subject=one.subject, main=False)


def _always(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    may = policies.may_contact(actor, dossier, today, Purpose.OTHER)
    yield Step("plan", may, Role.COORDINATOR, subject=Purpose.OTHER, main=False)
    yield Step("hold-contact", may, Role.COORDINATOR, ("T10",), main=False)
    if not planned(dossier, Purpose.MEDICAL_EXAMINATION):
        call = policies.may_contact(actor, dossier, today, Purpose.MEDICAL_EXAMINATION)
        yield Step("plan", call, Role.ADVISORY_DOCTOR, subject=Purpose.MEDICAL_EXAMINATION, main=False)
    consent = policies.may_record_any_consent(actor, dossier, today)
    yield Step("consent", consent, Role.COORDINATOR, main=False)


def _whose(purpose: str) -> str:
    return Role.ADVISORY_DOCTOR if purpose == Purpose.MEDICAL_EXAMINATION else Role.COORDINATOR
