"""The acts of route B, from the request of the insured to the start of the traject. Each is one act: may you, does it
fit, record."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from routing.policies import first_contact
from routing.policies import route_b as policies
from routing.services.consents import Consent, asked
from routing.services.first_contact import called_off, held
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models.traject import FirstStep
from trajects.policies.contacts import step_fits

ROUTE = {"route": "B"}
# The first step that an aim names by itself (A7); any other is asked with it.
STEP_OF_AIM: Mapping[str, str] = {
    "adapted_work": FirstStep.ADAPTED_WORK,
    "training": FirstStep.TRAINING,
    "guidance": FirstStep.GUIDANCE,
}


@transaction.atomic
def request_contact(
    *, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None
) -> None:
    """The insured asked for contact with the coordinator (B1). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_request(actor, dossier, on))
    acts.record(dossier, actor, Done("contact_requested", on, note=acts.note(text=note)))


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
    subject: str = "",
    seen: int | None = None,
) -> None:
    """The first contact of this route only was held (B3); where a referral waits too, that of route A serves both.

    `consent` for data processing is `given`, `refused`, which closes the route, or `later`. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_hold_first_contact(actor, dossier, on))
    if first_contact.waits_in_a(dossier):
        raise DomainError(
            _("A referral waits for its first contact too: record the first contact for both."),
            code="serves_both",
        )
    met = held(dossier, actor, on, form, report, role_explained, subject)
    decided = asked(on, consent)
    if consent == "refused":
        decided += closed(dossier, on, "no_consent")
    acts.record(dossier, actor, met, *decided, *called_off(dossier, on, but=subject))


def closed(dossier: Dossier, on: date, reason: str, note: str = "") -> list[Done]:
    """The closing of the route B that is open, where one is."""
    told = acts.note(text=note)
    return [Done("route_closed", on, {**ROUTE, "reason": reason}, note=told)] * bool(
        policies.open_route(dossier)
    )


@transaction.atomic
def ask_permission(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    aim: str,
    first_step: str = "",
    note: str = "",
    seen: int | None = None,
) -> None:
    """Ask the advisory doctor's permission for an aim (B5), which may be another one than before.

    `first_step` is that of the traject once it is granted; some aims say it themselves. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_ask(actor, dossier, on))
    step = _step(dossier, first_step or STEP_OF_AIM.get(aim, ""))
    chosen = Done("first_step_chosen", on, {"step": step}, instead_of=["first_step_chosen"])
    asked = Done("permission_requested", on, {"aim": aim}, note=acts.note(text=note))
    acts.record(dossier, actor, chosen, asked)


def _step(dossier: Dossier, step: str) -> str:
    """A first step that is named and fits (A7). Raises DomainError."""
    if not step:
        raise DomainError(
            _("Choose the first step of the traject; it may change later."),
            code="required",
            field="first_step",
        )
    if not (verdict := step_fits(dossier, step)):
        raise DomainError(verdict.reason, code="step_does_not_fit", field="first_step")
    return step


@transaction.atomic
def grant(*, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None) -> None:
    """Grant the permission: the traject starts at once, and supersedes what else is open (B5, R1).

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_decide(actor, dossier, on))
    granted = Done("permission_granted", on, note=acts.note(text=note))
    acts.record(dossier, actor, granted, *_first_step(dossier, on), *_started(dossier, on))


def _first_step(dossier: Dossier, on: date) -> list[Done]:
    """It was asked with the aim; of a permission that came in as history without it, what the aim says."""
    route = policies.open_route(dossier)
    facts = acts.happened(dossier)
    if route is None or any(
        fact.kind == "first_step_chosen" and fact.on >= route.requested_on for fact in facts
    ):
        return []
    return [Done("first_step_chosen", on, {"step": STEP_OF_AIM.get(route.aim, FirstStep.GUIDANCE)})]


def _started(dossier: Dossier, on: date) -> list[Done]:
    return [Done("traject_started", on, ROUTE), *called_off(dossier, on)]


@transaction.atomic
def refuse(
    *, dossier_id: UUID, actor: Actor, on: date, reason: str, for_insured: str, seen: int | None = None
) -> None:
    """Refuse the permission as not compatible with the general state of health (B5): why, and what the insured is told.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_decide(actor, dossier, on))
    acts.required(reason, "reason", _("Say why: it is a medical note."))
    asked = _("Write down what the insured person is told: the coordinator discusses it with him.")
    acts.required(for_insured, "for_insured", asked)
    told = acts.note(text=reason, insured=for_insured)
    acts.record(dossier, actor, Done("permission_refused", on, note=told))


@transaction.atomic
def start_traject(
    *, dossier_id: UUID, actor: Actor, on: date, first_step: str, seen: int | None = None
) -> None:
    """Start the traject of a permission that was granted before, in history that came in without it.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_start(actor, dossier, on))
    chosen = Done(
        "first_step_chosen", on, {"step": _step(dossier, first_step)}, instead_of=["first_step_chosen"]
    )
    acts.record(dossier, actor, chosen, *_started(dossier, on))


@transaction.atomic
def close_route(
    *, dossier_id: UUID, actor: Actor, on: date, reason: str, note: str = "", seen: int | None = None
) -> None:
    """Close route B with a reason; what was due in it falls away (T19). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_close(actor, dossier, on) and policies.may_close_for(actor, reason))
    off = [] if first_contact.waits_in_a(dossier) else called_off(dossier, on)
    acts.record(dossier, actor, *closed(dossier, on, reason, note), *off)
