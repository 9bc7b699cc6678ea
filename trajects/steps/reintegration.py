"""What can be done next with the formal part: its start, its suspensions, its end."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models import ReintegrationTraject
from trajects.models.reintegration import ReintegrationState
from trajects.policies import reintegration as policies
from trajects.policies.contacts import running_traject

NAME, COORDINATOR = ReintegrationTraject.NAME, Role.COORDINATOR


def steps(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    """A traject without a formal part can begin one; one that is evaluated waits for its end (Z8)."""
    part = policies.running_part(dossier)
    if part is None:
        if running_traject(dossier):
            may = policies.may_start(actor, dossier, today)
            yield Step("start-reintegration", may, COORDINATOR, main=False, of=NAME)
        return
    evaluated = part.stage == ReintegrationState.EVALUATED
    if part.state == ReintegrationState.SUSPENDED:
        may = policies.may_resume(actor, dossier, today)
        yield Step("resume-reintegration", may, COORDINATOR, main=False, of=NAME)
    else:
        may = policies.may_suspend(actor, dossier, today)
        yield Step("suspend-reintegration", may, COORDINATOR, main=False, of=NAME)
    if part.stage == ReintegrationState.IN_REVIEW:
        may = policies.may_evaluate_plan(actor, dossier, today)
        yield Step("evaluate-plan", may, COORDINATOR, main=False, of=NAME)
    end = policies.may_end(actor, dossier, today)
    yield Step("end-reintegration", end, COORDINATOR, main=evaluated, of=NAME)
