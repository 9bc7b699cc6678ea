"""Who may do what with a training, and in which state (H1 to H3; domain.md section 8)."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.policies import in_person, may_record
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models import TrainingProject
from trajects.models.training import TrainingState
from trajects.policies.contacts import NO_TRAJECT, running_traject

NOT_ADVISED = Verdict(False, _("This training is not waiting for the advice of the advisory doctor."))
NOT_TO_SUBMIT = Verdict(
    False, _("Only a training with a favourable advice of the advisory doctor is submitted.")
)
NOT_SUBMITTED = Verdict(False, _("This training is not with RIZIV for a review."))
NOT_REVIEWED = Verdict(False, _("The team of RIZIV has to review this training first."))
NOT_DECIDED = Verdict(False, _("There is no decision on this training yet."))
NOT_RUNNING = Verdict(False, _("This training is not running."))
NOT_BEGUN = Verdict(False, _("This training has not begun yet."))
IS_OVER = Verdict(False, _("This training is over."))
LETTER_SENT = Verdict(False, _("The registered letter of this decision was sent already."))


def may_propose(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator records what the insured or the mediator of the regional service proposes, in a running traject."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if running_traject(dossier) else NO_TRAJECT


def may_advise(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """The advisory doctor, on its compatibility with the state of health; anew as long as it is not submitted."""
    if not (verdict := in_person(actor, dossier, on, Role.ADVISORY_DOCTOR)):
        return verdict
    return YES if can_proceed(one.advise) else NOT_ADVISED


def may_submit(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """The coordinator, also once the traject has ended: what began in it goes on."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if can_proceed(one.submit) else NOT_TO_SUBMIT


def may_review(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """What the team of RIZIV found."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if can_proceed(one.review) else NOT_SUBMITTED


def may_decide(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """What the HCGRI decided."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if can_proceed(one.decide) else NOT_REVIEWED


def may_send_letter(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """A refusal is told by registered letter; an approval where the fund wants it (H2). Once."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if one.decided_on is None or not can_proceed(one.send_letter):
        return NOT_DECIDED
    return LETTER_SENT if one.letter_on else YES


def may_complete(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """With success or without, once it has begun."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if not can_proceed(one.complete):
        return NOT_RUNNING
    return NOT_BEGUN if one.starts_on and on < one.starts_on else YES


def may_break_off(actor: Actor, dossier: Dossier, one: TrainingProject, on: date) -> Verdict:
    """Given up, before the decision or after it."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if can_proceed(one.break_off) else IS_OVER


def letter_lacks(one: TrainingProject) -> bool:
    """Whether a refusal was not told by registered letter yet (H2)."""
    return one.state == TrainingState.REFUSED and one.letter_on is None
