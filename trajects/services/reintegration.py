"""The formal part inside a traject: its start, suspensions and end. Each is one act: may you, does it fit, record."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import PlanDraft
from trajects.models.reintegration import RUNNING, ReintegrationState
from trajects.policies import reintegration as policies
from trajects.policies.results import result_fits
from trajects.policies.traject import evaluation_needed


def suspension_facts(dossier: Dossier, on: date, reason: str) -> list[Done]:
    """What suspends the formal part beside another act (Z7); nothing where none runs, or it is suspended already."""
    part = policies.running_part(dossier)
    if part is None or part.state not in RUNNING:
        return []
    return [Done("traject_suspended", on, {"reason": reason})]


def resumption_facts(dossier: Dossier, on: date) -> list[Done]:
    """What resumes the formal part that the traject at the employer suspended, once that has ended (Z7)."""
    part = policies.running_part(dossier)
    if part is None or part.state != ReintegrationState.SUSPENDED or part.suspended_for != "employer_traject":
        return []
    return [Done("traject_resumed", on)]


@transaction.atomic
def start(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    condition: int,
    agreed: bool,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Start the formal part under one of the conditions of Z1, which has to hold. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_start(actor, dossier, on))
    if not (verdict := policies.condition_fits(dossier, acts.happened(dossier), condition, on)):
        raise DomainError(verdict.reason, code="condition_does_not_hold", field="condition")
    if not agreed:
        raise DomainError(
            _("The insured person agrees that fitting actions are looked for: ask so, and confirm it."),
            code="required",
            field="agreed",
        )
    # What was being written of the plan of an earlier one is no plan of this one.
    PlanDraft.objects.filter(fund=dossier.fund_id, dossier=dossier).delete()
    started = Done("reintegration_started", on, {"condition": condition}, note=acts.note(text=note))
    acts.record(dossier, actor, started)


@transaction.atomic
def suspend(
    *, dossier_id: UUID, actor: Actor, on: date, reason: str, note: str = "", seen: int | None = None
) -> None:
    """Suspend the formal part; what is due in it waits (T18). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_suspend(actor, dossier, on))
    if not (verdict := policies.suspension_fits(dossier, reason)):
        raise DomainError(verdict.reason, code="reason_does_not_fit", field="reason")
    acts.record(dossier, actor, Done("traject_suspended", on, {"reason": reason}, note=acts.note(text=note)))


@transaction.atomic
def resume(*, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None) -> None:
    """It goes on where it was, and what was due moves by the days between (T18). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_resume(actor, dossier, on))
    acts.record(dossier, actor, Done("traject_resumed", on, note=acts.note(text=note)))


@transaction.atomic
def evaluate_plan(
    *, dossier_id: UUID, actor: Actor, on: date, evaluation: str, seen: int | None = None
) -> None:
    """Look back on the plan with the insured, before the formal part ends (Z8). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_evaluate_plan(actor, dossier, on))
    acts.record(dossier, actor, plan_evaluated(on, evaluation))


def plan_evaluated(on: date, evaluation: str) -> Done:
    """The plan is looked back on, in words. Raises DomainError where there are none."""
    acts.required(evaluation, "evaluation", _("Say what came of the plan: it is evaluated before it ends."))
    return Done("plan_evaluated", on, note=acts.note(text=evaluation))


@transaction.atomic
def end(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    result: str,
    evaluation: str = "",
    note: str = "",
    seen: int | None = None,
) -> None:
    """End the formal part with a result; the traject goes on. A plan that was carried out is evaluated first (Z8).

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_end(actor, dossier, on))
    if not (verdict := result_fits(dossier, acts.happened(dossier), result, on)):
        raise DomainError(verdict.reason, code="result_does_not_fit", field="result")
    done = [plan_evaluated(on, evaluation)] if evaluation_needed(dossier, result, evaluation) else []
    ended = Done("reintegration_ended", on, {"result": result}, note=acts.note(text=note))
    acts.record(dossier, actor, *done, ended)
