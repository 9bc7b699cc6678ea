"""Who may do what with the occupational physician and the traject at the employer (A7, Z7, Z9), and in which state.

The referral itself depends on where the route stands: that is told a floor higher, in `routing.policies.employer`.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.law.kinds import DECISIONS
from dossiers.models import Dossier
from dossiers.models.case import Regime
from dossiers.policies import may_record
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models import EmployerTraject
from trajects.models.employer import OPEN, EmployerState

# Z9: the decisions of the occupational physician, by the day of the decision.
CHANGED = date(2022, 10, 1)
LETTERS: tuple[tuple[date, tuple[str, ...]], ...] = ((date.min, DECISIONS), (CHANGED, DECISIONS[:3]))


def latest(dossier: Dossier) -> EmployerTraject | None:
    """The last one that began, whatever has become of it."""
    return max(dossier.employer_trajects.all(), key=lambda one: one.number, default=None)


def open_one(dossier: Dossier) -> EmployerTraject | None:
    """The one that something can still come of; there is at most one."""
    one = latest(dossier)
    return one if one and one.state in OPEN else None


def running(dossier: Dossier) -> EmployerTraject | None:
    """The traject that runs at the employer: it waives the questionnaire (A2) and suspends the formal part (Z7)."""
    one = latest(dossier)
    return one if one and one.state == EmployerState.RUNNING else None


def letters_on(day: date) -> tuple[str, ...]:
    """The decisions that the law knows on a day (Z9)."""
    return next(letters for since, letters in reversed(LETTERS) if since <= day)


def has_employer(dossier: Dossier) -> Verdict:
    """A7: an employment contract, and never for the self-employed."""
    if dossier.incapacity.regime == Regime.SELF_EMPLOYED:
        return Verdict(False, _("A self-employed person has no employer to go to."))
    if not dossier.incapacity.employment_contract:
        return Verdict(False, _("There is no employment contract."))
    return YES


def may_record_visit(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """After the referral, once (A7). What the insured tells of it needs no consent to be recorded."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    one = open_one(dossier)
    if one is None or not can_proceed(one.visit):
        return Verdict(False, _("No visit to the occupational physician is waited for."))
    return YES


def may_not_ask(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """After the referral, with a visit or without one, as long as no traject at the employer runs (Z1)."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    one = open_one(dossier)
    if one is None or not can_proceed(one.not_ask):
        return Verdict(
            False, _("There is no referral to the occupational physician about which to decide this.")
        )
    return YES


def may_start(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Whoever asked for it, and wherever the dossier stands: also when the employer began it himself (Z7)."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR) and has_employer(dossier)):
        return verdict
    if running(dossier):
        return Verdict(False, _("A traject at the employer is running already."))
    return YES


def may_end(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if running(dossier) else Verdict(False, _("No traject at the employer is running."))
