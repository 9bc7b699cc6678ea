"""Contacts with the insured and what was agreed there. Each is one act: may you, does it fit, record."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from tnw.accounts.models import Actor, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import Appointment
from trajects.models.appointment import Form, Purpose
from trajects.policies import contacts as policies
from trajects.policies import plan as plan_policies
from trajects.policies.sharing import may_share
from trajects.reading import number_to_call
from trajects.services import invitations


def appointment_of(dossier: Dossier, subject: str, *purposes: str) -> Appointment:
    """An appointment of a dossier that is locked, for one of these purposes. Raises DomainError where there is none."""
    found = Appointment.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject).first()
    if found is None or (purposes and found.purpose not in purposes):
        raise DomainError(_("There is no such appointment."), code="appointment_unknown")
    return found


def _ahead(at: datetime) -> None:
    if at <= clock.now():
        raise DomainError(_("An appointment lies ahead: choose a later moment."), code="in_past", field="at")


def require_party(dossier: Dossier, party: str) -> None:
    """Somebody else is there only where the insured consents to it (Z5). Raises DomainError."""
    if party and not (verdict := may_share(dossier, party)):
        raise DomainError(verdict.reason, code="no_consent", field="party")


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
    party: str = "",
    route: str = "",
    mail: bool = False,
    seen: int | None = None,
) -> str:
    """Make an appointment for a later moment; gives its subject. `party` is who is there besides the insured.

    `route` is that of a first contact that serves this route only; with `mail` a calendar message invites the insured.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_contact(actor, dossier, on, purpose))
    if purpose == Purpose.PLAN_MEETING:
        require(plan_policies.may_hold_meeting(actor, dossier, on))
    _ahead(at)
    if form == Form.PHONE:  # nobody is called at an address
        place = number_to_call(place)
    if purpose == Purpose.FIRST_CONTACT and party:
        raise DomainError(
            _("The first contact is with the insured person alone."), code="party_does_not_fit", field="party"
        )
    require_party(dossier, party)
    waiting = Appointment.objects.filter(
        fund=dossier.fund_id, dossier=dossier, purpose=purpose, state="planned", at__gt=clock.now()
    )
    if purpose in (Purpose.FIRST_CONTACT, Purpose.MEDICAL_EXAMINATION) and waiting.exists():
        raise DomainError(
            _("Such an appointment is planned already: move that one."), code="planned_already", field="at"
        )
    subject = str(new_uuid())
    values = {"purpose": purpose, "at": at, "form": form, "party": party or None, "route": route or None}
    acts.record(dossier, actor, Done("appointment_made", on, values, subject, acts.note(place=place)))
    if mail:
        invitations.made(dossier, actor, subject)
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
    place: str | None = "",
    reason: str = "",
    mail: bool | None = None,
    seen: int | None = None,
) -> None:
    """Move a planned appointment to another moment, form or place; None takes the place away, nothing leaves it.

    An address does not go along to a call, nor the number that was called to a place.

    The `reason` stays in the dossier; with `mail` a calendar message tells the insured of the new moment; where
    nothing is said, whoever was invited by one.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    planned = appointment_of(dossier, subject)
    require(policies.may_change(actor, dossier, planned, on))
    _ahead(at)
    if form == Form.PHONE and place and not number_to_call(place):
        place = None
    if not place and form != planned.form and Form.PHONE in (form, planned.form):
        place = None
    require_party(dossier, planned.party)
    values = {"at": at, "form": form}
    told = {"place": ""} if place is None else acts.note(place=place)
    if why := acts.note(reason=reason):
        told = {**(told or {}), **why}
    moved = Done("appointment_moved", on, values, subject, told, ["appointment_moved"])
    acts.record(dossier, actor, moved)
    invitations.moved(dossier, actor, subject, mail=mail)


@transaction.atomic
def cancel(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    note: str = "",
    mail: bool | None = None,
    seen: int | None = None,
) -> None:
    """Cancel a planned appointment; no date moves. It leaves the calendar of the insured too, unless `mail` says no.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_change(actor, dossier, appointment_of(dossier, subject), on))
    acts.record(dossier, actor, Done("appointment_cancelled", on, {}, subject, acts.note(text=note)))
    invitations.cancelled(dossier, actor, subject, mail=mail)


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
    if on != appointment.on:
        raise DomainError(
            _("An absence is of the day of the appointment that was missed."), code="other_day", field="on"
        )
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
    party: str = "",
    outcome: str = "",
    seen: int | None = None,
) -> str:
    """A contact other than the first was held, as planned or without an appointment; gives the fact's id.

    `party` is who else was there, of an appointment whoever was to be; `outcome` is what came of it, beside the report.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_contact(actor, dossier, on, Purpose.FOLLOW_UP))
    if subject:
        require(policies.may_report(actor, appointment_of(dossier, subject).purpose))
        planned = appointment_of(dossier, subject, *policies.CONTACTS)
        require(policies.may_tell_outcome(actor, dossier, planned, on))
    require_party(dossier, party)
    values = {"form": form, "party": party or None}
    told = acts.note(text=report, outcome=outcome)
    (held,) = acts.record(dossier, actor, Done("contact_held", on, values, subject, told))
    return held
