"""The acts of route A, from the assessment to the start of the traject. Each is one act: may you, does it fit, record."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.law.facts import corrected, in_order
from dossiers.models import Dossier
from dossiers.projection import facts_of
from routing import policies
from routing.models import RouteA, RouteAState
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects import services as contacts
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Purpose
from trajects.policies import may_tell_outcome, step_fits
from trajects.services import appointment_of

Consent = Literal["given", "refused", "later"]
REASONED = (2, 3)


@transaction.atomic
def assess(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    category: int,
    reason: str = "",
    contact: str = "",
    refer: bool = False,
    seen: int | None = None,
) -> None:
    """Assess the remaining capacities (A4); `contact` is the form of a medical contact held with it (T17).

    `refer` refers at once (A5). Raises NotAllowed, and DomainError where categories 2 and 3 come without their reason.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_assess(actor, dossier, on))
    if not (verdict := policies.category_fits(dossier, category, on)):
        raise DomainError(verdict.reason, code="category_too_late", field="category")
    if category in REASONED and not reason.strip():
        raise DomainError(
            _("Say why: after category %(category)s the reason is needed."),
            code="required",
            field="reason",
            category=category,
        )
    if refer and category != 4:
        raise DomainError(_("Referring at once goes with category 4."), code="category_not_4", field="refer")
    # A referral of the same day stands where the category is still 4, and falls with the assessment otherwise.
    instead = ["assessment_made"] if category == 4 else ["assessment_made", "referral_made"]
    done = [
        Done("assessment_made", on, {"category": category}, note=acts.note(text=reason), instead_of=instead)
    ]
    if contact:
        done.append(Done("medical_contact_held", on, {"form": contact}))
    if category != 4:
        done += _called_off(dossier, on)
    acts.record(dossier, actor, *done)
    if refer:
        dossier.route_a = RouteA.objects.get(pk=dossier.route_a.pk)
        if dossier.route_a.state != RouteAState.REFERRED:  # a referral of before stands
            require(policies.may_refer(actor, dossier, on))
            acts.record(dossier, actor, Done("referral_made", on))


@transaction.atomic
def refer(*, dossier_id: UUID, actor: Actor, on: date, seen: int | None = None) -> None:
    """Refer the insured to a coordinator (A5). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_refer(actor, dossier, on))
    acts.record(dossier, actor, Done("referral_made", on))


@transaction.atomic
def withdraw_referral(
    *, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None
) -> None:
    """Take a referral back before the first contact. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_withdraw_referral(actor, dossier, on))
    withdrawn = Done("referral_withdrawn", on, note=acts.note(text=note))
    acts.record(dossier, actor, withdrawn, *_called_off(dossier, on))


@transaction.atomic
def hold_medical_contact(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    form: str,
    subject: str = "",
    note: str = "",
    seen: int | None = None,
) -> None:
    """A medical contact was held (T17), as planned or without an appointment. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_hold_medical_contact(actor, dossier, on))
    if subject:
        require(
            may_tell_outcome(
                actor, dossier, appointment_of(dossier, subject, Purpose.MEDICAL_EXAMINATION), on
            )
        )
    acts.record(
        dossier,
        actor,
        Done("medical_contact_held", on, {"form": form}, subject, acts.note(text=note)),
    )


@transaction.atomic
def plan_first_contact(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    at: datetime,
    form: str,
    place: str = "",
    seen: int | None = None,
) -> str:
    """Make the appointment for the first contact (A6); gives its subject. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_hold_first_contact(actor, dossier, on))
    return contacts.plan(
        dossier_id=dossier_id,
        actor=actor,
        on=on,
        purpose=Purpose.FIRST_CONTACT,
        at=at,
        form=form,
        place=place,
    )


@transaction.atomic
def hold_first_contact(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    form: str,
    report: str,
    role_explained: bool,
    consent: Consent,
    first_step: str = "",
    subject: str = "",
    seen: int | None = None,
) -> None:
    """The first contact was held (A6): role explained, first step looked for (A7), consent for data processing asked.

    With consent the traject starts; a refusal closes the route; *later* leaves both open. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_hold_first_contact(actor, dossier, on))
    if subject:
        require(may_tell_outcome(actor, dossier, appointment_of(dossier, subject, Purpose.FIRST_CONTACT), on))
    if not role_explained:
        raise DomainError(
            _("At the first contact the coordinator explains his role: do so, and confirm it."),
            code="required",
            field="role_explained",
        )
    held = Done("first_contact_held", on, {"route": "A", "form": form}, subject, acts.note(text=report))
    decided = _decided(dossier, on, consent, first_step)
    acts.record(dossier, actor, held, *decided, *_called_off(dossier, on, but=subject))


def _called_off(dossier: Dossier, on: date, *, but: str = "") -> list[Done]:
    """A first contact that is planned and not waited for any more does not stand in anybody's diary."""
    planned = Appointment.objects.filter(
        fund=dossier.fund_id, dossier=dossier, purpose=Purpose.FIRST_CONTACT, state=AppointmentState.PLANNED
    ).exclude(subject=but)
    subjects = set(planned.values_list("subject", flat=True))
    made = {
        fact.subject: fact.on
        for fact in in_order(corrected(facts_of([dossier.pk]).get(dossier.pk, ())))
        if fact.subject in subjects
    }
    # Not before it was made, where the act is of an earlier day.
    return [Done("appointment_cancelled", max(on, day), {}, subject) for subject, day in made.items()]


@transaction.atomic
def decide_on_consent(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    consent: Consent,
    first_step: str = "",
    seen: int | None = None,
) -> None:
    """What the insured decided later: the traject starts, or the route closes. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_decide_on_consent(actor, dossier, on))
    acts.record(dossier, actor, *_decided(dossier, on, consent, first_step))


def _decided(dossier: Dossier, on: date, consent: Consent, first_step: str) -> list[Done]:
    """The facts of an answer: data processing is the purpose that the traject needs."""
    processing = {"purpose": "data_processing"}
    done: list[Done] = []
    if first_step:
        if not (verdict := step_fits(dossier, first_step)):
            raise DomainError(verdict.reason, code="step_does_not_fit", field="first_step")
        done.append(Done("first_step_chosen", on, {"step": first_step}))
    if consent == "given":
        require(policies.may_start_traject(dossier))
        if not first_step:
            raise DomainError(
                _("Choose the first step of the traject; it may change later."),
                code="required",
                field="first_step",
            )
        return [Done("consent_given", on, processing), *done, Done("traject_started", on, {"route": "A"})]
    if consent == "refused":
        closed = Done("route_closed", on, {"route": "A", "reason": "no_consent"})
        return [Done("consent_refused", on, processing), *done, closed]
    return done


@transaction.atomic
def close_route(
    *, dossier_id: UUID, actor: Actor, on: date, reason: str, note: str = "", seen: int | None = None
) -> None:
    """Close route A with a reason; what was due in it falls away (T19). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_close_route(actor, dossier, on))
    values = {"route": "A", "reason": reason}
    closed = Done("route_closed", on, values, note=acts.note(text=note))
    acts.record(dossier, actor, closed, *_called_off(dossier, on))
