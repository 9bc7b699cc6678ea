"""A registration with a regional service: the form, its answer, the steps there, the end. Each is one act (G1)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.law.kinds import SERVICE_STEPS, SERVICES
from dossiers.models import Dossier
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import PartnerReferral
from trajects.policies import partner as policies


def referral_of(dossier: Dossier, subject: str) -> PartnerReferral:
    """One of a dossier that is locked. Raises DomainError where there is none."""
    found = PartnerReferral.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject).first()
    if found is None:
        raise DomainError(_("There is no such registration form."), code="referral_unknown")
    return found


@transaction.atomic
def draw_up(
    *, dossier_id: UUID, actor: Actor, on: date, service: str, form: str, seen: int | None = None
) -> str:
    """Draw up the registration form for a service; gives its subject. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_draw_up(actor, dossier, on))
    if service not in SERVICES:
        raise DomainError(_("Say for which service."), code="unknown_code", field="service")
    acts.required(form, "form", _("Say what the form asks of the service."))
    subject = str(new_uuid())
    drawn_up = Done("partner_form_drawn_up", on, {"service": service}, subject, acts.note(text=form))
    acts.record(dossier, actor, drawn_up)
    return subject


@transaction.atomic
def send(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> str:
    """Send the form, with the insured's consent for this party (Z5); gives the fact. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    one = referral_of(dossier, subject)
    require(policies.may_send(actor, dossier, one, on))
    sent = Done("partner_form_sent", on, {"service": one.service}, subject, acts.note(text=note))
    (fact,) = acts.record(dossier, actor, sent)
    return fact


@transaction.atomic
def answer(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    accepted: bool,
    note: str = "",
    seen: int | None = None,
) -> None:
    """The service accepts or refuses. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_answer(actor, dossier, referral_of(dossier, subject), on))
    answered = Done("partner_answered", on, {"accepted": accepted}, subject, acts.note(text=note))
    acts.record(dossier, actor, answered)


@transaction.atomic
def take_step(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    step: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """A step at the service on a day; told twice of one day it is one. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    one = referral_of(dossier, subject)
    require(policies.may_take_step(actor, dossier, one, on))
    if one.answered_on and on < one.answered_on:
        raise DomainError(
            _("This day lies before the answer of the service."), code="before_answer", field="on"
        )
    record_step(dossier, actor, on, subject, step, note)


def record_step(dossier: Dossier, actor: Actor, on: date, subject: str, step: str, note: str) -> None:
    """A step beside its form or its registration; told again of the same day it is the same. Raises DomainError."""
    if step not in SERVICE_STEPS:
        raise DomainError(_("Say which step it is."), code="unknown_code", field="step")
    same = ("service_step", subject, on, step)
    if any((one.kind, one.subject, one.on, one.get("step")) == same for one in acts.happened(dossier)):
        return
    acts.record(dossier, actor, Done("service_step", on, {"step": step}, subject, acts.note(text=note)))


@transaction.atomic
def end(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """The guidance ended, or the form is not pursued. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_end(actor, dossier, referral_of(dossier, subject), on))
    acts.record(dossier, actor, Done("partner_ended", on, {}, subject, acts.note(text=note)))
