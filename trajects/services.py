"""Contacts with the insured and what was agreed there. Each is one act: may you, does it fit, record."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.consents import DATA_PROCESSING, GIVEN, STATES, WITHDRAWN, register
from dossiers.models import Dossier
from dossiers.projection import facts_of
from tnw.accounts.models import Actor, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects import policies
from trajects.models import Appointment
from trajects.models.appointment import Purpose

# What the acts of a route do not hold themselves.
CONTACTS = (Purpose.FOLLOW_UP, Purpose.PLAN_MEETING, Purpose.OTHER)


def appointment_of(dossier: Dossier, subject: str, *purposes: str) -> Appointment:
    """An appointment of a dossier that is locked, for one of these purposes. Raises DomainError where there is none."""
    found = Appointment.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject).first()
    if found is None or (purposes and found.purpose not in purposes):
        raise DomainError(_("There is no such appointment."), code="appointment_unknown")
    return found


def _ahead(at: datetime) -> None:
    if at <= clock.now():
        raise DomainError(_("An appointment lies ahead: choose a later moment."), code="in_past", field="at")


@transaction.atomic
def plan(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    purpose: str,
    at: datetime,
    form: str,
    place: str = "",
    seen: int | None = None,
) -> str:
    """Make an appointment for a later moment; gives its subject. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_contact(actor, dossier, on, purpose))
    _ahead(at)
    waiting = Appointment.objects.filter(
        fund=dossier.fund_id, dossier=dossier, purpose=purpose, state="planned", at__gt=clock.now()
    )
    if purpose in (Purpose.FIRST_CONTACT, Purpose.MEDICAL_EXAMINATION) and waiting.exists():
        raise DomainError(
            _("Such an appointment is planned already: move that one."), code="planned_already", field="at"
        )
    subject = str(new_uuid())
    values = {"purpose": purpose, "at": at, "form": form}
    acts.record(dossier, actor, Done("appointment_made", on, values, subject, acts.note(place=place)))
    return subject


@transaction.atomic
def move(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    at: datetime,
    form: str,
    place: str = "",
    seen: int | None = None,
) -> None:
    """Move a planned appointment to another moment, form or place. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_change(actor, dossier, appointment_of(dossier, subject), on))
    _ahead(at)
    values = {"at": at, "form": form}
    moved = Done("appointment_moved", on, values, subject, acts.note(place=place), ["appointment_moved"])
    acts.record(dossier, actor, moved)


@transaction.atomic
def cancel(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """Cancel a planned appointment; no date moves. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_change(actor, dossier, appointment_of(dossier, subject), on))
    acts.record(dossier, actor, Done("appointment_cancelled", on, {}, subject, acts.note(text=note)))


@transaction.atomic
def record_absence(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    excused: bool,
    note: str = "",
    seen: int | None = None,
) -> None:
    """The insured did not come, with a valid reason or without; no date moves (A6). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    appointment = appointment_of(dossier, subject)
    require(policies.may_tell_outcome(actor, dossier, appointment, on))
    if appointment.at > clock.now():
        raise DomainError(_("This appointment still lies ahead."), code="not_yet")
    done = [Done("absence_recorded", on, {"purpose": appointment.purpose}, subject, acts.note(text=note))]
    if excused:
        done.append(Done("absence_excused", on, {}, subject))
    acts.record(dossier, actor, *done)


@transaction.atomic
def excuse(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """There was a valid reason for an absence after all (X3). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_excuse(actor, dossier, appointment_of(dossier, subject), on))
    acts.record(dossier, actor, Done("absence_excused", on, {}, subject, acts.note(text=note)))


@transaction.atomic
def hold_contact(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    form: str,
    report: str,
    subject: str = "",
    seen: int | None = None,
) -> None:
    """A contact other than the first was held, as planned or without an appointment. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_contact(actor, dossier, on, Purpose.FOLLOW_UP))
    if subject:
        planned = appointment_of(dossier, subject, *CONTACTS)
        require(policies.may_tell_outcome(actor, dossier, planned, on))
    acts.record(dossier, actor, Done("contact_held", on, {"form": form}, subject, acts.note(text=report)))


CONSENT_FACTS = {state: kind for kind, state in STATES.items()}


@transaction.atomic
def record_consent(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    answer: str,
    purpose: str,
    party: str = "",
    note: str = "",
    seen: int | None = None,
) -> None:
    """What the insured answered, for one purpose and party: given, refused or withdrawn. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_record_consent(actor, dossier, on))
    if answer not in CONSENT_FACTS:
        raise DomainError(_("Say what the answer was."), code="unknown_code", field="answer")
    _check_consent(dossier, answer, purpose, party)
    values = {"purpose": purpose, "party": party or None}
    answered = Done(
        CONSENT_FACTS[answer], on, values, note=acts.note(text=note), instead_of=CONSENT_FACTS.values()
    )
    acts.record(dossier, actor, answered)


def _check_consent(dossier: Dossier, answer: str, purpose: str, party: str) -> None:
    """Only what was given is withdrawn; and what the traject rests on is asked at the first contact (A6)."""
    facts = facts_of([dossier.pk]).get(dossier.pk, ())
    states = {(one.purpose, one.party): one.state for one in register(facts)}
    if answer == WITHDRAWN and states.get((purpose, party)) != GIVEN:
        raise DomainError(
            _("This consent was not given, so that nothing can be withdrawn."),
            code="nothing_to_withdraw",
            field="answer",
        )
    asked_there = states.get((purpose, party)) != WITHDRAWN
    if purpose == DATA_PROCESSING and answer != WITHDRAWN and asked_there:
        raise DomainError(
            _("Consent for data processing is asked at the first contact: record it there."),
            code="at_first_contact",
            field="purpose",
        )


@transaction.atomic
def choose_first_step(
    *, dossier_id: UUID, actor: Actor, on: date, step: str, seen: int | None = None
) -> None:
    """The first step of a running traject changes (A7). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_choose_step(actor, dossier, on, step))
    acts.record(
        dossier, actor, Done("first_step_chosen", on, {"step": step}, instead_of=["first_step_chosen"])
    )
