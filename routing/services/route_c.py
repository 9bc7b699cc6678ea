"""The acts of route C, from the registration with a regional service to its steps. Each is one act: may you, does it
fit, record."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from routing.models import RouteC, RouteCState
from routing.policies import route_c as policies
from routing.policies.start import may_start_traject
from routing.services.consents import Consent, asked
from routing.services.first_contact import called_off
from routing.windows import is_within
from tnw.accounts import actors
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.services.partner import record_step

OUTSIDE = "outside_window"
# What a registration that is reported again was already.
KNOWN = (RouteCState.REPORTED, RouteCState.CONFIRMED, RouteCState.STARTED, RouteCState.CLOSED)


def registration_of(dossier: Dossier, subject: str) -> RouteC:
    """A registration of a dossier that is locked. Raises DomainError where there is none."""
    found = RouteC.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject).first()
    if found is None:
        raise DomainError(_("There is no such registration."), code="registration_unknown")
    return found


@transaction.atomic
def report_registration(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    service: str,
    registered_on: date,
    note: str = "",
    seen: int | None = None,
) -> str:
    """A service reports that it registered somebody on a day (C3); gives the subject of the registration.

    Outside every window of the service only the refusal is recorded (C2). The same one reported again is the same one.
    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_report(actor, dossier, on))
    return _report(dossier, actor, on, service, registered_on, note)


@transaction.atomic
def take_registration(*, dossier_id: UUID, actor: Actor, on: date, registered_on: date) -> str:
    """The same, as a service reports it itself: the dossier is found by the system, and the service sees nothing of it.

    Recorded is who reported, not who found. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actors.system())
    require(policies.may_report_own(actor, dossier, on))
    return _report(dossier, actor, on, actor.service, registered_on, "")


def require_registered_by(on: date, registered_on: date) -> None:
    """What is reported on a day was registered by then. Raises DomainError."""
    if registered_on > on:
        raise DomainError(
            _("The registration cannot be of a later day than its report."),
            code="registered_later",
            field="registered_on",
        )


def _report(dossier: Dossier, actor: Actor, on: date, service: str, registered_on: date, note: str) -> str:
    require_registered_by(on, registered_on)
    outside = not is_within(dossier.fund_id, service, registered_on)
    same = RouteC.objects.filter(
        fund=dossier.fund_id, dossier=dossier, service=service, registered_on=registered_on
    )
    if outside:
        again = same.filter(state=RouteCState.REFUSED, reason=OUTSIDE)
    else:  # who did not consent may think better of it, and only the service can say so (C3)
        again = same.filter(state__in=KNOWN).exclude(state=RouteCState.CLOSED, reason="no_consent")
    if (known := again.order_by("pk").last()) is not None:
        return known.subject
    subject = str(new_uuid())
    values: dict[str, object] = {"service": service, "registered_on": registered_on}
    kind = "registration_reported"
    if outside:
        kind, values = "registration_refused", {"reason": OUTSIDE, **values}
    acts.record(dossier, actor, Done(kind, on, values, subject, acts.note(text=note)))
    return subject


@transaction.atomic
def refuse(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    reason: Literal["unknown_person", "other"],
    note: str = "",
    seen: int | None = None,
) -> None:
    """A registration that was reported for somebody else, or is none. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_refuse(actor, dossier, registration_of(dossier, subject), on))
    if reason == "other" and not note.strip():  # alone it says nothing
        raise DomainError(_("Say why: the regional service is told."), code="required", field="note")
    acts.record(
        dossier, actor, Done("registration_refused", on, {"reason": reason}, subject, acts.note(text=note))
    )


@transaction.atomic
def confirm_invalidity(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, seen: int | None = None
) -> None:
    """The fund confirms to the service that the insured is in invalidity (C1). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_confirm(actor, dossier, registration_of(dossier, subject), on))
    acts.record(dossier, actor, Done("invalidity_confirmed", on, {}, subject))


@transaction.atomic
def deny_invalidity(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    reason: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """The fund denies it, and tells the service why (C1). Raises NotAllowed, DomainError where the reason is not so."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_deny(actor, dossier, registration_of(dossier, subject), on))
    if not (verdict := policies.denial_fits(dossier, reason, on)):
        raise DomainError(verdict.reason, code="denial_does_not_fit", field="reason")
    acts.record(
        dossier, actor, Done("invalidity_denied", on, {"reason": reason}, subject, acts.note(text=note))
    )


@transaction.atomic
def decide_on_consent(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    consent: Consent,
    contact: str = "",
    report: str = "",
    seen: int | None = None,
) -> None:
    """Consent for data processing was asked (C4), in a contact of the form `contact` where one is named.

    With consent the traject starts, guided by the service, and every other route closes (R1); a refusal closes the
    route; *later* leaves it open, and is a contact. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_decide_on_consent(actor, dossier, registration_of(dossier, subject), on))
    answered = asked(on, consent)
    done: list[Done] = []
    if contact:
        done.append(Done("contact_held", on, {"form": contact}, "", acts.note(text=report)))
    elif consent == "later" or report.strip():
        raise DomainError(_("Say how the contact was held."), code="required", field="contact")
    if consent == "given":
        require(may_start_traject(dossier))
        started = Done("traject_started", on, {"route": "C"}, subject)
        done += [*answered, started, *called_off(dossier, on)]
    elif consent == "refused":
        done += [*answered, Done("route_closed", on, {"route": "C", "reason": "no_consent"}, subject)]
    acts.record(dossier, actor, *done)


@transaction.atomic
def report_step(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    step: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """A step at the service (C4, G1) of a day; told twice it is one. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_report_step(actor, dossier, registration_of(dossier, subject), on))
    record_step(dossier, actor, on, subject, step, note)


@transaction.atomic
def close_route(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    reason: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Close one registration with a reason; what was due in it falls away (T19). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_close(actor, dossier, registration_of(dossier, subject), on))
    values = {"route": "C", "reason": reason}
    acts.record(dossier, actor, Done("route_closed", on, values, subject, acts.note(text=note)))
