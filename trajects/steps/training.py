"""What can be done next with each training: by whom, and why not."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from tnw.core.policies import Verdict
from trajects.models import TrainingProject
from trajects.models.training import TrainingState
from trajects.policies import training as policies

S = TrainingState
DOCTOR, COORDINATOR = Role.ADVISORY_DOCTOR, Role.COORDINATOR
NAME = TrainingProject.NAME


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """Of each training, the one proposed first first; then that another can be proposed."""
    trainings = sorted(dossier.trainings.all(), key=lambda one: (one.proposed_on, one.pk))
    propose = policies.may_propose(actor, dossier, today)
    return [
        *(step for one in trainings for step in _of(dossier, one, actor, today)),
        Step("propose-training", propose, COORDINATOR, main=False, of=NAME),
    ]


def _of(dossier: Dossier, one: TrainingProject, actor: Actor, today: date) -> Iterator[Step]:
    who = (actor, dossier, one, today)
    if one.state in (S.PROPOSED, S.ADVISED, S.ADVISED_AGAINST):
        asked = one.state == S.PROPOSED
        yield _step("advise-training", one, policies.may_advise(*who), DOCTOR, main=asked)
    if one.state == S.ADVISED:
        yield _step("submit-training", one, policies.may_submit(*who), main=True)
    if one.state == S.SUBMITTED:
        yield _step("training-review", one, policies.may_review(*who), main=True)
    if one.state == S.REVIEWED:
        yield _step("training-decision", one, policies.may_decide(*who), main=True)
    # A refusal is told by letter; an approval where the fund wants it, as long as the training runs.
    if one.state in (S.APPROVED, S.REFUSED) and not one.letter_on:
        refused = policies.letter_lacks(one)
        yield _step("training-letter", one, policies.may_send_letter(*who), main=refused)
    if one.state == S.APPROVED:
        past = bool(one.ends_on and one.ends_on < today)
        yield _step("complete-training", one, policies.may_complete(*who), main=past)
    yield _step("break-off-training", one, policies.may_break_off(*who), main=False)


def _step(act: str, one: TrainingProject, verdict: Verdict, whose: str = COORDINATOR, *, main: bool) -> Step:
    return Step(act, verdict, whose, subject=one.subject, main=main, of=NAME)
