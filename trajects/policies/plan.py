"""Who may do what with the plan of a formal part, and in which state (Z3 to Z6, domain.md section 8)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.policies import may_record
from tnw.accounts.models import Actor, Role
from tnw.accounts.policies import may_see_dossiers
from tnw.core.policies import YES, Verdict
from trajects.models import ReintegrationPlan
from trajects.models.plan import PlanState
from trajects.models.reintegration import ReintegrationState
from trajects.policies.reintegration import running_part

# How far the formal part has to be; while it is suspended what is done counts where it had come to.
PLANNED = (ReintegrationState.PLANNING, ReintegrationState.IN_REVIEW)
REVIEWED = (ReintegrationState.IN_REVIEW, ReintegrationState.EVALUATED)
_NO_PART = Verdict(False, _("No reintegration traject runs in this dossier."))
_NOT_SIGNED = Verdict(
    False, _("The engagement declaration is not signed by all yet: the plan comes after it.")
)
_EVALUATED = Verdict(False, _("The plan is evaluated: nothing of it changes any more."))
_NO_PLAN = Verdict(False, _("There is no plan in force yet."))


def plan_in_force(dossier: Dossier) -> ReintegrationPlan | None:
    """The plan of the formal part that runs, in its latest version."""
    part = running_part(dossier)
    if part is None:
        return None
    plans = [one for one in dossier.plans.all() if one.part == part.number]
    return next((one for one in plans if one.state != PlanState.SUPERSEDED), None)


def next_version(dossier: Dossier) -> int:
    """The version that would be agreed now."""
    plan = plan_in_force(dossier)
    return plan.version + 1 if plan else 1


def may_read_plan(actor: Actor) -> Verdict:
    """Coordinator, doctor, medical team and team lead."""
    return may_see_dossiers(actor)


def may_write_plan(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, from the last signature until the plan is evaluated; also while all is suspended (T18)."""
    return may_record(actor, dossier, on, Role.COORDINATOR) and _stage(dossier, *PLANNED)


def may_hold_meeting(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The interview for the plan: the first, or a second one (Z4)."""
    return may_write_plan(actor, dossier, on)


def may_agree(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The plan, or a new version of it; complete it has to be as well."""
    return may_write_plan(actor, dossier, on)


def may_review(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Only what was agreed is reviewed (Z6); evaluated too, as long as the formal part goes on."""
    may = may_record(actor, dossier, on, Role.COORDINATOR)
    return may and _stage(dossier, *REVIEWED)


def may_mark_done(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """An action of the plan in force is done."""
    may = may_record(actor, dossier, on, Role.COORDINATOR)
    return may and _stage(dossier, ReintegrationState.IN_REVIEW)


def _stage(dossier: Dossier, *stages: str) -> Verdict:
    part = running_part(dossier)
    if part is None:
        return _NO_PART
    if part.stage in stages:
        return YES
    if part.stage == ReintegrationState.AWAITING_SIGNATURES:
        return _NOT_SIGNED
    return _EVALUATED if part.stage == ReintegrationState.EVALUATED else _NO_PLAN
