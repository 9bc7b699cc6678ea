"""What comes of the occupational physician: visit, decision, traject at the employer. Each is one act (A7, Z7, Z9)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.law.kinds import REFUSERS, REQUESTERS, VISIT_OUTCOMES
from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.policies import employer as policies
from trajects.policies.reintegration import running_part
from trajects.services.reintegration import resumption_facts, suspension_facts

EMPLOYER_TRAJECT = "employer_traject"


def _not_before_referral(dossier: Dossier, on: date) -> None:
    """What comes of a referral is not of a day before it. Raises DomainError."""
    one = policies.open_one(dossier)
    if one and one.referred_on and on < one.referred_on:
        raise DomainError(_("This day lies before the referral."), code="before_referral", field="on")


@transaction.atomic
def record_visit(
    *, dossier_id: UUID, actor: Actor, on: date, outcome: str, note: str = "", seen: int | None = None
) -> None:
    """The visit before resumption was held, and what came of it (A7, Z1). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_record_visit(actor, dossier, on))
    _not_before_referral(dossier, on)
    if outcome not in VISIT_OUTCOMES:
        raise DomainError(_("Say what came of the visit."), code="unknown_code", field="outcome")
    visit = Done("pre_return_visit_held", on, {"outcome": outcome}, note=acts.note(text=note))
    acts.record(dossier, actor, visit)


@transaction.atomic
def decide_not_to_ask(
    *, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None
) -> None:
    """The insured asks for none, after the visit or without one (Z1). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_not_ask(actor, dossier, on))
    _not_before_referral(dossier, on)
    acts.record(dossier, actor, Done("employer_traject_declined", on, note=acts.note(text=note)))


@transaction.atomic
def start(
    *, dossier_id: UUID, actor: Actor, on: date, requested_by: str, note: str = "", seen: int | None = None
) -> None:
    """A traject at the employer started, whoever asked for it; the formal part waits while it runs (Z7).

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_start(actor, dossier, on))
    if requested_by not in REQUESTERS:
        raise DomainError(_("Say who asked for it."), code="unknown_code", field="requested_by")
    started = Done("employer_traject_started", on, {"requested_by": requested_by}, note=acts.note(text=note))
    part = running_part(dossier)
    # The employer may have begun before the formal part did: that waits from its own start then.
    since = max(on, part.started_on) if part else on
    acts.record(dossier, actor, started, *suspension_facts(dossier, since, EMPLOYER_TRAJECT))


@transaction.atomic
def end(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    decision: str,
    refused_by: str = "",
    plan_carried_out: bool = False,
    note: str = "",
    seen: int | None = None,
) -> None:
    """It ended with a decision, after a plan of the employer or without (Z1, Z9); what it suspended goes on.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_end(actor, dossier, on))
    if decision not in (letters := policies.letters_on(on)):
        raise DomainError(
            _("On that day the decisions are %(letters)s."),
            code="unknown_decision",
            field="decision",
            letters=", ".join(letters),
        )
    if refused_by and refused_by not in REFUSERS:
        raise DomainError(
            _("Say who refused the plan, if anybody did."), code="unknown_code", field="refused_by"
        )
    values = {
        "decision": decision,
        "refused_by": refused_by or None,
        "plan_carried_out": plan_carried_out,
    }
    part = running_part(dossier)
    since = max(on, part.suspended_on) if part and part.suspended_on else on
    ended = Done("employer_traject_ended", on, values, note=acts.note(text=note))
    acts.record(dossier, actor, ended, *resumption_facts(dossier, since))
