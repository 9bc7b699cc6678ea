"""Who may do what with the formal part (domain.md sections 7 and 8), and under which condition it starts (Z1)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.law.facts import Fact
from dossiers.machines import fold
from dossiers.models import Dossier
from dossiers.policies import passed_on
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models import EmployerTraject, ReintegrationTraject
from trajects.models.employer import BEFORE_REFERRAL, EmployerState
from trajects.models.reintegration import RUNNING, Condition, ReintegrationState
from trajects.policies import employer
from trajects.policies.contacts import NO_TRAJECT, running_traject

# Before the decisions changed, C and D ended a traject for good too (Z9).
FOR_GOOD, FOR_GOOD_BEFORE = ("B",), ("B", "C", "D")
CONTACTS = frozenset({"first_contact_held", "contact_held", "plan_meeting_held"})

NOT_RUNNING = Verdict(False, _("No reintegration traject is running."))
EMPLOYER_RUNS = Verdict(False, _("A traject at the employer is running."))


def running_part(dossier: Dossier) -> ReintegrationTraject | None:
    """The formal part that runs or is suspended; there is at most one."""
    parts = dossier.reintegrations.all()
    return next((one for one in parts if one.state != ReintegrationState.ENDED), None)


def last_part(dossier: Dossier) -> ReintegrationTraject | None:
    """The latest formal part, whether or not it has ended."""
    return max(dossier.reintegrations.all(), key=lambda one: one.number, default=None)


def may_start(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """One formal part at a time, several one after the other, inside a traject that runs."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if running_traject(dossier) is None:
        return NO_TRAJECT
    if running_part(dossier):
        return Verdict(False, _("A reintegration traject is running already."))
    if employer.running(dossier):
        return EMPLOYER_RUNS
    last = last_part(dossier)
    if last and last.ended_on and last.ended_on >= on:
        return Verdict(False, _("The previous one ended on this day or later: choose a day after it."))
    return YES


def condition_fits(dossier: Dossier, facts: Iterable[Fact], condition: int, on: date) -> Verdict:
    """Whether what is recorded up to that day bears out this condition (Z1); `facts` are those of the dossier, corrected."""
    if condition == Condition.NO_CONTRACT:
        if not employer.has_employer(dossier):
            return YES
        return Verdict(False, _("There is an employment contract."))
    if not employer.has_employer(dossier) and condition != Condition.ENDED:
        return Verdict(False, _("There is no employment contract."))
    # As it stood on that day, whatever came after it.
    past = [fact for fact in facts if fact.on <= on]
    if condition == Condition.NOT_REFERRED:
        if any(one.referred_on for one in fold(EmployerTraject, past).made):
            return Verdict(False, _("There was a referral to the occupational physician."))
        return YES
    return _not_asked(past) if condition == Condition.NOT_ASKED else _ended(past)


def _not_asked(past: Sequence[Fact]) -> Verdict:
    last = _last_at_employer(past)
    if last is None or last.state != EmployerState.NOT_ASKED or last.decided_on is None:
        return Verdict(
            False,
            _("It is not recorded that the insured person asks for no traject at the employer."),
        )
    return _agreed_after(past, last.decided_on)


def _ended(past: Sequence[Fact]) -> Verdict:
    last = _last_at_employer(past)
    if last is None or last.state != EmployerState.ENDED or last.ended_on is None:
        return Verdict(False, _("No traject at the employer has ended."))
    for_good = FOR_GOOD if last.ended_on >= employer.CHANGED else FOR_GOOD_BEFORE
    if last.decision not in for_good:
        return Verdict(
            False,
            _("The traject at the employer did not end with the decision that the unfitness is definitive."),
        )
    if last.plan_carried_out:
        return Verdict(False, _("At the employer a plan was carried out: the condition is that none was."))
    return _agreed_after(past, last.ended_on)


def _agreed_after(past: Sequence[Fact], since: date) -> Verdict:
    """Conditions 3 and 4 are agreed in a contact after what they rest on."""
    if any(fact.kind in CONTACTS and since <= fact.on for fact in past):
        return YES
    return Verdict(False, _("It is agreed in a contact after that, and none was recorded since."))


def _last_at_employer(past: Sequence[Fact]) -> EmployerTraject | None:
    """The latest one that came further than a proposal."""
    proposals = (*BEFORE_REFERRAL, EmployerState.DECLINED)
    told = [one for one in fold(EmployerTraject, past).made if one.state not in proposals]
    return max(told, key=lambda one: one.number, default=None)


def may_suspend(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """From each running state, as often as it happens (Z7, T18)."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if (part := running_part(dossier)) is None:
        return NOT_RUNNING
    if part.state not in RUNNING:
        return Verdict(False, _("The reintegration traject is suspended already."))
    return YES


def suspension_fits(dossier: Dossier, reason: str) -> Verdict:
    """Of the traject at the employer only while one runs; its start suspends by itself (Z7)."""
    if reason != "employer_traject" or employer.running(dossier):
        return YES
    return Verdict(False, _("No traject at the employer is running."))


def may_resume(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Not while a traject at the employer runs (Z7)."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    part = running_part(dossier)
    if part is None or part.state != ReintegrationState.SUSPENDED:
        return Verdict(False, _("No reintegration traject is suspended."))
    if employer.running(dossier):
        return EMPLOYER_RUNS
    return YES


def may_evaluate_plan(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Once a plan is agreed, before its end (Z8)."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if (part := running_part(dossier)) is None:
        return NOT_RUNNING
    if part.stage == ReintegrationState.EVALUATED:
        return Verdict(False, _("The plan is evaluated already."))
    if part.stage != ReintegrationState.IN_REVIEW:
        return Verdict(False, _("There is no agreed plan to evaluate."))
    return YES


def may_end(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The traject goes on after it."""
    if not (verdict := passed_on(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if running_part(dossier) else NOT_RUNNING
