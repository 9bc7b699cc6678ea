"""The plan as a machine: every state × fact; and who may do what in which state of the formal part."""

from django.db import transaction

from tests.machines import Named, Play
from tests.plan.conftest import COORDINATOR, DOCTOR, LEAD, MEDICAL, PlanCase, contents, later
from tests.tables import cells
from tnw.core.policies import Verdict
from trajects.models import ReintegrationPlan
from trajects.policies import actions as action_policies
from trajects.policies import plan as policies
from trajects.steps import steps

FACTS: Named = {
    "part": ("reintegration_started", "", {"condition": 1}),
    "version_1": ("plan_agreed", "", {"version": 1}),
    "version_2": ("plan_agreed", "", {"version": 2}),
    "evaluated": ("plan_evaluated", "", {}),
    "reviewed": ("plan_reviewed", "", {"with_interview": False}),
}
PLAN = Play(
    ReintegrationPlan,
    FACTS,
    {
        "none": "part",
        "agreed": "part version_1",
        "superseded": "part version_1 version_2",
        "evaluated": "part version_1 evaluated",
        "again": "part version_1 evaluated part",
    },
)
# `superseded` is of the first of two versions; the row that is looked at is the second.
TABLE = """
fact       none     agreed     superseded  evaluated  again
version_1  +agreed  -          -           -          +agreed
version_2  +agreed  +agreed    -           +agreed    +agreed
evaluated  -        evaluated  evaluated   -          -
reviewed   =        =          =           =          =
"""
CALLED = {"superseded": "agreed", "again": "evaluated"}


def test_z4_z6_every_fact_in_every_state_of_a_plan() -> None:
    assert PLAN.faults(TABLE, CALLED) == []
    assert PLAN.lacks(TABLE, {"again": "evaluated"}) == set()
    made, illegal = PLAN.folded("part", "version_1", "version_2")
    assert illegal == ()
    assert [(one.part, one.version, one.state) for one in made if isinstance(one, ReintegrationPlan)] == [
        (1, 1, "superseded"),
        (1, 2, "agreed"),
    ]


# C coordinator, D advisory doctor, M medical team, L team lead; nobody else sees a dossier.
ROLES = """
act      signing  planning  planning_suspended  review  review_suspended  evaluated  ended
write    -        C         C                   C       C                 -          -
meet     -        C         C                   C       C                 -          -
agree    -        C         C                   C       C                 -          -
review   -        -         -                   C       C                 C          -
done     -        -         -                   C       C                 -          -
action   CDM      CDM       CDM                 CDM     CDM               CDM        CDM
read     CDML     CDML      CDML                CDML    CDML              CDML       CDML
"""
PEOPLE = {"C": COORDINATOR, "D": DOCTOR, "M": MEDICAL, "L": LEAD}


def _stand(case: PlanCase, state: str) -> None:
    if state == "signing":
        case.record("declaration_voided", "d-1")
        return
    if state.startswith(("review", "evaluated", "ended")):
        case.record("plan_agreed", version=1)
    if state == "evaluated":
        case.record("plan_evaluated")
    if state == "ended":
        case.record("reintegration_ended", result="no_result")
    if state.endswith("suspended"):
        case.on(later(3)).record("traject_suspended", reason="other")


def _verdict(case: PlanCase, act: str, letter: str) -> Verdict:
    actor = case.people[PEOPLE[letter]]
    if act == "read":
        return policies.may_read_plan(actor)
    policy = {
        "write": policies.may_write_plan,
        "meet": policies.may_hold_meeting,
        "agree": policies.may_agree,
        "review": policies.may_review,
        "done": policies.may_mark_done,
        "action": action_policies.may_record_action,
    }[act]
    return policy(actor, case.dossier, case.day)


def test_z4_z6_who_may_do_what_in_which_state(case: PlanCase) -> None:
    wrong = []
    day = case.day
    columns: dict[str, list[tuple[str, str]]] = {}
    for act, state, expected in cells(ROLES):
        columns.setdefault(state, []).append((act, expected))
    for state, expectations in columns.items():
        with transaction.atomic():
            _stand(case, state)
            for act, expected in expectations:
                allowed = {letter for letter in PEOPLE if _verdict(case, act, letter)}
                reasons = [str(_verdict(case, act, letter).reason) for letter in set(PEOPLE) - allowed]
                if allowed != set(expected) - {"-"} or not all(reasons):
                    wrong.append((act, state, allowed))
            transaction.set_rollback(True)
        case.day = day
    assert wrong == []


def _steps(case: PlanCase) -> dict[tuple[str, str], bool]:
    """The steps of the coordinator about the plan, and whether each carries the dossier on."""
    found = steps(case.dossier, case.people[COORDINATOR], case.day)
    acts = ("hold-meeting", "edit-plan", "review-plan", "plan-action")
    return {
        (one.act, "planned" if len(one.subject) > 20 else one.subject): one.main
        for one in found
        if one.verdict and (one.act in acts or one.subject == "plan_meeting")
    }


def test_t11_t12_the_steps_lead_from_the_interview_to_the_reviews(case: PlanCase) -> None:
    meeting, planned = ("plan", "plan_meeting"), ("hold-meeting", "planned")
    assert _steps(case) == {meeting: True, ("hold-meeting", ""): False, ("edit-plan", ""): False}
    subject = case.plan(later(7), purpose="plan_meeting")
    assert meeting not in _steps(case)
    case.on(later(7))
    assert _steps(case)[planned]
    case.meet_for_plan(subject)
    assert _steps(case) == {meeting: False, ("hold-meeting", ""): False, ("edit-plan", ""): True}
    case.agree(contents())
    assert _steps(case) == {
        meeting: False,
        ("hold-meeting", ""): False,
        ("edit-plan", ""): False,
        ("review-plan", ""): True,
        ("plan-action", ""): False,
    }
