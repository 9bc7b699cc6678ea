"""The referral to the occupational physician: who may propose and make it, and when it is the next step (A7, B4)."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing.policies import employer as policies
from tnw.accounts.models import Actor, Role
from trajects.models import EmployerTraject
from trajects.models.employer import EmployerState as S
from trajects.models.traject import FirstStep
from trajects.policies.contacts import running_traject
from trajects.policies.employer import has_employer, latest, open_one

COORDINATOR = Role.COORDINATOR


def steps(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    """Nothing where there is no employer, or where the route has not come to it."""
    of = EmployerTraject.NAME
    one = open_one(dossier)
    refer = Step("refer-physician", policies.may_refer(actor, dossier, today), COORDINATOR, of=of)
    if one is None:
        propose = policies.may_propose(actor, dossier, today)
        yield Step("propose-referral", propose, COORDINATOR, main=False, of=of)
        yield refer._replace(main=bool(has_employer(dossier)) and _is_next(dossier))
    elif one.state in (S.PROPOSED, S.AGREED):
        answered = one.state == S.AGREED
        may = policies.may_answer(actor, dossier, today)
        yield Step("answer-referral", may, COORDINATOR, main=not answered, of=of)
        yield refer._replace(main=answered)


def _is_next(dossier: Dossier) -> bool:
    """The first step of the traject, or of the contact of route B, while no referral was ever spoken of."""
    if latest(dossier):
        return False
    if traject := running_traject(dossier):
        return traject.first_step == FirstStep.EMPLOYER
    return policies.at_contact_of_b(dossier)
