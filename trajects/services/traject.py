"""The traject as a whole: its first step, and its end, with which everything open in it falls away (P3, Z8, T19)."""

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
from trajects.models.appointment import Purpose
from trajects.policies import contacts
from trajects.policies import traject as policies
from trajects.policies.results import STOPPED, result_fits
from trajects.services.planned import called_off
from trajects.services.reintegration import plan_evaluated

# Planned for the traject alone; the medical examination serves the assessment too.
ONLY_FOR_TRAJECT = (Purpose.FIRST_CONTACT, Purpose.FOLLOW_UP, Purpose.PLAN_MEETING, Purpose.OTHER)


@transaction.atomic
def choose_first_step(
    *, dossier_id: UUID, actor: Actor, on: date, step: str, seen: int | None = None
) -> None:
    """The first step of a running traject changes (A7). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(contacts.may_choose_step(actor, dossier, on, step))
    acts.record(
        dossier, actor, Done("first_step_chosen", on, {"step": step}, instead_of=["first_step_chosen"])
    )


@transaction.atomic
def evaluate(*, dossier_id: UUID, actor: Actor, on: date, evaluation: str, seen: int | None = None) -> None:
    """Look back on the traject with the insured, before it ends (Z8). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_evaluate(actor, dossier, on))
    acts.required(evaluation, "evaluation", _("Say what the traject brought."))
    acts.record(dossier, actor, Done("traject_evaluated", on, note=acts.note(text=evaluation)))


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
    """End the traject with a result (Z8): what is open in it falls away, what was planned for it is cancelled.

    A plan that is carried out is evaluated first, in the same act. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_end(actor, dossier, on))
    if not (verdict := result_fits(dossier, acts.happened(dossier), result, on)):
        raise DomainError(verdict.reason, code="result_does_not_fit", field="result")
    done = [plan_evaluated(on, evaluation)] if policies.evaluation_needed(dossier, result, evaluation) else []
    acts.record(dossier, actor, *done, *end_all(dossier, on, result, note))


@transaction.atomic
def stop(*, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None) -> None:
    """The insured stops, at any moment and without having to say why (P3), also where something contradicts.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_stop(actor, dossier, on))
    acts.record(dossier, actor, *end_all(dossier, on, STOPPED, note), despite=True)


def end_all(dossier: Dossier, on: date, result: str, note: str) -> list[Done]:
    """The facts with which the traject that runs ends, beside another act; nothing where none runs."""
    if contacts.running_traject(dossier) is None:
        return []
    ended = Done("traject_ended", on, {"result": result}, note=acts.note(text=note))
    return [*called_off(dossier, on, ONLY_FOR_TRAJECT), ended]
