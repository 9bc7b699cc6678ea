"""What comes next with the employer: after the referral, and while a traject runs there (A7, Z7, Z9)."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models import EmployerTraject
from trajects.models.employer import EmployerState as S
from trajects.policies import employer as policies

COORDINATOR = Role.COORDINATOR


def steps(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    """Of the one that is open; that the employer began one himself can always be recorded."""
    one = policies.open_one(dossier)
    state = one.state if one else ""
    of = EmployerTraject.NAME
    if state == S.REFERRED:
        may = policies.may_record_visit(actor, dossier, today)
        yield Step("record-visit", may, COORDINATOR, of=of)
    if state == S.RUNNING:
        yield Step(
            "end-employer-traject", policies.may_end(actor, dossier, today), COORDINATOR, main=False, of=of
        )
        return
    start = policies.may_start(actor, dossier, today)
    yield Step("start-employer-traject", start, COORDINATOR, main=state == S.ASKED, of=of)
    if state in (S.REFERRED, S.VISITED, S.ASKED):
        decide = policies.may_not_ask(actor, dossier, today)
        yield Step("no-employer-traject", decide, COORDINATOR, main=state == S.VISITED, of=of)
