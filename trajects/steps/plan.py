"""What can be done next with the plan of a formal part: interview, agreement, review (T11, T12)."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models import ReintegrationPlan, ReintegrationTraject
from trajects.models.appointment import Purpose
from trajects.models.reintegration import ReintegrationState
from trajects.policies import plan as policies
from trajects.policies.reintegration import running_part
from trajects.reading import planned


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """In the order in which it goes: the interview, the plan, its reviews; once evaluated the reviews alone (T12)."""
    part = running_part(dossier)
    if part is None:
        return []
    if part.stage not in policies.PLANNED:
        return [_review(dossier, actor, today)] if part.stage in policies.REVIEWED else []
    return [*_meeting(dossier, part, actor, today), *_plan(dossier, part, actor, today)]


def _meeting(dossier: Dossier, part: ReintegrationTraject, actor: Actor, today: date) -> Iterator[Step]:
    """Due once the declaration is complete (T11); a second interview when it is needed (Z4)."""
    waits = part.stage == ReintegrationState.PLANNING and part.met_on is None
    may = policies.may_hold_meeting(actor, dossier, today)
    waited_for = planned(dossier, Purpose.PLAN_MEETING)
    if not waited_for:
        yield Step(
            "plan", may, Role.COORDINATOR, ("T11",) if waits else (), Purpose.PLAN_MEETING, main=waits,
            of=ReintegrationPlan.NAME,
        )  # fmt: skip
    rules = () if waited_for else ("T11",)
    yield Step("hold-meeting", may, Role.COORDINATOR, rules, main=False, of=ReintegrationPlan.NAME)


def _plan(dossier: Dossier, part: ReintegrationTraject, actor: Actor, today: date) -> Iterator[Step]:
    """Agreed after the interview; reviewed every three months from then on (Z6)."""
    planning = part.stage == ReintegrationState.PLANNING
    write = policies.may_agree(actor, dossier, today)
    yield Step(
        "edit-plan",
        write,
        Role.COORDINATOR,
        main=planning and part.met_on is not None,
        of=ReintegrationPlan.NAME,
    )
    if not planning:
        yield _review(dossier, actor, today)
        done = policies.may_mark_done(actor, dossier, today)
        yield Step("plan-action", done, Role.COORDINATOR, main=False, of=ReintegrationPlan.NAME)


def _review(dossier: Dossier, actor: Actor, today: date) -> Step:
    may = policies.may_review(actor, dossier, today)
    return Step("review-plan", may, Role.COORDINATOR, ("T12",), of=ReintegrationPlan.NAME)
