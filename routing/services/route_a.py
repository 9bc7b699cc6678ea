"""The acts of route A, from the assessment to the start of the traject. Each is one act: may you, does it fit, record."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from routing.models import RouteA, RouteAState
from routing.policies import route_a as policies
from routing.policies.closings import closed_on
from routing.policies.first_contact import waits_in_b
from routing.policies.start import may_start_traject
from routing.services.consents import Consent, asked
from routing.services.first_contact import called_off, held
from routing.services.route_b import closed as closed_b
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models.appointment import Purpose
from trajects.policies.contacts import may_tell_outcome, step_fits
from trajects.services.contacts import appointment_of

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
    if category == 4 and dossier.route_a.state == RouteAState.CLOSED and closed_on(dossier, "A") == on:
        raise DomainError(
            _("The route was closed on this day: category 4 begins it anew from the day after it on."),
            code="route_closed_then",
            field="on",
        )
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
        done += _not_waited_for(dossier, on)
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
    acts.record(dossier, actor, withdrawn, *_not_waited_for(dossier, on))


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

    Where a request of the insured waits for its first contact too, it is held for both (B3). With consent the traject
    starts; a refusal closes the route; *later* leaves both open. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_hold_first_contact(actor, dossier, on))
    met = held(dossier, actor, on, form, report, role_explained, subject)
    decided = _decided(dossier, on, consent, first_step)
    acts.record(dossier, actor, met, *decided, *called_off(dossier, on, but=subject))


def _not_waited_for(dossier: Dossier, on: date) -> list[Done]:
    """The first contact is called off where no request of the insured waits for it either (B3)."""
    return [] if waits_in_b(dossier) else called_off(dossier, on)


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
    decided = _decided(dossier, on, consent, first_step)
    # It settles a request of the insured too, whatever was planned for that.
    off = called_off(dossier, on) if consent != "later" else []
    acts.record(dossier, actor, *decided, *off)


def _decided(dossier: Dossier, on: date, consent: Consent, first_step: str) -> list[Done]:
    """The facts of an answer: data processing is the purpose that the traject needs."""
    answered = asked(on, consent)
    done: list[Done] = []
    if first_step:
        if not (verdict := step_fits(dossier, first_step)):
            raise DomainError(verdict.reason, code="step_does_not_fit", field="first_step")
        done.append(Done("first_step_chosen", on, {"step": first_step}))
    if consent == "given":
        require(may_start_traject(dossier))
        if not first_step:
            raise DomainError(
                _("Choose the first step of the traject; it may change later."),
                code="required",
                field="first_step",
            )
        return [*answered, *done, Done("traject_started", on, {"route": "A"})]
    if consent == "refused":
        closed = Done("route_closed", on, {"route": "A", "reason": "no_consent"})
        # Without it there is no traject by request either.
        return [*answered, *done, closed, *closed_b(dossier, on, "no_consent")]
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
    acts.record(dossier, actor, closed, *_not_waited_for(dossier, on))
