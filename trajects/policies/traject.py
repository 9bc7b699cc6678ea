"""Who may look back on the traject and end it (P3, Z8)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.policies import IN_PERSON_ONLY, lies_in, passed_on
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict
from trajects.models.reintegration import ReintegrationState
from trajects.policies.contacts import NO_TRAJECT, running_traject
from trajects.policies.reintegration import running_part
from trajects.policies.results import INCAPACITY_ENDED, STOPPED

# The insured stops without having to look back (P3), and may not be there any more to do so.
WITHOUT_EVALUATION = (STOPPED, INCAPACITY_ENDED)


def may_end(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, with a result of Z8; also when the incapacity has ended, of a day on which it still ran."""
    return passed_on(actor, dossier, on, Role.COORDINATOR) and _runs(dossier, on)


def may_stop(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, at any moment (P3): neither what contradicts itself nor an exclusion keeps anybody in a traject."""
    if actor.kind == ActorKind.JOB:
        return IN_PERSON_ONLY
    verdict = in_role(actor, Role.COORDINATOR) and lies_in(dossier.incapacity, on)
    return verdict and _runs(dossier, on)


def _runs(dossier: Dossier, on: date) -> Verdict:
    if (traject := running_traject(dossier)) is None:
        return NO_TRAJECT
    if traject.started_on > on:
        return Verdict(
            False,
            _("The traject started after this day; where it should not have, its start is taken back."),
        )
    return YES


def may_evaluate(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Looked back on with the insured, before it ends (Z8)."""
    if not (verdict := may_end(actor, dossier, on)):
        return verdict
    traject = running_traject(dossier)
    if traject and traject.evaluated_on:
        return Verdict(False, _("The traject is evaluated already."))
    return YES


def plan_to_evaluate(dossier: Dossier) -> bool:
    """Whether a plan is being carried out that nobody looked back on yet (Z8)."""
    part = running_part(dossier)
    return part is not None and part.stage == ReintegrationState.IN_REVIEW


def evaluation_needed(dossier: Dossier, result: str, evaluation: str) -> bool:
    """Whether an end with this result evaluates the plan: it has to, or somebody did all the same."""
    if not plan_to_evaluate(dossier):
        return False
    return result not in WITHOUT_EVALUATION or bool(evaluation.strip())
