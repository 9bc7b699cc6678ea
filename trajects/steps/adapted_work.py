"""What can be done next with each adapted work: by whom, and for which deadline."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from tnw.core.policies import Verdict
from trajects.models import AdaptedWork
from trajects.models.adapted_work import AdaptedWorkState
from trajects.policies import adapted_work as policies

S = AdaptedWorkState
DOCTOR, COORDINATOR = Role.ADVISORY_DOCTOR, Role.COORDINATOR
NAME = AdaptedWork.NAME


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """Of each adapted work, the earliest start first; then that another can be planned, with a traject or without."""
    works = sorted(dossier.adapted_works.all(), key=lambda one: (one.starts_on, one.pk))
    planned = [one for one in works if one.state == S.PLANNED]
    plan = policies.may_plan(actor, dossier, today)
    return [
        *(
            step
            for one in works
            # Of several that wait for their declaration the first one carries the deadline: it is the nearest.
            for step in _of(dossier, one, actor, today, ("T15",) if planned[:1] == [one] else ())
        ),
        Step("plan-adapted-work", plan, COORDINATOR, main=False, of=NAME),
    ]


def _of(
    dossier: Dossier, one: AdaptedWork, actor: Actor, today: date, rules: tuple[str, ...]
) -> Iterator[Step]:
    who = (actor, dossier, one, today)
    if one.state == S.PLANNED:
        declare = _step("declare-adapted-work", one, policies.may_declare(*who), main=True)
        yield declare._replace(rules=rules)
    if one.state in (S.PLANNED, S.DECLARED):
        yield _step("replan-adapted-work", one, policies.may_replan(*who))
    if one.state == S.DECLARED:
        yield _step("permit-adapted-work", one, policies.may_permit(*who), DOCTOR, main=True)
        # One decision: for whoever does not take it, it is said once.
        refuse = policies.may_refuse(*who)
        yield _step("refuse-adapted-work", one, refuse, DOCTOR, main=bool(refuse))
    if one.state == S.PERMITTED:
        yield _step("permit-adapted-work", one, policies.may_permit(*who), DOCTOR)
        past = one.permitted_to is not None and one.permitted_to < today
        yield _step("end-adapted-work", one, policies.may_end(*who), main=past)
    if one.state in (S.PLANNED, S.DECLARED, S.PERMITTED):
        yield _step("cancel-adapted-work", one, policies.may_cancel(*who))


def _step(
    act: str, one: AdaptedWork, verdict: Verdict, whose: str = COORDINATOR, *, main: bool = False
) -> Step:
    return Step(act, verdict, whose, subject=one.subject, main=main, of=NAME)
