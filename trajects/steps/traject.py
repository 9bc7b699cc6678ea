"""What can be done next with the traject as a whole: its first step, looking back on it, ending it, the next contact."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models import Traject
from trajects.models.appointment import Purpose
from trajects.models.traject import FirstStep
from trajects.policies import contacts
from trajects.policies import traject as policies
from trajects.policies.contacts import running_traject
from trajects.reading import planned


def steps(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    """Evaluated, it waits for its end; the insured can stop it at any moment (P3).

    The next contact comes last: what the traject itself waits for goes before it.
    """
    if (traject := running_traject(dossier)) is None:
        return
    step = contacts.may_choose_step(actor, dossier, today, FirstStep.GUIDANCE)
    yield Step("first-step", step, Role.COORDINATOR, main=False, of=Traject.NAME)
    evaluated = traject.evaluated_on is not None
    may = policies.may_end(actor, dossier, today)
    if not evaluated:
        may_evaluate = policies.may_evaluate(actor, dossier, today)
        yield Step("evaluate-traject", may_evaluate, Role.COORDINATOR, main=False, of=Traject.NAME)
    yield Step("end-traject", may, Role.COORDINATOR, main=evaluated, of=Traject.NAME)
    may_stop = policies.may_stop(actor, dossier, today)
    yield Step("stop-traject", may_stop, Role.COORDINATOR, main=False, of=Traject.NAME)
    may_plan = contacts.may_contact(actor, dossier, today, Purpose.FOLLOW_UP)
    # N1: a running traject without a planned contact falls silent.
    silent = not planned(dossier)
    yield Step("plan", may_plan, Role.COORDINATOR, subject=Purpose.FOLLOW_UP, main=silent, of=Traject.NAME)
